import type { App } from '@slack/bolt'
import { tellGuest } from '../services/office/card.ts'
import type { SignatureRequest } from '../services/signing/request.ts'
import { isLive } from '../services/signing/request.ts'
import { contactLinks, guestMessage } from '../services/signing/message.ts'
import { markReminded, markSent } from '../services/signing/signing.ts'
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

function sent(deps: BotDeps): Handler {
  return async ({ value, user, triggerId }) => {
    const card = readCardValue(value)
    const now = deps.clock.now()
    const done = await deps.uow.run(async (ports): Promise<SignatureRequest | null> => {
      if (card === null || !(await ports.inbox.claimAct(triggerId, now))) return null
      const before = await ports.signing.find(card.id)
      // Which of the two it was is what the person saw when they sent it.
      const mark = before?.sentAt === null ? markSent : markReminded
      const marked = await mark(ports, card.id, user, now)
      if (marked !== null) await tellGuest(ports, marked, now)
      return marked
    })
    deps.wake()
    if (done === null) return OVER
    return plainView(done.reminders.length > 0 ? 'Noted: reminded.' : 'Noted: sent.')
  }
}

export function listenToGuestActions(app: App, deps: BotDeps): void {
  onClick(app, deps, ACTION.prepareMessage, prepare(deps))
  onClick(app, deps, ACTION.markSent, sent(deps))
}
