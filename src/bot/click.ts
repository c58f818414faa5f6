import type { App, BlockAction, BlockElementAction } from '@slack/bolt'
import { checkAccess } from './access.ts'
import { ephemeral } from './commands/listen.ts'
import type { BotDeps } from './deps.ts'
import { touchHome } from './home.ts'
import { noteRefused } from './refused.ts'
import type { MessageView } from './views/alert.ts'
import { plainView } from './views/answers.ts'
import { answerModal } from './views/told.ts'

export interface Click {
  readonly user: string
  /** Slack's id of this very click: its effect is committed once. */
  readonly triggerId: string
  readonly actionId: string
  /** The button's value, or what was picked. */
  readonly value: string | undefined
  readonly blockId: string
}

function valueOf(action: BlockElementAction): string | undefined {
  if (action.type === 'button') return action.value
  if (action.type === 'static_select' || action.type === 'overflow') return action.selected_option.value
  return action.type === 'users_select' ? action.selected_user : undefined
}

/** Commits the click's effect; gives what is to be said to the person who clicked, and to nobody else. */
export type Handler = (click: Click) => Promise<MessageView | null>

/**
 * Registers a button for operators; others are told why not. Acts commit before they acknowledge: a lost click is pressed
 * again, an acknowledged one has happened. `replaces`: clicked in a message that only this person sees, the answer takes
 * its place.
 */
export function onClick(app: App, deps: BotDeps, actionId: string | RegExp, handle: Handler, replaces = false): void {
  app.action<BlockAction>(actionId, async ({ ack, body, action, respond }) => {
    const access = checkAccess(deps.access, body.user.id, body.channel?.id ?? '', true)
    // A click in Home comes from no channel, and there is nothing to respond to.
    const inHome = body.view?.type === 'home'
    const ownMessage = body.container['is_ephemeral'] === true
    const tell = async (view: MessageView, replace: boolean): Promise<void> => {
      if (inHome) await deps.openModal(body.trigger_id, answerModal(view))
      else await respond({ ...ephemeral(view), replace_original: replace && ownMessage })
    }
    if (!access.allowed) {
      await ack()
      await noteRefused(deps, body.user.id, `button:${action.action_id}`)
      await tell(plainView(access.explanation), false)
      return
    }
    const click = {
      user: body.user.id,
      triggerId: body.trigger_id,
      actionId: action.action_id,
      value: valueOf(action),
      blockId: action.block_id,
    }
    const view = await handle(click)
    await ack()
    if (inHome) await touchHome(deps, body.user.id)
    if (view !== null) await tell(view, replaces)
  })
}
