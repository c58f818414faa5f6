import { isKnown, valueOf, type Figure } from './figure.ts'
import { countIn, HOURS, type Journal } from './journal.ts'
import type { Reading } from './reading.ts'
import { figuresOf, type CheckName, type Facts } from './rules.ts'

/** Each line of the report in words, from what was read. Plain text: views escape it. */

const percent = (value: number): string => `${Math.round(value)} %`

function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(count) / Math.log(1024)))
  const amount = count / 1024 ** power
  return `${amount >= 10 || power === 0 ? Math.round(amount) : Math.round(amount * 10) / 10} ${units[power] ?? 'B'}`
}

function length(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}

const times = (count: number, what: string, more = `${what}s`): string => `${count} ${count === 1 ? what : more}`

const told = <T>(figure: Figure<T>, say: (value: T) => string): string =>
  isKnown(figure) ? say(figure.value) : `unknown, ${figure.unknown}`

function service({ reading, derived }: Facts): string {
  const { unit, unitName, own, at } = reading
  const state = told(unit, ({ active, sub, result, since, memoryBytes }) => {
    const lasting = since === null ? '' : ` for ${length(at - since)}`
    const why = active === 'active' || result === '' || result === 'success' ? '' : `, ${result}`
    const holds = memoryBytes === null ? '' : `, ${bytes(memoryBytes)}`
    return `${active} (${sub})${lasting}${why}${holds}`
  })
  const restarts = valueOf(derived.restarts) ?? 0
  const again = restarts === 0 ? '' : `; ${times(restarts, 'restart')} within the hour`
  const self = own ? "; this is the bot's own service, so its being alive is no evidence" : ''
  return `${unitName} is ${state}${again}${self}`
}

function memory({ reading, derived }: Facts): string {
  const kills = isKnown(reading.journal) ? countIn(reading.journal.value, 'outOfMemory', HOURS) : 0
  const killed = !isKnown(reading.journal)
    ? '; kills for want of memory are unknown'
    : kills === 0
      ? ''
      : `; ${times(kills, 'kill')} for want of memory in 24 h`
  return `${told(derived.memory, (value) => `${percent(value)} of ${bytes(valueOf(reading.memory)?.totalBytes ?? 0)} in use`)}${killed}`
}

function disk({ reading, derived }: Facts): string {
  return told(derived.disk, (value) => {
    const { totalBytes = 0, availableBytes = 0 } = valueOf(reading.disk) ?? {}
    return `${percent(value)} of ${bytes(totalBytes)} used, ${bytes(availableBytes)} free`
  })
}

function cpu({ reading, derived }: Facts): string {
  const burst = reading.cloud === null ? '' : `; burst capacity ${told(reading.cloud.burst, percent)}`
  return `${told(derived.cpu, percent)}${burst}`
}

function statusChecks({ reading: { cloud } }: Facts): string {
  if (cloud === null) return 'none: this host is looked at from inside only'
  const checks = told(cloud.failedChecks, ({ instance, system }) =>
    instance + system === 0
      ? 'no check failed in 15 min'
      : `in 15 min the instance check failed ${times(instance, 'time')}, the system check ${times(system, 'time')}`,
  )
  return `the instance is ${told(cloud.state, (name) => name)}; ${checks}`
}

const COUNTED = [
  ['tokenError', 'token error'],
  ['maxTurns', 'session at its turn limit', 'sessions at their turn limit'],
  ['traceback', 'traceback'],
] as const

function journal({ reading }: Facts): string {
  return told(reading.journal, (day: Journal) => {
    const counts = COUNTED.flatMap(([name, one, more]) => {
      const all = countIn(day, name, HOURS)
      return all === 0 ? [] : [`${times(all, one, more)} (${countIn(day, name, 1)} in the last hour)`]
    })
    const cut = day.cut && day.oldestAt !== null ? `, read back ${length(reading.at - day.oldestAt)} only` : ''
    const odd = day.unreadable === 0 ? '' : `, ${times(day.unreadable, 'line')} unreadable`
    const lines = day.lines === 0 ? 'no line of the service in 24 h' : `${times(day.lines, 'line')} in 24 h${cut}${odd}`
    return [lines, ...counts].join('; ')
  })
}

function clock({ reading }: Facts): string {
  return told(reading.clock, ({ skewMs, synchronized }) => {
    const kernel =
      synchronized === null ? 'the host does not say whether it is synchronized' : synchronized ? 'synchronized' : 'not synchronized'
    return skewMs === null ? kernel : `${kernel}; differs from ours by ${Math.round(Math.abs(skewMs) / 1000)} s`
  })
}

/** What cannot be seen, and why: each reason once. */
function reach({ reading, expected }: Facts): string {
  const figures = Object.entries(figuresOf(reading))
  const missing = figures.flatMap(([name, figure]) => (isKnown(figure) ? [] : [{ name, why: figure.unknown }]))
  if (missing.length === 0) return `all ${figures.length} figures could be read`
  const reasons = [...new Set(missing.map(({ why }) => why))].map(
    (why) =>
      `${missing
        .filter((one) => one.why === why)
        .map(({ name }) => name)
        .join(', ')}: ${why}`,
  )
  const never = missing.every(({ name }) => !expected.includes(name)) ? ' (never seen on this host)' : ''
  return `not seen: ${reasons.join('; ')}${never}`
}

export const WORDS: Readonly<Record<CheckName, (facts: Facts) => string>> = {
  service,
  memory,
  disk,
  cpu,
  'status-checks': statusChecks,
  journal,
  clock,
  reach,
}

export const CHECK_NAMES: Readonly<Record<CheckName, string>> = {
  service: 'Service',
  memory: 'Memory',
  disk: 'Disk',
  cpu: 'CPU',
  'status-checks': 'Status checks',
  journal: 'Journal',
  clock: 'Clock',
  reach: 'Visibility',
}

/** Traffic is told, and has no limit: what is much for a bot differs. */
export function networkWords({ derived }: Pick<Facts, 'derived'>): string {
  return told(derived.network, ({ received, sent }) => `in ${bytes(received)}/s, out ${bytes(sent)}/s`)
}

export const uptimeWords = ({ uptimeMs }: Reading): string => told(uptimeMs, (ms) => `up ${length(ms)}`)
