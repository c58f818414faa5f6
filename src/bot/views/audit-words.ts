import type { AuditAct } from '../../services/audit/audit.ts'

/** What somebody did, after their name. */
export const ACT_WORDS: Readonly<Record<AuditAct, string>> = {
  'incident.ack': 'acknowledged it',
  'incident.snooze': 'snoozed it',
  'incident.assign': 'assigned it',
  'incident.resolve': 'closed it by hand',
  'incident.retry': 'asked for another try',
  'sync.now': 'asked for a sync',
  'sync.apply': 'applied a change that was held',
  'health.now': 'asked for a look at the server',
  'reauth.start': 'began a consent',
  'reauth.done': 'connected Google',
  'reauth.refused': 'consented, and was refused',
  'task.add': 'added a task',
  'task.cancel': 'cancelled a task',
  'task.retry': 'queued a task again',
  'task.done': 'closed a task',
  'session.stop': 'stopped a session',
  'session.mute': 'muted a session',
  'session.unmute': 'unmuted a session',
  'session.answer': 'answered a session',
  'approval.approve': 'approved a call',
  'approval.reject': 'rejected a call',
  'call.happened': 'said that a call had taken effect',
  'call.not-happened': 'said that a call had not taken effect',
  'agent.pause': 'paused the agent',
  'agent.resume': 'resumed the agent',
  'mcp.accept': 'accepted changed tools',
  'sign.requested': 'prepared a signature request',
  'sign.sent': 'sent a signature request',
  'sign.reminded': 'sent a reminder',
  'sign.viewed': 'opened an agreement',
  'sign.signed': 'signed an agreement',
  'sign.declined': 'declined an agreement',
  'sign.withdrawn': 'took back a signature request',
  'page.made': 'made a crew page',
  'page.changed': 'changed a crew page',
  'page.revoked': 'revoked a crew page',
  'settings.changed': 'found changed settings at the start',
  'key.rotated': 'found a new secret key at the start',
  'data.restored': 'restored a backup',
  'access.refused': 'tried to act and was refused, not being an operator',
}

/** Details of an act that are codes, in words. */
export const DETAIL_WORDS: Readonly<Record<string, string>> = {
  'why: wrong-account': 'it was another account',
  'mode: first': 'for the first time',
  'mode: renew': 'once more',
  'mode: repin': 'with a change of account',
}

const OTHERS: Readonly<Record<string, string>> = {
  api: 'A program, over the API,',
  terminal: 'Somebody on the server, in a terminal,',
  link: 'Somebody with the link of the card',
  bot: 'The bot',
}

/** Who is no Slack user, at the beginning of a sentence; null: a Slack user. */
export const otherThanPerson = (actor: string): string | null =>
  Object.hasOwn(OTHERS, actor) ? (OTHERS[actor] ?? null) : actor.startsWith('guest:') ? 'A guest' : null
