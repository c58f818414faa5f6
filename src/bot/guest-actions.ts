import type { App } from '@slack/bolt'
import { noteSent } from '../services/office/note-sent.ts'
import { isLive } from '../services/signing/request.ts'
import { contactLinks, guestMessage } from '../services/signing/message.ts'
import { onClick, type Handler } from './click.ts'
import type { BotDeps } from './deps.ts'
import { ACTION, readCardValue } from './views/action-ids.ts'
import { plainView } from './views/answers.ts'
import { guestMessageView } from './views/task-card.ts'

/** Writing to guests: the bot prepares the message, a person sends it, and only their click says so. */

const OVER = plainView('This request is over: it was signed, declined, taken back, or its time has passed. The card shows which.')
const UNKNOWN = plainView('I do not know what this button belongs to any more.')

function prepare(deps: BotDeps): Handler {
  return async ({ value }) => {
    const card = readCardValue(value)
    return deps.uow.run(async (ports) => {
      const request = card === null ? null : await ports.signing.find(card.id)
      if (request === null) return UNKNOWN
      const address = isLive(request) ? deps.signAddress(request) : null
      if (address === null) return OVER
      const contact = (await ports.charterReader.find(request.charterId))?.charter.contact ?? ''
      const message = guestMessage(request, { address, kind: request.sentAt === null ? 'request' : 'reminder' })
      return guestMessageView(request, message, contactLinks(contact, message))
    })
  }
}

const NOTED = {
  sent: plainView('Noted: sent.'),
  reminded: plainView('Noted: reminded.'),
  known: plainView('That is noted already; nothing was changed. To write once more, press the button on the card.'),
  over: OVER,
} as const

function sent(deps: BotDeps): Handler {
  return async ({ value, user, triggerId }) => {
    const shown = readCardValue(value)
    if (shown === null) return UNKNOWN
    const now = deps.clock.now()
    const noted = await deps.uow.run(async (ports) => {
      // Slack may tell us of one click twice.
      if (!(await ports.inbox.claimAct(triggerId, now))) return null
      return noteSent(ports, { requestId: shown.id, notedBefore: shown.version, by: user }, now)
    })
    deps.wake()
    return noted === null ? null : NOTED[noted.kind]
  }
}

export function listenToGuestActions(app: App, deps: BotDeps): void {
  onClick(app, deps, ACTION.prepareMessage, prepare(deps))
  onClick(app, deps, ACTION.markSent, sent(deps))
}
