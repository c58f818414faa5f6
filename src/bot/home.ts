import { createHash } from 'node:crypto'
import type { App, BlockButtonAction } from '@slack/bolt'
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'
import { describeError } from '../errors.ts'
import type { HomePublished, HomeScreen } from '../services/status/home-ports.ts'
import { checkAccess, type AccessRules } from './access.ts'
import type { Command } from './commands/parse.ts'
import { beginCommand } from './commands/run.ts'
import type { BotDeps } from './deps.ts'
import { noteRefused } from './refused.ts'
import type { SlackClients } from './slack-client.ts'
import { ACTION } from './views/action-ids.ts'
import type { MessageView } from './views/alert.ts'
import { plainView } from './views/answers.ts'
import { homeView, settled } from './views/home.ts'
import { answerModal } from './views/told.ts'

/** The Home tab: drawing it for one person, and the buttons on it that are nowhere else. */

// Whoever it is, Slack will not take a Home for them from us.
const REFUSED = new Set(['user_not_found', 'user_is_restricted', 'not_enabled', 'view_too_large', 'invalid_arguments', 'invalid_blocks'])

function toPublished(error: unknown): HomePublished {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'later', code: 'ratelimited', waitMs: error.retryAfter * 1000 }
  if (!(error instanceof WebAPIPlatformError)) return { kind: 'later', code: describeError(error), waitMs: null }
  const code = error.data.error
  if (code === 'hash_conflict') return { kind: 'outdated' }
  return REFUSED.has(code) ? { kind: 'refused', code } : { kind: 'later', code, waitMs: null }
}

export function createHomeScreen({ posts }: Pick<SlackClients, 'posts'>, { operators, opsChannel }: AccessRules): HomeScreen {
  return {
    draw: (home, user) => {
      const viewer = { mayAct: operators.includes(user), operators, opsChannel }
      const fingerprint = createHash('sha256')
        .update(JSON.stringify(homeView(settled(home), viewer)))
        .digest('base64url')
      return {
        fingerprint,
        publish: async (viewHash) => {
          try {
            const race = viewHash === null ? {} : { hash: viewHash }
            const answer = await posts.views.publish({ user_id: user, view: homeView(home, viewer), ...race })
            return { kind: 'published', viewHash: answer.view?.hash ?? null }
          } catch (error) {
            return toPublished(error)
          }
        },
      }
    },
  }
}

/** What this person's own act changed is to be seen at once. */
export async function touchHome({ uow, clock, wake }: Pick<BotDeps, 'uow' | 'clock' | 'wake'>, user: string): Promise<void> {
  await uow.run(({ homes }) => homes.touch(user, clock.now()))
  wake()
}

const BROKEN = plainView('Something went wrong on my side; it is in the log. Please try again.')

interface HomeButton {
  readonly command: Command
  /** The answer is worth a window; of the others Home itself shows the effect. */
  readonly tells: boolean
}

const BUTTONS: Readonly<Record<string, HomeButton>> = {
  [ACTION.homeSync]: { command: { name: 'sync-now' }, tells: false },
  [ACTION.homeAudit]: { command: { name: 'health-now' }, tells: false },
  [ACTION.homeReauth]: { command: { name: 'reauth', repin: false }, tells: true },
  [ACTION.homeAdd]: { command: { name: 'task-add', kind: null, title: '' }, tells: true },
  [ACTION.homePause]: { command: { name: 'pause-agent', forMs: null }, tells: false },
  [ACTION.homeResume]: { command: { name: 'resume' }, tells: false },
}

/** Does what the command of the same name does. Acts commit before they are acknowledged. */
export function listenToHome(app: App, deps: BotDeps): void {
  for (const [actionId, { command, tells }] of Object.entries(BUTTONS)) {
    app.action<BlockButtonAction>(actionId, async ({ ack, body }) => {
      const { id: user } = body.user
      const tell = (view: MessageView): Promise<void> => deps.openModal(body.trigger_id, answerModal(view))
      const access = checkAccess(deps.access, user, '', true)
      if (!access.allowed) {
        await ack()
        await noteRefused(deps, user, `button:${actionId}`)
        await tell(plainView(access.explanation))
        return
      }
      const failed = (error: unknown): MessageView => {
        deps.log.error('command', `home, ${command.name}: ${describeError(error)}`)
        return BROKEN
      }
      const answer = await beginCommand(deps, command, { user, triggerId: body.trigger_id }).catch((error: unknown) => ({
        first: failed(error),
        later: null,
      }))
      await ack()
      await touchHome(deps, user)
      if (answer.first === BROKEN) await tell(BROKEN)
      const said = answer.later === null ? null : await answer.later().catch(failed)
      if (said !== null && 'text' in said && (tells || said === BROKEN)) await tell(said)
      await touchHome(deps, user)
    })
  }
}
