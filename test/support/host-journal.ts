import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Debian's systemd-journal-remote, which makes a journal of a text. */
const MAKER = ['/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote'].find((path) => existsSync(path))

/** Without it the tests are skipped loudly; in CI they fail. */
export const hasJournalMaker = MAKER !== undefined
if (!hasJournalMaker) {
  const said = 'systemd-journal-remote is not installed: the tests of reading a journal cannot run'
  if (process.env['CI'] === 'true') throw new Error(said)
  process.stderr.write(`SKIPPED: ${said}\n`)
}

export interface Entry {
  readonly at: number
  readonly message: string | Buffer
  readonly unit?: string
  readonly priority?: number
  /** It is of the kernel, which is no unit. */
  readonly kernel?: boolean
}

const BOOT = '0123456789abcdef0123456789abcdef'

/** The export format, systemd.io/JOURNAL_EXPORT_FORMATS: a value that is no line is given with its length. */
function exported({ at, message, unit = 'jada-agent.service', priority = 6, kernel = false }: Entry): Buffer {
  const lines = [
    `__REALTIME_TIMESTAMP=${at}000`,
    `__MONOTONIC_TIMESTAMP=${at - Date.UTC(2026, 0, 1)}000`,
    `_BOOT_ID=${BOOT}`,
    kernel ? '_TRANSPORT=kernel' : `_SYSTEMD_UNIT=${unit}`,
    `PRIORITY=${priority}`,
  ]
  const body = Buffer.from(message)
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(body.length))
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\nMESSAGE\n`), size, body, Buffer.from('\n\n')])
}

/** A folder with one journal file that holds these entries, oldest first. */
export function makeJournal(folder: string, entries: readonly Entry[]): string {
  const directory = join(folder, 'journal')
  mkdirSync(directory, { recursive: true })
  const text = join(folder, 'entries.export')
  writeFileSync(text, Buffer.concat(entries.map(exported)))
  const { status, stderr } = spawnSync(MAKER ?? '', ['-o', join(directory, 'remote.journal'), text], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`systemd-journal-remote: ${stderr}`)
  return directory
}
