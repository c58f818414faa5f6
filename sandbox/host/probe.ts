import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Sshd } from './sshd.ts'

const PROBE_MS = 5000

interface Key {
  readonly username: string
  readonly privateKey: string
  readonly certKey: string
}

const isKey = (given: Readonly<Record<string, unknown>>): given is Readonly<Record<string, unknown>> & Key =>
  ['username', 'privateKey', 'certKey'].every((name) => typeof given[name] === 'string')

/**
 * Gets in once, before the bot is told that it can: an account without a shell, or a system with rules of its own, would look like a host in
 * trouble. Rejects with what ssh says.
 */
export async function probe(sshd: Sshd, folder: string): Promise<void> {
  const given = sshd.access()
  if (!isKey(given)) throw new Error('there is no key')
  const at = join(folder, 'probe')
  mkdirSync(at, { mode: 0o700 })
  writeFileSync(join(at, 'key'), `${given.privateKey}\n`, { mode: 0o600 })
  writeFileSync(join(at, 'key-cert.pub'), `${given.certKey}\n`, { mode: 0o600 })
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'LogLevel=ERROR',
  ]
  const args = ['-F', 'none', '-T', '-i', join(at, 'key'), '-p', String(sshd.port), ...options.flatMap((option) => ['-o', option])]
  try {
    await new Promise<void>((resolve, reject) => {
      execFile(
        'ssh',
        [...args, '--', `${given.username}@127.0.0.1`, 'systemctl show -- nobody.service'],
        { timeout: PROBE_MS },
        (error, _out, said) => (error === null ? resolve() : reject(new Error(said.trim().split('\n').at(-1) || 'it did not let us in'))),
      )
    })
  } finally {
    rmSync(at, { recursive: true })
  }
}
