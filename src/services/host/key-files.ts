import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Access } from './lightsail.ts'

/** The files of one SSH connection. They live as long as it does. */

const PREFIX = 'ssh-'

/** Lines of known_hosts for what Lightsail says of the host; whatever is no host key is left out. */
function knownHosts({ address, hostKeys }: Access, port: number): string[] {
  const host = port === 22 ? address : `[${address}]:${port}`
  return hostKeys.flatMap(({ algorithm, publicKey }) => {
    // The key may come with its algorithm in front, and with a comment behind.
    const key = publicKey
      .trim()
      .split(/\s+/)
      .find((part) => /^AAAA[A-Za-z0-9+/]+=*$/.test(part))
    return key !== undefined && /^[a-z0-9@.-]{3,60}$/.test(algorithm) ? [`${host} ${algorithm} ${key}`] : []
  })
}

/** Why these details are no way to a host; null: they are. */
export function accessTrouble(access: Access, port: number): string | null {
  if (isIP(access.address) === 0) return 'Lightsail gave no address of the host'
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(access.username)) return 'Lightsail gave no user name'
  if (access.privateKey.reveal() === '' || access.certificate.reveal() === '') return 'Lightsail gave no certificate'
  return knownHosts(access, port).length === 0 ? 'Lightsail gave no host key, and an unknown host is not trusted' : null
}

const withEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

/** Writes the files into a folder that nobody else may open, and removes it whatever happens. */
export async function withKeyFiles<T>(base: string, access: Access, port: number, use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(base, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(base, PREFIX))
  try {
    const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), withEnd(text), { mode: 0o600, flag: 'wx' })
    // The certificate's name must be the key's with this end, or OpenSSH reads neither.
    await write('key', access.privateKey.reveal())
    await write('key-cert.pub', access.certificate.reveal())
    await write('known_hosts', knownHosts(access, port).join('\n'))
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** At the start: removes what a process that was killed has left. Gives how many folders there were. */
export async function sweepKeyFiles(base: string): Promise<number> {
  const names = await readdir(base).catch(() => [])
  const left = names.filter((name) => name.startsWith(PREFIX))
  for (const name of left) await rm(join(base, name), { recursive: true, force: true })
  return left.length
}
