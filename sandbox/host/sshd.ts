import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'

import { freePort } from '../world/loopback.ts'

/** A real sshd on loopback that trusts a certificate authority of its own, as Lightsail's instances trust theirs. */

const PLACES = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd']
const SSHD = PLACES.find((path) => existsSync(path))

export interface AccessWishes {
  /** Whom the certificate is for: the user that sshd runs as, unless somebody else is named. */
  readonly principal?: string
  /** What `ssh-keygen -V` takes. */
  readonly validity?: string
  readonly hostKey?: 'other' | 'none'
}

export interface Sshd {
  readonly port: number
  /** As `GetInstanceAccessDetails` gives them, with a key and a certificate of their own. */
  access(wishes?: AccessWishes): Record<string, unknown>
  /** Nobody listens there any more. */
  close(): Promise<void>
  /** Listens there again. */
  open(): Promise<void>
}

export interface SshdOptions {
  /** Where keys and settings go; a folder that only we may open. */
  readonly folder: string
  /** Where programs are found by whoever connects. */
  readonly path: string
}

/** Which program is missing for it; null: none. */
export function missingForSshd(path = process.env['PATH'] ?? ''): 'sshd' | 'ssh' | 'ssh-keygen' | null {
  if (SSHD === undefined) return 'sshd'
  const folders = path.split(delimiter)
  return (['ssh', 'ssh-keygen'] as const).find((name) => !folders.some((folder) => existsSync(join(folder, name)))) ?? null
}

const keygen = (...args: string[]): void => {
  execFileSync('ssh-keygen', ['-q', ...args], { stdio: 'ignore' })
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** The programs of the host come first whatever the person's own shell makes of PATH: what was asked for is told to a shell of ours. */
function writeDoor(file: string, path: string): void {
  writeFileSync(file, `#!/bin/sh\nPATH=${quoted(path)}; export PATH\nexec /bin/sh -c "$SSH_ORIGINAL_COMMAND"\n`, { mode: 0o700 })
}

function settingsOf(at: (name: string) => string, port: number): string {
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey "${at('host')}"`,
    `TrustedUserCAKeys "${at('ca.pub')}"`,
    'AuthorizedKeysFile none',
    'AuthenticationMethods publickey',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'StrictModes no',
    'PidFile none',
    'PermitRootLogin prohibit-password',
    'DisableForwarding yes',
    `ForceCommand ${quoted(at('door'))}`,
  ]
  return `${settings.join('\n')}\n`
}

/** Resolves when somebody listens there. */
function listening(port: number, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      if (child.exitCode !== null || child.signalCode !== null) {
        reject(new Error('sshd ended as soon as it was started'))
        return
      }
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', () => setTimeout(attempt, 20))
    }
    child.once('error', reject)
    attempt()
  })
}

/** One process that listens; `open` and `close` may be called in any order and any number of times. */
function createListener(port: number, config: string): Pick<Sshd, 'open' | 'close'> {
  let child: ChildProcess | undefined
  const close = async (): Promise<void> => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise((resolve) => running.once('close', resolve))
    running.kill('SIGKILL')
    await gone
  }
  return {
    close,
    async open() {
      if (child !== undefined) return
      const mine = spawn(SSHD ?? 'sshd', ['-D', '-e', '-f', config], { stdio: 'ignore' })
      child = mine
      try {
        await listening(port, mine)
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}

export async function startSshd({ folder, path }: SshdOptions): Promise<Sshd> {
  const at = (name: string): string => join(folder, name)
  const { username } = userInfo()
  for (const name of ['host', 'other', 'ca']) keygen('-t', 'ed25519', '-N', '', '-f', at(name))
  // sshd as root wants this folder; it is part of every system that runs one.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const port = await freePort()
  writeDoor(at('door'), path)
  writeFileSync(at('sshd_config'), settingsOf(at, port))
  const listener = createListener(port, at('sshd_config'))
  await listener.open()
  let serial = 0
  return {
    port,
    ...listener,
    access: ({ principal = username, validity = '-1m:+5m', hostKey } = {}) => {
      serial += 1
      const key = at(`session-${serial}`)
      keygen('-t', 'ed25519', '-N', '', '-f', key)
      keygen('-s', at('ca'), '-I', 'jada', '-n', principal, '-V', validity, `${key}.pub`)
      const [privateKey, certKey] = [key, `${key}-cert.pub`].map((file) => readFileSync(file, 'utf8').trim())
      for (const file of [key, `${key}.pub`, `${key}-cert.pub`]) rmSync(file)
      const [algorithm = '', publicKey = ''] = readFileSync(at(hostKey === 'other' ? 'other.pub' : 'host.pub'), 'utf8').split(' ')
      return {
        protocol: 'ssh',
        ipAddress: '127.0.0.1',
        username,
        instanceName: 'jada-prod',
        password: '',
        privateKey,
        certKey,
        hostKeys: hostKey === 'none' ? [] : [{ algorithm, publicKey, fingerprintSHA256: 'SHA256:x' }],
      }
    },
  }
}
