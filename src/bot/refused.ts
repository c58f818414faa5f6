import { describeError } from '../errors.ts'
import type { AuditPorts, AuditSubject, AuditTrail } from '../services/audit/audit.ts'
import type { BotDeps } from './deps.ts'

const HOUR_MS = 3_600_000

/** Somebody who may not act tried to: written down, but not more than once an hour for each thing, whatever they press. */
export async function addRefused(audit: AuditTrail, user: string, subject: AuditSubject, now: number): Promise<void> {
  if (await audit.refusedSince(user, subject, now - HOUR_MS)) return
  await audit.add({ at: now, actor: user, act: 'access.refused', subject })
}

/** The same in a transaction of its own. They are to hear why they may not, also when it cannot be written down. */
export async function noteRefused(deps: Pick<BotDeps, 'clock' | 'log' | 'uow'>, user: string, subject: AuditSubject): Promise<void> {
  try {
    await deps.uow.run(({ audit }: AuditPorts) => addRefused(audit, user, subject, deps.clock.now()))
  } catch (error) {
    deps.log.error('audit', `refused ${subject}: ${describeError(error)}`)
  }
}
