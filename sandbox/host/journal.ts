import type { HostFault } from './faults.ts'

/** A day of the old daemon's journal, as `journalctl -o json --reverse` gives it. */

interface Line {
  readonly at: number
  readonly message: string
  /** As in syslog(3). */
  readonly priority: number
}

const CYCLE_MS = 30 * 60_000
const CYCLES = 48
const INFO = 6
const ERROR = 3

const SYNCED = '[port-sheet] synced 12 charters'
/** The two lines that stood there for days while nobody was told. */
const TOKEN_ERROR = ['[port-sheet] token error: HTTP Error 400: Bad Request', '[port-sheet] retrying in 30 minutes'] as const

/** The cycle that ended at `at`, newest line first. */
function cycle(at: number, index: number, isBroken: boolean): Line[] {
  const sync = isBroken
    ? [
        { at: at + 40, message: TOKEN_ERROR[1], priority: INFO },
        { at, message: TOKEN_ERROR[0], priority: ERROR },
      ]
    : [{ at, message: SYNCED, priority: INFO }]
  // Sessions of the day, at most five.
  const session = index % 11 === 5 ? [{ at: at - 600_000, message: `[dashboard] session done in ${7 + index} turns`, priority: INFO }] : []
  return [...sync, ...session]
}

/** systemd.exec(5): how the end of a service looks. */
const ending = (unit: string, at: number): Line[] => [
  { at: at + 1, message: `${unit}: Failed with result 'exit-code'.`, priority: 4 },
  { at, message: `${unit}: Main process exited, code=exited, status=1/FAILURE`, priority: ERROR },
]

export function journalOf(unit: string, faulty: ReadonlyMap<HostFault, number>, now: number): string {
  const endedAt = faulty.get('service')
  const cycles = Array.from({ length: CYCLES }, (_, index) => cycle(now - 240_000 - index * CYCLE_MS, index, faulty.has('journal')))
  const all = cycles.flat().filter(({ at }) => endedAt === undefined || at < endedAt)
  const told = endedAt === undefined ? all : [...ending(unit, endedAt), ...all]
  return told
    .map(({ at, message, priority }) =>
      JSON.stringify({ __REALTIME_TIMESTAMP: `${Math.floor(at)}000`, PRIORITY: String(priority), MESSAGE: message }),
    )
    .map((line) => `${line}\n`)
    .join('')
}
