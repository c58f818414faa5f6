import type { App, RespondArguments } from '@slack/bolt'
import { describeError, errorCode } from '../../errors.ts'
import { checkAccess } from '../access.ts'
import type { BotDeps } from '../deps.ts'
import type { MessageView } from '../views/alert.ts'
import { plainView } from '../views/answers.ts'
import { isRich } from '../views/health.ts'
import { noteRefused } from '../refused.ts'
import { isForOperators, parseCommand } from './parse.ts'
import { beginCommand } from './run.ts'

export function ephemeral(view: MessageView): RespondArguments {
  return { ...view, response_type: 'ephemeral', replace_original: false }
}

const BROKEN = plainView(
  'Something went wrong on my side; it is in the log. Please try again, and tell whoever looks after the bot if it stays so.',
)

/** `/jada ...`: access, effect, acknowledgement, answer, in this order. */
export function listenToCommands(app: App, deps: BotDeps): void {
  app.command('/jada', async ({ command: input, ack, respond }) => {
    const { command, isPublic } = parseCommand(input.text)
    const access = checkAccess(deps.access, input.user_id, input.channel_id, isForOperators(command))
    if (!access.allowed) {
      await ack()
      if (isForOperators(command)) await noteRefused(deps, input.user_id, `command:${command.name}`)
      await respond(ephemeral(plainView(access.explanation)))
      return
    }
    const answer = await beginCommand(deps, command, { user: input.user_id, triggerId: input.trigger_id }).catch((error: unknown) => {
      deps.log.error('command', `/jada ${command.name}: ${describeError(error)}`)
      return { first: null, later: () => Promise.resolve(BROKEN) }
    })
    await ack()
    if (answer.first !== null) await respond(ephemeral(answer.first))
    if (answer.later === null) return
    const view = await answer.later().catch((error: unknown) => {
      deps.log.error('command', `/jada ${command.name}: ${describeError(error)}`)
      return BROKEN
    })
    if (view === null) return
    const show = (shown: MessageView): Promise<unknown> =>
      respond(isPublic && !isForOperators(command) ? { ...shown, response_type: 'in_channel' } : ephemeral(shown))
    if ('pages' in view) {
      for (const page of view.pages) await show(page)
      return
    }
    if (!isRich(view)) {
      await show(view)
      return
    }
    const { plain, ...rich } = view
    await show(rich).catch(async (error: unknown) => {
      // Slack does not take these blocks everywhere yet (`invalid_blocks`); whatever else it is, a second refusal says so.
      if (errorCode(error) !== 'slack_bolt_respond_error') throw error
      await show(plain)
    })
  })
}
