import type { App, BlockButtonAction, ViewSubmitAction } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { describeError } from '../errors.ts'
import { checkAccess } from './access.ts'
import type { BotDeps } from './deps.ts'
import { ephemeral } from './commands/listen.ts'
import { noteRefused } from './refused.ts'
import { ACTION, PASTE_BLOCK, PASTE_INPUT, PASTE_VIEW } from './views/action-ids.ts'
import { plainView } from './views/answers.ts'
import { consentText, consentWords, messageModal, pasteModal } from './views/reauth.ts'

/** An address that could be the end of a consent: it must carry a state. */
function problemWith(address: string): string | null {
  const url = URL.parse(address)
  if (url === null) return 'This is not an address. Copy all of it from the address bar; it begins with http.'
  return url.searchParams.has('state')
    ? null
    : "This is not the address that a consent ends on (it holds no state=). Copy the address of the page that comes after Google's."
}

/** The consent without a public address: a modal takes the address of the page that did not load. */
export function listenToPaste(app: App, deps: BotDeps, client: WebClient): void {
  app.action<BlockButtonAction>(ACTION.paste, async ({ ack, body, respond }) => {
    await ack()
    const access = checkAccess(deps.access, body.user.id, body.channel?.id ?? '', true)
    if (!access.allowed) {
      await noteRefused(deps, body.user.id, `button:${ACTION.paste}`)
      await respond(ephemeral(plainView(access.explanation)))
    } else if (body.view?.type === 'modal') await client.views.push({ trigger_id: body.trigger_id, view: pasteModal() })
    else await client.views.open({ trigger_id: body.trigger_id, view: pasteModal() })
  })
  app.view<ViewSubmitAction>(PASTE_VIEW, async ({ ack, body, view }) => {
    const address = view.state.values[PASTE_BLOCK]?.[PASTE_INPUT]?.value?.trim() ?? ''
    const access = checkAccess(deps.access, body.user.id, '', true)
    const problem = access.allowed ? problemWith(address) : access.explanation
    if (problem !== null) {
      await ack({ response_action: 'errors', errors: { [PASTE_BLOCK]: problem } })
      if (!access.allowed) await noteRefused(deps, body.user.id, `button:${PASTE_VIEW}`)
      return
    }
    // Google and the sheet take longer than the three seconds a submission may.
    await ack({ response_action: 'update', view: messageModal('Checking this with Google and reading one cell of the port sheet.') })
    const text = await deps.finishPasted(body.user.id, address).then(
      (outcome) => consentText(consentWords(outcome)),
      (error: unknown) => {
        deps.log.error('consent', `pasted address: ${describeError(error)}`)
        return 'Something went wrong on my side; it is in the log. Please start again with `/jada reauth`.'
      },
    )
    await client.views.update({ view_id: view.id, view: messageModal(text) })
  })
}
