import { isKnown, valueOf, type Figure } from './figure.ts'
import { countIn, HOURS, killsIn, type Journal } from './journal.ts'
import type { Certificate, Reading, UnitState } from './reading.ts'
import { figuresOf, type CheckName, type Facts } from './rules.ts'

/**
 * Each line of the report in words, from what was read. It stands behind a check's name, and alone as a finding of an incident: each has a
 * subject and a verb. Plain text: views escape it.
 */

const percent = (value: number): string => `${Math.round(value)} %`

function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(count) / Math.log(1024)))
  const amount = count / 1024 ** power
  return `${amount >= 10 || power === 0 ? Math.round(amount) : Math.round(amount * 10) / 10} ${units[power] ?? 'B'}`
}

function length(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}

const times = (count: number, what: string, more = `${what}s`): string => `${count} ${count === 1 ? what : more}`

/** What is told of a figure; or what of it is not known, as a subject such as `the use of the disk`, and why. */
type Part = { readonly said: string } | { readonly what: string; readonly why: string }

const part = <T>(figure: Figure<T>, what: string, say: (value: T) => string): Part =>
  isKnown(figure) ? { said: say(figure.value) } : { what, why: figure.unknown }

const all = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`

/** Names with the reason that they share behind them, each reason once. */
function byReason(missing: readonly { readonly what: string; readonly why: string }[]): { why: string; whats: string[] }[] {
  const reasons = [...new Set(missing.map(({ why }) => why))]
  return reasons.map((why) => ({ why, whats: missing.filter((one) => one.why === why).map(({ what }) => what) }))
}

/** What is known, then what is not: a line that can stand alone. */
function line(parts: readonly Part[], between = '; '): string {
  const said = parts.flatMap((one) => ('said' in one ? [one.said] : []))
  const missing = parts.flatMap((one) => ('said' in one ? [] : [one]))
  const unknowns = byReason(missing).map(({ why, whats }) => `${all(whats)} ${whats.length === 1 ? 'is' : 'are'} unknown (${why})`)
  return [...(said.length === 0 ? [] : [said.join(between)]), ...unknowns].join('; ')
}

/** Results of systemd.exec(5) and systemd.service(5), each with its own word behind it for whoever looks it up. */
const RESULTS: Readonly<Record<string, string>> = {
  'exit-code': 'it ended with an error',
  signal: 'somebody or something ended it',
  'core-dump': 'it crashed',
  timeout: 'it did not start or stop in time',
  watchdog: 'it hung, so systemd ended it',
  'start-limit-hit': 'it failed so often that systemd no longer starts it',
  resources: 'the server lacks something it needs',
  protocol: 'it did not report to systemd as it should',
  'oom-kill': 'the kernel ended it because memory ran out',
}

function doing({ active, sub, since }: UnitState, at: number): string {
  const lasting = (words: string, doing: string): string => (since === null ? `is ${doing}` : `has been ${words} for ${length(at - since)}`)
  const ago = (words: string, never: string): string => (since === null ? never : `${words} ${length(at - since)} ago`)
  switch (active) {
    case 'active':
      return lasting(sub === 'running' ? 'running' : `active (${sub})`, sub === 'running' ? 'running' : `active (${sub})`)
    case 'failed':
      return ago('failed', 'has failed')
    case 'inactive':
      return ago('stopped', 'does not run')
    case 'activating':
      return lasting('starting', 'starting')
    case 'deactivating':
      return lasting('stopping', 'stopping')
    default:
      return `is ${active} (${sub})`
  }
}

function service({ reading, derived }: Facts): string {
  const { unit, unitName, own, at } = reading
  const state = part(unit, `the state of ${unitName}`, (value) => {
    const { active, result, memoryBytes } = value
    const isWell = active === 'active' || result === '' || result === 'success'
    const why = isWell ? '' : `: ${RESULTS[result] ?? 'systemd gives a reason'} (${result})`
    const holds = memoryBytes === null ? '' : `, and uses ${bytes(memoryBytes)} of memory`
    return `${unitName} ${doing(value, at)}${why}${holds}`
  })
  const again = part(derived.restarts, 'how often it restarted', (count) =>
    count === 0 ? '' : `it restarted ${count === 1 ? 'once' : `${count} times`} within the last hour`,
  )
  const told = line([state, again].filter((one) => !('said' in one) || one.said !== ''))
  return own ? `${told}; this is the bot's own service, so that it runs is no evidence` : told
}

function memory({ reading, derived }: Facts): string {
  const kills = killsIn(reading.journal, HOURS)
  const use = part(
    derived.memory,
    'the use of memory',
    (value) => `${percent(value)} of ${bytes(valueOf(reading.memory)?.totalBytes ?? 0)} of memory is in use`,
  )
  const killed = part(
    kills,
    'whether the kernel ended processes because memory ran out',
    (count) => `in the last 24 h the kernel ended ${times(count, 'process', 'processes')} because memory ran out`,
  )
  return line(valueOf(kills) === 0 ? [use] : [use, killed])
}

function disk({ reading, derived }: Facts): string {
  return line([
    part(derived.disk, 'the use of the disk', (value) => {
      const { totalBytes = 0, availableBytes = 0 } = valueOf(reading.disk) ?? {}
      return `${percent(value)} of the disk's ${bytes(totalBytes)} is used, and ${bytes(availableBytes)} is free`
    }),
  ])
}

function cpu({ reading, derived }: Facts): string {
  const use = part(derived.cpu, 'the use of the CPU', (value) => `${percent(value)} of the CPU is in use`)
  if (reading.cloud === null) return line([use])
  const burst = part(reading.cloud.burst, 'the burst capacity that is left', (value) => `${percent(value)} of its burst capacity is left`)
  return line([use, burst], ', and ')
}

function statusChecks({ reading: { cloud } }: Facts): string {
  if (cloud === null) return 'there are none, because this server is looked at from inside only'
  const failed = (name: string, minutes: number): string[] =>
    minutes === 0 ? [] : [`the ${name} check failed in ${minutes} of the last 15 minutes`]
  return line([
    part(cloud.state, 'the state of the instance', (name) => `the instance is ${name}`),
    part(cloud.failedChecks, 'whether its status checks pass', ({ instance, system }) =>
      instance + system === 0
        ? 'no status check failed in the last 15 minutes'
        : [...failed('instance', instance), ...failed('system', system)].join(', and '),
    ),
  ])
}

const COUNTED = [
  ['tokenError', 'token error'],
  ['maxTurns', 'session that used all its turns', 'sessions that used all their turns'],
  ['traceback', 'error trace'],
] as const

function journal({ reading }: Facts): string {
  return line([
    part(reading.journal, "what the service's journal says", (day: Journal) => {
      const counts = COUNTED.flatMap(([name, one, more]) => {
        const count = countIn(day, name, HOURS)
        return count === 0 ? [] : [`${times(count, one, more)} (${countIn(day, name, 1)} in the last hour)`]
      })
      if (day.lines === 0) return 'the service wrote no line into its journal in the last 24 h'
      const cut =
        day.cut && day.oldestAt !== null ? `the last ${length(reading.at - day.oldestAt)}, and older ones were not read` : 'the last 24 h'
      const odd = day.unreadable === 0 ? '' : `; ${times(day.unreadable, 'line')} could not be read`
      const found = counts.length === 0 ? '' : `; it tells of ${all(counts)}`
      return `the service's journal has ${times(day.lines, 'line')} of ${cut}${odd}${found}`
    }),
  ])
}

function clock({ reading }: Facts): string {
  return line([
    part(reading.clock, "the time on the server's clock", ({ skewMs, synchronized }) => {
      const is = synchronized === null ? null : synchronized ? 'is synchronized' : 'is not synchronized'
      const seconds = skewMs === null ? null : Math.round(skewMs / 1000)
      const off =
        seconds === null
          ? null
          : seconds === 0
            ? "agrees with the bot's"
            : `is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the bot's`
      const said = [is, off].filter((words) => words !== null)
      const unsaid = synchronized === null ? ['the server does not say whether its clock is synchronized'] : []
      return [...(said.length === 0 ? [] : [`the server's clock ${said.join(' and ')}`]), ...unsaid].join('; ')
    }),
  ])
}

function certificate({ reading: { certificate: figure, at } }: Facts): string {
  if (figure === undefined) return 'the bot has no public address over https'
  const words = ({ host, endsAt }: Certificate): string =>
    endsAt <= at
      ? `the certificate of ${host} ended ${length(at - endsAt)} ago`
      : `the certificate of ${host} is good for ${length(endsAt - at)} more`
  return line([part(figure, 'how long the certificate is good for', words)])
}

/** What cannot be seen, and why: each reason once. */
function reach({ reading, expected }: Facts): string {
  const figures = Object.entries(figuresOf(reading))
  const missing = figures.flatMap(([what, figure]) => (isKnown(figure) ? [] : [{ what, why: figure.unknown }]))
  if (missing.length === 0) return `all ${figures.length} figures can be seen`
  const reasons = byReason(missing).map(({ why, whats }) => `${all(whats)} (${why})`)
  const never = missing.every(({ what }) => !expected.includes(what)) ? '; none of these was ever seen on this server' : ''
  return `${missing.length} of ${figures.length} figures cannot be seen: ${reasons.join('; ')}${never}`
}

export const WORDS: Readonly<Record<CheckName, (facts: Facts) => string>> = {
  service,
  memory,
  disk,
  cpu,
  'status-checks': statusChecks,
  journal,
  clock,
  certificate,
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
  certificate: 'Certificate',
  reach: 'Visibility',
}

const unknownFor = (why: string): string => `unknown (${why})`

export { REMEMBERED } from './decide.ts'

/** Traffic is told, and has no limit: what is much for a bot differs. */
export function networkWords({ derived: { network } }: Pick<Facts, 'derived'>): string {
  return isKnown(network) ? `in ${bytes(network.value.received)}/s, out ${bytes(network.value.sent)}/s` : unknownFor(network.unknown)
}

export const uptimeWords = ({ uptimeMs }: Reading): string =>
  isKnown(uptimeMs) ? `up ${length(uptimeMs.value)}` : `running since when is ${unknownFor(uptimeMs.unknown)}`
