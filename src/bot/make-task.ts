import type { App, MessageShortcut, ViewOutput, ViewSubmitAction } from '@slack/bolt'
import { describeError } from '../errors.ts'
import { checkAccess } from './access.ts'
import { addFromSlack, tryReadWish } from './adding.ts'
import { ephemeral } from './commands/listen.ts'
import type { BotDeps } from './deps.ts'
import { noteRefused } from './refused.ts'
import { readTyped } from './slack-text.ts'
import { MAKE_TASK, TASK_VIEW } from './views/action-ids.ts'
import { plainView } from './views/answers.ts'
import { readOrigin, taskFromMessage, taskModal, toldModal } from './views/task-modal.ts'
import { addedText } from './views/tasks.ts'
import { cut } from './views/text.ts'

/** "Make this a JADA task" on a message, and the modal that this and `/jada task add` open. */

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Where the message is: made from what the shortcut says, without asking Slack. */
function linkTo({ team, channel, message_ts: ts }: MessageShortcut): string | null {
  const domain = team?.domain
  return domain === undefined || !/^[\w-]+$/.test(domain)
    ? null
    : `https://${domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`
}

function listenToShortcut(app: App, deps: BotDeps): void {
  app.shortcut<MessageShortcut>({ callback_id: MAKE_TASK, type: 'message_action' }, async ({ ack, shortcut, respond }) => {
    await ack()
    const access = checkAccess(deps.access, shortcut.user.id, shortcut.channel.id, true)
    if (!access.allowed) {
      await noteRefused(deps, shortcut.user.id, `button:${MAKE_TASK}`)
      await respond(ephemeral(plainView(access.explanation)))
      return
    }
    const { message } = shortcut
    const by = asText(message['user']) || asText(message['username']) || 'a bot'
    const task = taskFromMessage({ text: readTyped(asText(message['text'])), by })
    try {
      await deps.openModal(shortcut.trigger_id, taskModal({ kinds: deps.agent.kinds, ...task, origin: linkTo(shortcut) }))
    } catch (error) {
      deps.log.error('slack', `cannot open the modal for a task: ${describeError(error)}`)
      await respond(ephemeral(plainView('Slack did not let me open the window for a task. Please try again, or use `/jada task add`.')))
    }
  })
}

/** Numbers of tasks as people write them; a word that is none stays one, so that it is told. */
const readNumbers = (text: string): number[] =>
  text
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map((word) => Number(word.replace(/^#/, '')))

/** What was filled in, by the fields of a wish. */
function readFields({ state, private_metadata: metadata }: ViewOutput): Record<string, unknown> {
  const at = (field: string) => state.values[field]?.[field]
  const origin = readOrigin(metadata)
  const details = [at('details')?.value ?? '', ...(origin === null ? [] : [origin])]
  return {
    kind: at('kind')?.selected_option?.value,
    title: at('title')?.value ?? '',
    details: details.filter((part) => part !== '').join('\n\n'),
    priority: at('priority')?.selected_option?.value,
    dueOn: at('dueOn')?.selected_date ?? null,
    dependsOn: readNumbers(at('dependsOn')?.value ?? ''),
    charterId: at('charterId')?.value?.trim() || null,
  }
}

const LONGEST_ERROR = 300

function listenToModal(app: App, deps: BotDeps): void {
  app.view<ViewSubmitAction>(TASK_VIEW, async ({ ack, body, view }) => {
    const access = checkAccess(deps.access, body.user.id, '', true)
    if (!access.allowed) {
      await ack({ response_action: 'update', view: toldModal(access.explanation) })
      await noteRefused(deps, body.user.id, `button:${TASK_VIEW}`)
      return
    }
    const read = tryReadWish(readFields(view), deps.agent.kinds)
    if (read.kind === 'problems') {
      const fields = new Set(Object.keys(view.state.values))
      // What is wrong with something that cannot be filled in stands beside the title.
      const errors = read.problems.map(({ field, problem }) => [
        fields.has(field) ? field : 'title',
        cut(`This ${problem}.`, LONGEST_ERROR),
      ])
      await ack({ response_action: 'errors', errors: Object.fromEntries(errors) as Record<string, string> })
      return
    }
    // The modal's id is the key: sent twice, it is one task.
    const added = await addFromSlack(deps, read.wish, { user: body.user.id, key: `slack:${view.id}` })
    await ack({ response_action: 'update', view: toldModal(added === null ? 'It was added before.' : addedText(added, deps.agent.hasKey)) })
  })
}

export function listenToTaskModal(app: App, deps: BotDeps): void {
  listenToShortcut(app, deps)
  listenToModal(app, deps)
}
