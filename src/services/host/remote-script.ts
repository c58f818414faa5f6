import { journalTrouble } from './local.ts'
import { createTally, type Journal } from './journal.ts'
import { known, unknown, type Figure } from './figure.ts'
import { parseMeminfo, parseNetDev, parseStat, parseUptime } from './proc.ts'
import type { Memory, Reading } from './reading.ts'
import { parseUnit, UNIT_PROPERTIES } from './unit.ts'

/** More of a journal than this is not sent; the newest comes first. */
const MOST_JOURNAL_BYTES = 4_000_000
const MOST_KERNEL_BYTES = 1_000_000
const MARK = '@@jada '
const END = 'end'

/**
 * What runs on the host: a constant text, told to `/bin/sh` on standard input. The service's name is its only argument, and
 * is always quoted. Lines of the journal begin with a brace, so none can be taken for a mark.
 */
export const SCRIPT = `LC_ALL=C; export LC_ALL
mark() { printf '\\n${MARK}%s\\n' "$1"; }
mark date; date +%s
mark uptime; cat /proc/uptime
mark meminfo; head -n 8 /proc/meminfo
mark stat; head -n 1 /proc/stat
mark net; cat /proc/net/dev
mark disk; df -P -k / | tail -n 1
mark unit; systemctl show --property=${UNIT_PROPERTIES} --timestamp=unix -- "$1" 2>&1
mark clock; timedatectl show --property=NTPSynchronized 2>&1
mark journal; journalctl -u "$1" -o json --output-fields=MESSAGE,PRIORITY --since "@$(( $(date +%s) - 86400 ))" --reverse --no-pager 2>&1 | head -c ${MOST_JOURNAL_BYTES}
mark kernel; journalctl _TRANSPORT=kernel -o json --output-fields=MESSAGE,PRIORITY --since "@$(( $(date +%s) - 86400 ))" --reverse --no-pager 2>&1 | head -c ${MOST_KERNEL_BYTES}
mark any; journalctl -n 1 -o json --output-fields=PRIORITY --no-pager 2>/dev/null | head -c 10000
mark ${END}
`

type Inside = Pick<Reading, 'unit' | 'uptimeMs' | 'memory' | 'cpuTimes' | 'network' | 'disk' | 'clock' | 'journal'>

const LONGEST_SECTION = 20_000

/** df -P: the last line is `device blocks used available capacity mount`. */
function parseDisk(text: string): Memory | null {
  const [, used, available] = /(\d+)\s+(\d+)\s+\d+%/.exec(text) ?? []
  if (used === undefined || available === undefined) return null
  const availableBytes = Number(available) * 1024
  return { totalBytes: Number(used) * 1024 + availableBytes, availableBytes }
}

/** Reads the answer line by line; what it holds does not grow with the journal. */
export function createAnswer(unitName: string, now: number) {
  const sections = new Map<string, string>()
  const tally = createTally(now)
  let section = ''
  let journalBytes = 0
  const figure = <T>(name: string, parse: (text: string) => T | null): Figure<T> => {
    const value = parse(sections.get(name) ?? '')
    return value === null ? unknown(`the host's answer about ${name} is not as expected`, now) : known(value, now)
  }
  const journal = (): Figure<Journal> => {
    const said = sections.get('journal') ?? ''
    const trouble = journalTrouble(said)
    if (trouble !== null) return unknown(trouble, now)
    const kernel = journalTrouble(sections.get('kernel') ?? '')
    if (kernel !== null) tally.kernelUnread(`the kernel's lines could not be read: ${kernel}`)
    const day = tally.journal(journalBytes >= MOST_JOURNAL_BYTES)
    if (day.lines > 0) return known(day, now)
    if (/not found/i.test(said)) return unknown('journalctl is not installed on the host', now)
    return (sections.get('any') ?? '').includes('{') ? known(day, now) : unknown('there is no journal there that this user can see', now)
  }
  return {
    line: (text: string): void => {
      if (text.startsWith(MARK)) {
        section = text.slice(MARK.length)
        sections.set(section, '')
        return
      }
      if (section === 'journal') journalBytes += Buffer.byteLength(text) + 1
      if (section === 'journal' && text.startsWith('{')) {
        tally.add(text)
        return
      }
      if (section === 'kernel' && text.startsWith('{')) {
        tally.addKernel(text)
        return
      }
      const before = sections.get(section) ?? ''
      if (before.length < LONGEST_SECTION) sections.set(section, `${before}${text}\n`.slice(0, LONGEST_SECTION))
    },
    /** True: all of it was said. Without that an exit code means nothing. */
    isWhole: (): boolean => sections.has(END),
    /** `askedAt`: what our clock said while the host looked at its own. */
    inside: (askedAt: number): Inside => ({
      unit: parseUnit(sections.get('unit') ?? '', unitName, now),
      uptimeMs: figure('uptime', (text) => parseUptime(text.trimStart())),
      memory: figure('meminfo', parseMeminfo),
      cpuTimes: figure('stat', parseStat),
      network: figure('net', parseNetDev),
      disk: figure('disk', parseDisk),
      clock: figure('date', (text) => {
        const [, synchronized] = /NTPSynchronized=(yes|no)/.exec(sections.get('clock') ?? '') ?? []
        if (!/^\d{9,12}$/.test(text.trim())) return null
        return { skewMs: Number(text.trim()) * 1000 - askedAt, synchronized: synchronized === undefined ? null : synchronized === 'yes' }
      }),
      journal: journal(),
    }),
  }
}
