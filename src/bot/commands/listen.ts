import type { App, RespondArguments } from '@slack/bolt'
import { describeError } from '../../errors.ts'
import { checkAccess } from '../access.ts'
import type { BotDeps } from '../deps.ts'
import type { MessageView } from '../views/alert.ts'
import { plainView } from '../views/answers.ts'
import { isActing, parseCommand } from './parse.ts'
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
    const access = checkAccess(deps.access, input.user_id, input.channel_id, isActing(command))
    if (!access.allowed) {
      await ack()
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
    await respond(isPublic && !isActing(command) ? { ...view, response_type: 'in_channel' } : ephemeral(view))
  })
}
