import { missingForSshd, startSshd as start, type Sshd } from '../../sandbox/host/sshd.ts'

export type { Sshd } from '../../sandbox/host/sshd.ts'

/** Without it the tests are skipped loudly; in CI they fail. */
export const hasSshd = missingForSshd() === null
if (!hasSshd) {
  const said = `${missingForSshd()} is not installed: the tests of the SSH connection cannot run`
  if (process.env['CI'] === 'true') throw new Error(said)
  process.stderr.write(`SKIPPED: ${said}\n`)
}

/** `path`: where programs are found by whoever connects. */
export const startSshd = (folder: string, path: string): Promise<Sshd> => start({ folder, path })
