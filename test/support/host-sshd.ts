import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'

/** A real sshd on loopback, that trusts a certificate authority of the test, as Lightsail's instances trust theirs. */

export const hasSshd = existsSync('/usr/sbin/sshd')
if (!hasSshd) {
  const said = 'openssh-server is not installed: the tests of the SSH connection cannot run'
  if (process.env['CI'] === 'true') throw new Error(said)
  process.stderr.write(`SKIPPED: ${said}\n`)
}

const USER = userInfo().username

const keygen = (...args: string[]): void => {
  execFileSync('ssh-keygen', ['-q', ...args], { stdio: 'ignore' })
}

export interface Sshd {
  readonly port: number
  /** As `GetInstanceAccessDetails` gives them. `validity`: what ssh-keygen -V takes. */
  access(options?: { principal?: string; validity?: string; hostKey?: 'other' | 'none' }): Record<string, unknown>
  close(): void
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

/** Resolves when somebody listens there. */
function listening(port: number, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      if (child.exitCode !== null) {
        reject(new Error('sshd ended'))
        return
      }
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', () => setTimeout(attempt, 20))
    }
    attempt()
  })
}

/** `path`: where programs are found by whoever connects. */
export async function startSshd(folder: string, path: string): Promise<Sshd> {
  const at = (name: string): string => join(folder, name)
  for (const name of ['host', 'other', 'ca', 'client']) keygen('-t', 'ed25519', '-N', '', '-f', at(name))
  // sshd as root wants this folder; it is part of every system that runs one.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const port = await freePort()
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('host')}`,
    `TrustedUserCAKeys ${at('ca.pub')}`,
    'AuthorizedKeysFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'StrictModes no',
    'PidFile none',
    'PermitRootLogin prohibit-password',
    `SetEnv PATH=${path}`,
  ]
  writeFileSync(at('sshd_config'), `${settings.join('\n')}\n`)
  chmodSync(folder, 0o755)
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', at('sshd_config')], { stdio: 'ignore' })
  await listening(port, child)
  let serial = 0
  return {
    port,
    access: ({ principal = USER, validity = '-1m:+5m', hostKey } = {}) => {
      serial += 1
      const key = at(`session-${serial}`)
      keygen('-t', 'ed25519', '-N', '', '-f', key)
      keygen('-s', at('ca'), '-I', 'jada', '-n', principal, '-V', validity, `${key}.pub`)
      const [algorithm = '', publicKey = ''] = readFileSync(at(hostKey === 'other' ? 'other.pub' : 'host.pub'), 'utf8').split(' ')
      return {
        protocol: 'ssh',
        ipAddress: '127.0.0.1',
        username: USER,
        instanceName: 'jada-prod',
        password: '',
        privateKey: readFileSync(key, 'utf8').trim(),
        certKey: readFileSync(`${key}-cert.pub`, 'utf8').trim(),
        hostKeys:
          hostKey === 'none'
            ? []
            : [
                {
                  algorithm,
                  publicKey,
                  fingerprintSHA256: 'SHA256:x',
                },
              ],
      }
    },
    close: () => {
      child.kill('SIGKILL')
    },
  }
}
