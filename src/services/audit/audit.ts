/** What people, and rules in their place, did to what the bot keeps: one row each, for good. */

/**
 * Everything that is written down. A name is never given another meaning: rows live on. `access.refused`: somebody who may not act tried
 * to; of all other refused or repeated acts nothing is written.
 */
export const AUDIT_ACTS = [
  'incident.ack',
  'incident.snooze',
  'incident.assign',
  'incident.resolve',
  'incident.retry',
  'sync.now',
  'sync.apply',
  'health.now',
  'reauth.start',
  'reauth.done',
  'reauth.refused',
  'task.add',
  'task.cancel',
  'task.retry',
  'task.done',
  'session.stop',
  'session.mute',
  'session.unmute',
  'session.answer',
  'approval.approve',
  'approval.reject',
  'call.happened',
  'call.not-happened',
  'agent.pause',
  'agent.resume',
  'mcp.accept',
  'sign.requested',
  'sign.sent',
  'sign.reminded',
  'sign.viewed',
  'sign.signed',
  'sign.declined',
  'sign.withdrawn',
  'page.made',
  'page.changed',
  'page.revoked',
  'settings.changed',
  'key.rotated',
  'data.restored',
  'access.refused',
] as const

export type AuditAct = (typeof AUDIT_ACTS)[number]

/**
 * Who did it: the id of a Slack user; `guest:12`, the guest of signature request 12; `api`; `terminal`, somebody with a shell on the server;
 * `link`, whoever used the link of an incident's card; `bot`, by a rule.
 */
export type Actor = string

export const BOT: Actor = 'bot'

/** Where a person is known, that person; else a rule. */
export const actorOf = (by: string | null): Actor => by ?? BOT

/** What it was done to; `port-sheet`, `agent` and `host` are parts as a whole, `command` and `button` what was refused. */
export type AuditSubject =
  | `${'incident' | 'task' | 'session' | 'request' | 'signature-request' | 'crew-page'}:${number}`
  | `${'mcp' | 'settings' | 'command' | 'button'}:${string}`
  | 'port-sheet'
  | 'google'
  | 'agent'
  | 'host'
  | 'key'
  | 'database'

/** Small facts: no secrets, no private columns of the port sheet, no names or contacts of guests, no texts that people wrote. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>

export interface AuditEntry {
  /** UTC milliseconds. */
  readonly at: number
  readonly actor: Actor
  readonly act: AuditAct
  readonly subject: AuditSubject
  readonly details?: AuditDetails
}

export interface AuditRecord extends Required<AuditEntry> {
  readonly id: number
}

export interface Meanwhile {
  readonly acts: readonly AuditAct[]
  readonly from: number
  readonly to: number
}

/** Only grows: the database itself refuses to change or delete a row. */
export interface AuditTrail {
  /** To be called in the transaction of the act itself, so that there is neither one without the other. */
  add(entry: AuditEntry): Promise<void>
  /** All about a subject, and what else was done from `from` to `to` of these acts; oldest first. */
  about(subject: AuditSubject, meanwhile: Meanwhile): Promise<AuditRecord[]>
  /** Whether this actor was refused this since `since`: who tries again and again is written down now and then. */
  refusedSince(actor: Actor, subject: AuditSubject, since: number): Promise<boolean>
}

export interface AuditPorts {
  readonly audit: AuditTrail
}
