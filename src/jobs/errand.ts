import { readRequestView, readSessionView } from '../services/agent/view.ts'
import type { Dispatch } from '../services/delivery/dispatch.ts'
import { readTaskCard } from '../services/office/card.ts'
import type { CardContent, ReplyContent } from '../services/delivery/notifier.ts'
import type { DeliveryPorts } from '../services/delivery/ports.ts'
import type { AlertLine } from '../services/incidents/alert-line.ts'
import type { Incident } from '../services/incidents/incident.ts'
import { readSubject, type Card, type CardSubject } from '../services/messages/card.ts'

/** What a row comes down to, as the store stands now. */
export type Errand =
  /** What it was about is told already, or is no more. */
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly until: number }
  /** The card it belongs to is gone and must come back first. */
  | { readonly do: 'restore'; readonly under: CardSubject }
  /** `threadTs`: of the card `under` which this one stands; null: it stands in the channel. */
  | {
      readonly do: 'post'
      readonly subject: CardSubject
      readonly content: CardContent
      readonly under: CardSubject | null
      readonly threadTs: string | null
    }
  | { readonly do: 'edit'; readonly subject: CardSubject; readonly content: CardContent; readonly ts: string }
  /** `under` null: what it stands under is no card, and does not come back. */
  | { readonly do: 'reply'; readonly content: ReplyContent; readonly under: CardSubject | null; readonly threadTs: string }
  | { readonly do: 'direct'; readonly incident: Incident }
  | { readonly do: 'notice'; readonly text: string; readonly by: string | null }
  | { readonly do: 'line'; readonly line: string }
  | { readonly do: 'publish'; readonly line: AlertLine }

/** A session changes its card many times a minute; Slack allows about 50 edits a minute for the whole bot. */
const EDIT_PAUSE_MS = 3000

const NOTHING: Errand = { do: 'nothing' }

/** The version of the subject that a card with this content shows. */
export function versionOf(content: CardContent): number {
  switch (content.type) {
    case 'incident':
      return content.incident.version
    case 'session':
      return content.session.version
    case 'request':
      return content.request.version
    case 'task':
      return content.task.version
    case 'drawn':
      return 1
  }
}

async function readContent(ports: DeliveryPorts, subject: CardSubject): Promise<CardContent | null> {
  const { of, id } = readSubject(subject)
  if (of === 'incident') {
    const incident = await ports.incidents.find(id)
    return incident === null ? null : { type: 'incident', incident }
  }
  if (of === 'session') {
    const session = await readSessionView(ports, id)
    return session === null ? null : { type: 'session', session }
  }
  if (of === 'task') {
    const task = await readTaskCard(ports, id)
    return task === null ? null : { type: 'task', task }
  }
  if (of === 'digest') {
    const digest = await ports.digests.find(id)
    return digest === null ? null : { type: 'drawn', message: digest.card }
  }
  const request = await readRequestView(ports, id)
  return request === null ? null : { type: 'request', request }
}

/** A new card, unless there is one; in the thread of the card `under`, if that is given. */
async function post(ports: DeliveryPorts, subject: CardSubject, under: CardSubject | null): Promise<Errand> {
  const content = await readContent(ports, subject)
  if (content === null || (await ports.cards.find(subject)) !== null) return NOTHING
  if (under === null) return { do: 'post', subject, content, under, threadTs: null }
  const parent = await ports.cards.find(under)
  return parent === null ? { do: 'restore', under } : { do: 'post', subject, content, under, threadTs: parent.ts }
}

/** Until when a session's card must be left alone; null: it may be edited. */
function pausedUntil({ editedAt }: Card, now: number): number | null {
  // An edit in the future was made before the clock was set back.
  if (editedAt === undefined || editedAt === null || editedAt > now) return null
  return editedAt + EDIT_PAUSE_MS > now ? editedAt + EDIT_PAUSE_MS : null
}

async function edit(ports: DeliveryPorts, subject: CardSubject, now: number): Promise<Errand> {
  const content = await readContent(ports, subject)
  if (content === null) return NOTHING
  const card = await ports.cards.find(subject)
  // These cards, when they are not there, are posted by a row of their own, if at all, and then show this.
  if (card === null) return content.type === 'request' || content.type === 'task' ? NOTHING : { do: 'restore', under: subject }
  // A card always shows the latest state, so one edit may stand for several.
  if (card.version >= versionOf(content)) return NOTHING
  const until = content.type === 'session' ? pausedUntil(card, now) : null
  return until === null ? { do: 'edit', subject, content, ts: card.ts } : { do: 'wait', until }
}

async function reply(ports: DeliveryPorts, under: CardSubject, content: ReplyContent): Promise<Errand> {
  if ((await readContent(ports, under)) === null) return NOTHING
  const card = await ports.cards.find(under)
  return card === null ? { do: 'restore', under } : { do: 'reply', content, under, threadTs: card.ts }
}

/** A reminder that came too late, because somebody reacted meanwhile, is none. */
async function direct({ incidents }: DeliveryPorts, incidentId: number): Promise<Errand> {
  const incident = await incidents.find(incidentId)
  return incident?.state === 'open' ? { do: 'direct', incident } : NOTHING
}

/** What each kind of row needs, read in the caller's transaction. */
export async function readErrand(ports: DeliveryPorts, dispatch: Dispatch, now: number): Promise<Errand> {
  switch (dispatch.kind) {
    case 'card':
      return post(ports, `incident:${dispatch.incidentId}`, null)
    case 'edit':
      return edit(ports, `incident:${dispatch.incidentId}`, now)
    case 'reply': {
      const { incidentId, note, snapshot } = dispatch
      return reply(ports, `incident:${incidentId}`, { type: 'incident', note, snapshot })
    }
    case 'answer': {
      const { incidentId, kind: _kind, ...answer } = dispatch
      return reply(ports, `incident:${incidentId}`, { type: 'answer', ...answer })
    }
    case 'direct':
      return direct(ports, dispatch.incidentId)
    case 'session-card':
      return post(ports, `session:${dispatch.sessionId}`, null)
    case 'session-edit':
      return edit(ports, `session:${dispatch.sessionId}`, now)
    case 'session-reply':
      return reply(ports, `session:${dispatch.sessionId}`, { type: 'session', note: dispatch.note })
    case 'request-card':
      return post(ports, `request:${dispatch.requestId}`, `session:${dispatch.sessionId}`)
    case 'request-edit':
      return edit(ports, `request:${dispatch.requestId}`, now)
    case 'task-card':
      return post(ports, `task:${dispatch.taskId}`, null)
    case 'task-edit':
      return edit(ports, `task:${dispatch.taskId}`, now)
    case 'task-reply':
      return reply(ports, `task:${dispatch.taskId}`, { type: 'task', note: dispatch.note })
    case 'digest-card':
      return post(ports, `digest:${dispatch.digestId}`, null)
    case 'digest-reply': {
      const message = (await ports.digests.find(dispatch.digestId))?.replies[dispatch.index]
      return message === undefined ? NOTHING : reply(ports, `digest:${dispatch.digestId}`, { type: 'drawn', message })
    }
    case 'told':
      return { do: 'reply', content: { type: 'drawn', message: dispatch.message }, under: null, threadTs: dispatch.threadTs }
    case 'notice':
      return { do: 'notice', text: dispatch.text, by: dispatch.by }
    case 'line':
      return { do: 'line', line: JSON.stringify(dispatch.line) }
    case 'topic':
      return { do: 'publish', line: dispatch.line }
  }
}
