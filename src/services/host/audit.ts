import { NO_EVIDENCE, type Evidence, type Signal } from '../signals/signal.ts'
import { decideRule, FRESH, isProven, worse, type Level, type RuleState } from './decide.ts'
import { isKnown, unknown } from './figure.ts'
import type { WorstLine } from './journal.ts'
import type { Reading } from './reading.ts'
import { CHECKS, figuresOf, KIND_OF, RULES, type CheckName, type Facts, type Rule } from './rules.ts'
import { derive, toSample, type Sample } from './sample.ts'
import { networkWords, uptimeWords, WORDS } from './wording.ts'

/** `self`: it is the bot's own service, and says nothing. `none`: this host has no such thing. */
export type CheckLevel = Level | 'unknown' | 'self' | 'none'

/** One line of a report. */
export interface CheckResult {
  readonly name: CheckName
  readonly level: CheckLevel
  readonly text: string
  /** Of what is unknown only: something of it is known. */
  readonly partly?: boolean
}

/** What an audit found: kept whole, until the next one. */
export interface Audit {
  readonly at: number
  readonly source: Reading['source']
  readonly host: string
  readonly unitName: string
  readonly own: boolean
  readonly uptime: string
  readonly network: string
  readonly checks: readonly CheckResult[]
  readonly worst: readonly WorstLine[]
}

/** What must outlive the process. */
export interface HostState {
  /** Which host and service the rest is about: of another one it says nothing. */
  readonly target: string
  readonly rules: Readonly<Record<string, RuleState>>
  /** Since when each check is not ok, and when it last was. */
  readonly checks: Readonly<Partial<Record<CheckName, { readonly since: number | null; readonly lastOkAt: number | null }>>>
  /** Figures that were seen once. */
  readonly seen: readonly string[]
}

export const FRESH_HOST_STATE: HostState = { target: '', rules: {}, checks: {}, seen: [] }

export interface Decided {
  readonly audit: Audit
  readonly state: HostState
  readonly sample: Sample
  readonly signals: readonly Signal[]
}

const targetOf = ({ source, host, unitName }: Reading): string => `${source} ${host} ${unitName}`

/** What must be seen from the first audit on: whoever sets a remote host wants it watched. A laptop has no such service. */
const required = (reading: Reading): readonly string[] => (reading.source === 'local' ? [] : Object.keys(figuresOf(reading)))

interface RuleResult {
  readonly rule: Rule
  readonly state: RuleState
}

/** Rules that say nothing about this host are not in it. */
function applyRules(facts: Facts, before: HostState): RuleResult[] {
  return RULES.flatMap((rule) => {
    const figure = rule.measure(facts)
    return figure === null ? [] : [{ rule, state: decideRule(rule, before.rules[rule.name] ?? FRESH, figure) }]
  })
}

const lastMark = ({ state }: RuleResult) => state.marks.at(-1) ?? 'unknown'

/** The worst of what is, and of what stands: a value that is bad for the first time is shown, though it is no alert yet. */
function levelOf(name: CheckName, results: readonly RuleResult[], reading: Reading): CheckLevel {
  if (results.length === 0) return name === 'service' && reading.own ? 'self' : 'none'
  const level = results.reduce<Level>((worst, one) => {
    const mark = lastMark(one)
    return worse(worst, mark === 'unknown' ? one.state.level : worse(mark, one.state.level))
  }, 'ok')
  if (level !== 'ok') return level
  if (results.some((one) => lastMark(one) === 'unknown')) return 'unknown'
  return name === 'service' && reading.own ? 'self' : 'ok'
}

function checkOf(name: CheckName, results: readonly RuleResult[], facts: Facts): CheckResult {
  const level = levelOf(name, results, facts.reading)
  const partly = level === 'unknown' && results.some((one) => lastMark(one) !== 'unknown')
  return { name, level, text: WORDS[name](facts), ...(partly ? { partly } : {}) }
}

/** What may tell a cause that it shares with other troubles. */
function hintOf(name: CheckName, { source, unit, cloud }: Reading): string | null {
  if (name === 'disk') return source === 'local' ? 'own-host' : null
  if (name === 'service') return isKnown(unit) && unit.value.result === 'oom-kill' ? 'oom-kill' : null
  if (name !== 'reach' || cloud === null) return null
  if (!isKnown(cloud.state)) return cloud.state.unreached === true ? 'network' : null
  return isKnown(unit) ? null : 'inside'
}

function evidenceOf(name: CheckName, text: string, state: HostState, reading: Reading, results: readonly RuleResult[]): Evidence {
  const marks = results.map(({ state }) => state.marks.filter((mark) => mark === 'warning' || mark === 'critical').length)
  const { since = null, lastOkAt = null } = state.checks[name] ?? {}
  return {
    ...NO_EVIDENCE,
    class: 'host',
    code: results.find(({ state }) => state.level !== 'ok')?.rule.name ?? name,
    hint: hintOf(name, reading),
    failures: Math.max(1, ...marks),
    firstFailureAt: since,
    lastSuccessAt: lastOkAt,
    findings: [text],
  }
}

function signalOf(name: CheckName, text: string, state: HostState, reading: Reading, results: readonly RuleResult[]): Signal | null {
  const key = `host/${name}` as const
  const level = results.reduce<Level>((worst, one) => worse(worst, one.state.level), 'ok')
  if (level !== 'ok')
    return { status: 'failing', key, kind: KIND_OF[name], severity: level, evidence: evidenceOf(name, text, state, reading, results) }
  // Good only when every rule has been seen good: what is unknown proves nothing.
  return results.length > 0 && results.every((one) => isProven(one.state)) ? { status: 'ok', key, summary: `${text}.` } : null
}

function checkTimes(before: HostState['checks'][CheckName], level: CheckLevel, now: number) {
  if (level === 'ok') return { since: null, lastOkAt: now }
  const { since = null, lastOkAt = null } = before ?? {}
  if (level === 'warning' || level === 'critical') return { since: since ?? now, lastOkAt }
  // Not to know does not end what was wrong.
  return { since: level === 'unknown' ? since : null, lastOkAt }
}

/** What a reading means after all that was seen before. `samples`: those of the last day, oldest first. Pure. */
export function decideAudit(reading: Reading, samples: readonly Sample[], stored: HostState): Decided {
  const target = targetOf(reading)
  const before = stored.target === target ? stored : FRESH_HOST_STATE
  const derived = derive(reading, before === stored ? samples : [])
  const expected = [...new Set([...before.seen, ...required(reading)])]
  const facts: Facts = { reading, derived, expected }
  const results = applyRules(facts, before)
  const ofCheck = (name: CheckName): RuleResult[] => results.filter(({ rule }) => rule.check === name)
  const checks = CHECKS.filter((name) => name !== 'certificate' || reading.certificate !== undefined).map((name) =>
    checkOf(name, ofCheck(name), facts),
  )
  const state: HostState = {
    target,
    rules: Object.fromEntries(results.map(({ rule, state }) => [rule.name, state])),
    checks: Object.fromEntries(checks.map(({ name, level }) => [name, checkTimes(before.checks[name], level, reading.at)])),
    seen: [
      ...new Set([...before.seen, ...Object.entries(figuresOf(reading)).flatMap(([name, figure]) => (isKnown(figure) ? [name] : []))]),
    ],
  }
  const { at, source, host, unitName, own, journal } = reading
  return {
    audit: {
      at,
      source,
      host,
      unitName,
      own,
      checks,
      uptime: uptimeWords(reading),
      network: networkWords(facts),
      worst: isKnown(journal) ? journal.value.worst : [],
    },
    state,
    sample: toSample(reading, derived),
    signals: checks.flatMap(({ name, text }) => signalOf(name, text, state, reading, ofCheck(name)) ?? []),
  }
}

/** A look that did not take place: everything of it is unknown, for one reason. */
export function blindReading(base: Pick<Reading, 'source' | 'host' | 'unitName'>, why: string, at: number): Reading {
  const none = unknown(why, at)
  const cloud = base.source === 'local' ? null : { state: none, cpu: none, burst: none, network: none, failedChecks: none }
  const inside = { unit: none, uptimeMs: none, memory: none, cpuTimes: none, network: none, disk: none, clock: none, journal: none }
  return { at, ...base, own: false, ...inside, cloud }
}

/** The verdict: the worst there is. Without trouble it is good only if everything could be seen. */
export function verdictOf({ checks }: Pick<Audit, 'checks'>): Level | 'unknown' {
  const levels = new Set(checks.map(({ level }) => level))
  if (levels.has('critical')) return 'critical'
  if (levels.has('warning')) return 'warning'
  return levels.has('unknown') ? 'unknown' : 'ok'
}
