import { actorOf, type AuditAct, type AuditDetails, type AuditEntry } from '../audit/audit.ts'
import type { SigningEvent } from './decide.ts'
import type { SignatureRequest } from './request.ts'

/** How an event is written down; null: time did it, and nobody. Names of guests stay with the request. */
const AUDITED = {
  send: 'sign.sent',
  remind: 'sign.reminded',
  view: 'sign.viewed',
  sign: 'sign.signed',
  decline: 'sign.declined',
  expire: null,
  withdraw: 'sign.withdrawn',
} as const satisfies Record<SigningEvent['do'], AuditAct | null>

const entry = (request: SignatureRequest, act: AuditAct, actor: string, at: number, more: AuditDetails = {}): AuditEntry => ({
  at,
  actor,
  act,
  subject: `signature-request:${request.id}`,
  details: { charter: request.charterId, ...more },
})

/** The entry of an event that changed the request. `by`: who takes it back; null: a rule does. Pure. */
export function auditOf(request: SignatureRequest, event: SigningEvent, by: string | null, now: number): AuditEntry | null {
  const act = AUDITED[event.do]
  if (act === null) return null
  if ('by' in event) return entry(request, act, event.by, now)
  return event.do === 'withdraw'
    ? entry(request, act, actorOf(by), now, { why: event.why })
    : entry(request, act, `guest:${request.id}`, now)
}

export const requestedEntry = (request: SignatureRequest, now: number): AuditEntry =>
  entry(request, 'sign.requested', actorOf(request.requestedBy), now)
