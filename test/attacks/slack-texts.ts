import { requestView, sessionNoteText, sessionView } from '../../src/bot/views/session.ts'
import { taskCardView, taskNoteText } from '../../src/bot/views/task-card.ts'
import { taskView } from '../../src/bot/views/task.ts'
import { addedView, sessionsView, tasksView } from '../../src/bot/views/tasks.ts'
import { readTaskCard } from '../../src/services/office/card.ts'
import { readRequestView, readSessionView } from '../../src/services/agent/view.ts'
import { readSessions, readTaskList, readTaskStory } from '../../src/services/status/read-tasks.ts'
import type { Dispatch } from '../../src/services/delivery/dispatch.ts'
import type { Desk } from '../support/agent-desk.ts'

/** All that Slack would be given: messages of the outbox as they stand now, and the answers to commands about them. */

export interface OutboxRow {
  readonly key: string
  readonly lane: string
  readonly target: string
  readonly dispatch: Dispatch
}

export function outboxRows({ store }: Desk): OutboxRow[] {
  return store.raw
    .prepare('select key, lane, target, dispatch from outbox order by id')
    .all()
    .map((row) => ({
      key: String(row['key']),
      lane: String(row['lane']),
      target: String(row['target']),
      dispatch: JSON.parse(String(row['dispatch'])) as Dispatch,
    }))
}

async function viewOf(desk: Desk, dispatch: Dispatch): Promise<unknown> {
  if (dispatch.kind === 'session-card' || dispatch.kind === 'session-edit') {
    const view = await desk.in((ports) => readSessionView(ports, dispatch.sessionId))
    return view === null ? null : sessionView(view)
  }
  if (dispatch.kind === 'request-card' || dispatch.kind === 'request-edit') {
    const view = await desk.in((ports) => readRequestView(ports, dispatch.requestId))
    return view === null ? null : requestView(view)
  }
  if (dispatch.kind === 'session-reply') return { text: sessionNoteText(dispatch.note) }
  if (dispatch.kind === 'task-card' || dispatch.kind === 'task-edit') {
    const view = await desk.in((ports) => readTaskCard(ports, dispatch.taskId))
    // Without the crew page's address: that one is ours, and it stands behind a button.
    return view === null ? null : taskCardView(view, null)
  }
  if (dispatch.kind === 'task-reply') return { text: taskNoteText(dispatch.note) }
  throw new Error(`a row of another part: ${dispatch.kind}`)
}

/** What the rows and the commands about tasks show at this moment. */
export async function shownNow(desk: Desk, rows: readonly OutboxRow[]): Promise<unknown[]> {
  const { store, clock } = desk
  const now = clock.now()
  const shown: unknown[] = []
  const seen = new Set<string>()
  for (const { dispatch } of rows) {
    // Cards show the latest state, so one look at each is enough.
    const one = dispatch.kind === 'session-reply' ? JSON.stringify(dispatch) : JSON.stringify({ ...dispatch, version: 0 })
    if (!seen.has(one)) shown.push(await viewOf(desk, dispatch))
    seen.add(one)
  }
  const list = await readTaskList(store.uow, 20, now)
  shown.push(tasksView(list), sessionsView(await readSessions(store.uow, 5, now)))
  for (const { task } of list.rows.slice(0, 8)) {
    const story = await readTaskStory(store.uow, task.id, now)
    if (story !== null) shown.push(taskView(story, true), addedView({ kind: 'added', task }, true))
  }
  return shown
}

/** What code may write: dates of its own, and persons who acted. */
const OURS = /<!date\^\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC>|<@U0MARA>/g

const LIVE_IN_MARKUP: readonly (readonly [what: string, is: RegExp])[] = [['markup', /<[^>]*/]]

/** In texts without blocks Slack makes links of whatever looks like one. */
const LIVE_IN_WORDS: readonly (readonly [what: string, is: RegExp])[] = [
  ...LIVE_IN_MARKUP,
  ['an address', /:\/\//],
  ['a name of a host', /[\p{L}\p{N}]\.\p{L}{2}/u],
  ['a mention', /@\w/],
]

interface Node {
  readonly [name: string]: unknown
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

const live = (text: string, nets: typeof LIVE_IN_WORDS): string[] => {
  const rest = text.replaceAll(OURS, '')
  return nets.flatMap(([what, is]) => {
    const found = is.exec(rest)
    return found === null ? [] : [`${what}: ${rest.slice(Math.max(0, found.index - 20), found.index + 40)}`]
  })
}

/** What would ring somebody or lead somewhere. */
export function problemsOf(shown: unknown): string[] {
  if (Array.isArray(shown)) return shown.flatMap((one) => problemsOf(one))
  if (!isNode(shown)) return []
  const { type, text, verbatim } = shown
  const own: string[] = []
  if (type === 'mrkdwn' && typeof text === 'string') {
    own.push(...live(text, LIVE_IN_MARKUP), ...(verbatim === true ? [] : live(text, LIVE_IN_WORDS)))
  }
  if (type === undefined && typeof text === 'string') own.push(...live(text, LIVE_IN_WORDS))
  if (typeof shown['fallback'] === 'string') own.push(...live(shown['fallback'], LIVE_IN_WORDS))
  if (shown['url'] !== undefined || shown['image_url'] !== undefined) own.push('an address of a button or a picture')
  return [...own, ...Object.values(shown).flatMap((one) => problemsOf(one))]
}
