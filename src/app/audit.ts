import { decideAudit, verdictOf, type Audit } from '../services/host/audit.ts'
import { CHECK_NAMES } from '../services/host/wording.ts'
import type { Core } from './core.ts'
import type { Host } from './host.ts'

/** The audit of the terminal: looks now, compares with what the bot has seen, and changes nothing of it. */

const SAMPLES_MS = 26 * 3_600_000
/** As long as a person waits. */
const DEADLINE_MS = 60_000

export async function auditNow({ uow, clock }: Pick<Core, 'uow' | 'clock'>, host: Host): Promise<Audit> {
  const now = clock.now()
  const reading = await host.collector.collect(now, AbortSignal.timeout(DEADLINE_MS))
  return uow.run(async (ports) => decideAudit(reading, await ports.host.samples(now - SAMPLES_MS), await ports.host.state()).audit)
}

const VERDICT = { ok: 'OK', warning: 'WARNING', critical: 'CRITICAL', unknown: 'PARTLY UNKNOWN' } as const
const LEVEL = { ok: 'ok', warning: 'WARN', critical: 'CRIT', unknown: '?', self: '-', none: '-' } as const

/** The report as lines for a terminal; nothing of a journal moves its cursor, because control characters are gone already. */
export function auditLines(audit: Audit): string[] {
  const { host, unitName, uptime, checks, network, worst } = audit
  const line = (level: string, name: string, text: string): string => `${level.padEnd(5)} ${name.padEnd(14)} ${text}`
  return [
    `Server ${host}: ${VERDICT[verdictOf(audit)]} (${uptime}, service ${unitName})`,
    ...checks.map(({ name, level, text }) => line(LEVEL[level], CHECK_NAMES[name], text)),
    line('-', 'Network', network),
    ...worst.map(({ at, text, times }) => `      ${new Date(at).toISOString()} ${times === 1 ? '' : `(${times} times) `}${text}`),
  ]
}

/** For scripts: the report with its verdict, times as ISO in UTC. */
export function auditJson(audit: Audit): string {
  const worst = audit.worst.map((one) => ({ ...one, at: new Date(one.at).toISOString() }))
  return JSON.stringify({ ...audit, at: new Date(audit.at).toISOString(), verdict: verdictOf(audit), worst })
}

/** 0: all was seen, and is good. 1: something is not, be it a warning. 3: nothing bad was seen, but not everything could be. 2 is for wrong words. */
const EXIT_CODES: Readonly<Record<ReturnType<typeof verdictOf>, number>> = { ok: 0, warning: 1, critical: 1, unknown: 3 }

export const exitCodeOf = (audit: Audit): number => EXIT_CODES[verdictOf(audit)]
