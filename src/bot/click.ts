import type { App, BlockButtonAction } from '@slack/bolt'
import { checkAccess } from './access.ts'
import { ephemeral } from './commands/listen.ts'
import type { BotDeps } from './deps.ts'
import type { MessageView } from './views/alert.ts'
import { plainView } from './views/answers.ts'

export interface Click {
  readonly user: string
  /** Slack's id of this very click: its effect is committed once. */
  readonly triggerId: string
  readonly actionId: string
  readonly value: string | undefined
}

/** Commits the click's effect; gives what is to be said to the person who clicked, and to nobody else. */
export type Handler = (click: Click) => Promise<MessageView | null>

/**
 * Registers a button for operators; others are told why not. Acts commit before they acknowledge: a lost click is pressed
 * again, an acknowledged one has happened.
 */
export function onClick(app: App, deps: BotDeps, actionId: string | RegExp, handle: Handler): void {
  app.action<BlockButtonAction>(actionId, async ({ ack, body, action, respond }) => {
    const access = checkAccess(deps.access, body.user.id, body.channel?.id ?? '', true)
    if (!access.allowed) {
      await ack()
      await respond(ephemeral(plainView(access.explanation)))
      return
    }
    const click = { user: body.user.id, triggerId: body.trigger_id, actionId: action.action_id, value: action.value }
    const view = await handle(click)
    await ack()
    if (view !== null) await respond(ephemeral(view))
  })
}
