import type { CheckResult } from '../../services/host/audit.ts'
import { CHECK_NAMES } from '../../services/host/wording.ts'
import type { ServerHealth } from '../../services/status/read-health.ts'
import { count, outside } from './agent-text.ts'
import { ago } from './text.ts'

/** The server in a word and a few lines: for Home and the digest. `/jada health` tells all of it. */

const WORD: Readonly<Record<ServerHealth['verdict'], string>> = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'PARTLY UNKNOWN',
}

const LEVEL: Readonly<Partial<Record<CheckResult['level'], string>>> = { warning: 'WARNING', critical: 'CRITICAL', unknown: 'UNKNOWN' }

const LONGEST_CHECK = 250

export interface ServerWords {
  readonly word: string
  readonly why: string
  /** What is not good, a line for each check. */
  readonly lines: readonly string[]
}

/** A host does not have every check, and the bot's own service says nothing: neither counts as good. */
function standing(checks: readonly CheckResult[]): string {
  const asked = checks.filter(({ level }) => level !== 'none' && level !== 'self')
  const good = asked.filter(({ level }) => level === 'ok').length
  const self = checks.some(({ level }) => level === 'self') ? '; that the bot itself is alive is no evidence' : ''
  const all = asked.length === 1 ? 'the one check is good' : `all ${asked.length} checks are good`
  if (asked.length === 0) return `nothing could be checked${self}`
  return `${good === asked.length ? all : `${good} of ${count(asked.length, 'check')} ${good === 1 ? 'is' : 'are'} good`}${self}`
}

/** What is not known lately is not OK, whatever it was. */
export function serverWords({ audit, verdict, stale }: ServerHealth, now: number): ServerWords {
  if (audit === null) return { word: 'UNKNOWN', why: 'it has not been looked at yet', lines: [] }
  const lines = audit.checks.flatMap(({ name, level, text }) => {
    const word = LEVEL[level]
    return word === undefined ? [] : [`• ${CHECK_NAMES[name]}: *${word}* ${outside(text.replace(/^unknown, /, ''), LONGEST_CHECK)}`]
  })
  const age = audit.at > now ? 'by a clock that was ahead' : ago(audit.at, now)
  if (stale) return { word: 'UNKNOWN', why: `it was looked at ${age}, and is every 10 minutes; then ${standing(audit.checks)}`, lines }
  return { word: WORD[verdict], why: `${standing(audit.checks)}, ${age}`, lines }
}
