import { isKnown, type Figure } from './figure.ts'
import type { NofM, Rule } from './rules.ts'

export type Level = 'ok' | 'warning' | 'critical'
/** What one audit says to one rule. */
export type Mark = Level | 'unknown'

/** What a rule remembers. */
export interface RuleState {
  readonly level: Level
  /** The latest marks, newest last. */
  readonly marks: readonly Mark[]
}

export const FRESH: RuleState = { level: 'ok', marks: [] }

/** Good audits in a row that end a trouble. */
const GOOD_RUNS = 2
/** As many marks as any rule, or the clearing, looks back on. */
export const REMEMBERED = 6

const RANK: Readonly<Record<Mark, number>> = { unknown: -1, ok: 0, warning: 1, critical: 2 }

export const worse = (a: Level, b: Level): Level => (RANK[a] >= RANK[b] ? a : b)

/** Where the value stands. Who was at a level stays there until the value is back from its limit by `clearBy`. */
function markOf(rule: Rule, level: Level, figure: Figure<number>): Mark {
  if (!isKnown(figure)) return 'unknown'
  const sign = rule.better === 'lower' ? 1 : -1
  const reaches = (limit: number | null, slack: number): boolean => limit !== null && sign * figure.value >= sign * limit - slack
  // Without a band of its own a limit is left as soon as it is not reached.
  if (reaches(rule.critical, level === 'critical' ? rule.clearBy : 0)) return 'critical'
  return reaches(rule.warning, level === 'ok' ? 0 : rule.clearBy) ? 'warning' : 'ok'
}

function fires(marks: readonly Mark[], level: 'warning' | 'critical', [n, m]: NofM): boolean {
  return marks.slice(-m).filter((mark) => RANK[mark] >= RANK[level]).length >= n
}

/** The rule after one more audit. A level comes after N of M audits and goes after two good ones; unknown is neither. Pure. */
export function decideRule(rule: Rule, state: RuleState, figure: Figure<number>): RuleState {
  const marks = [...state.marks, markOf(rule, state.level, figure)].slice(-REMEMBERED)
  const fired: Level = fires(marks, 'critical', rule.fire.critical)
    ? 'critical'
    : fires(marks, 'warning', rule.fire.warning)
      ? 'warning'
      : 'ok'
  if (RANK[fired] > RANK[state.level]) return { level: fired, marks }
  const last = marks.slice(-GOOD_RUNS)
  const better = last.length === GOOD_RUNS && last.every((mark) => mark !== 'unknown' && RANK[mark] < RANK[state.level])
  if (!better) return { level: state.level, marks }
  const level = last.reduce<Level>((worst, mark) => (mark === 'unknown' ? worst : worse(worst, mark)), 'ok')
  return { level, marks }
}

/** Seen good as often as it takes to prove it. */
export function isProven({ level, marks }: RuleState): boolean {
  const last = marks.slice(-GOOD_RUNS)
  return level === 'ok' && last.length === GOOD_RUNS && last.every((mark) => mark === 'ok')
}
