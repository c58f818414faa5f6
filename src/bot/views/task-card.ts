import type { KnownBlock } from '@slack/types'
import type { TaskCardView } from '../../services/office/card.ts'
import type { TaskNote } from '../../services/office/note.ts'
import type { ContactLinks, GuestMessage } from '../../services/signing/message.ts'
import type { SignatureRequest, SigningState } from '../../services/signing/request.ts'
import { ACTION, cardValue, messageValue } from './action-ids.ts'
import { count, fitted, label, outside, person, quoted, toldContext, toldSection, unlinked } from './agent-text.ts'
import type { MessageView } from './alert.ts'
import { actions, button } from './blocks.ts'
import { COLOR } from './colors.ts'
import { escape, moment } from './text.ts'

/** Cards of what code does about a charter: its crew page, and its guests' signatures. No contact and no guest's link stands on them. */

const GUEST_STATE: Readonly<Record<SigningState, string>> = {
  requested: 'not sent yet',
  sent: 'sent',
  viewed: 'opened the page',
  signed: 'signed',
  declined: 'declined',
  expired: 'not signed in time',
  withdrawn: 'taken back',
}

/** The same as the end of a sentence that begins with the guest. */
const GUEST_DID: Readonly<Record<Extract<TaskNote, { type: 'guest' }>['did'], string>> = {
  viewed: 'opened the page',
  signed: 'signed',
  declined: 'declined',
  expired: 'did not sign in time',
}

const isOpen = ({ state }: SignatureRequest): boolean => state === 'requested' || state === 'sent' || state === 'viewed'

function about({ charter, task }: TaskCardView): string {
  if (charter === null) return outside(task.charterId ?? task.title, 100)
  return [charter.id, charter.date, charter.vessel, charter.client].map((part) => outside(part, 60)).join(' · ')
}

/** When it came to be as it is. */
function since({ state, sentAt, sentBy, viewedAt, endedAt }: SignatureRequest): string {
  if (state === 'sent') return ` ${moment(sentAt)} by ${person(sentBy)}`
  const at = state === 'viewed' ? viewedAt : state === 'expired' ? null : endedAt
  return at === null ? '' : ` ${moment(at)}`
}

/** How it got there. */
function before(request: SignatureRequest): string {
  const { state, sentAt, sentBy, reminders, viewedAt } = request
  const last = reminders.at(-1)
  const facts = [
    sentAt === null || state === 'sent' ? null : `sent ${moment(sentAt)} by ${person(sentBy)}`,
    viewedAt === null || state === 'viewed' || state === 'signed' || state === 'declined' ? null : `opened ${moment(viewedAt)}`,
    last === undefined ? null : `reminded ${moment(last.at)} by ${person(last.by)}`,
  ].filter((fact): fact is string => fact !== null)
  return facts.length === 0 ? '' : `\n${facts.join(', ')}`
}

function guestLine(request: SignatureRequest): string {
  const reason = request.declineReason === null ? '' : `\n${quoted(request.declineReason, 300)}`
  return `*${fitted(request.guest, 120)}*: ${GUEST_STATE[request.state]}${since(request)}${before(request)}${reason}`
}

/** Slack takes 50 blocks; each guest takes two. */
const MOST_GUESTS = 20

/** Whoever is to be written to first, then whoever was and has not signed: of more guests than fit, those who need somebody are shown. */
const turn = (request: SignatureRequest): number => (!isOpen(request) ? 2 : request.sentAt === null ? 0 : 1)

function guestBlocks(signatures: readonly SignatureRequest[]): KnownBlock[] {
  const inTurn = signatures.length > MOST_GUESTS ? signatures.toSorted((a, b) => turn(a) - turn(b)) : signatures
  return inTurn.slice(0, MOST_GUESTS).flatMap((request): KnownBlock[] => {
    const line = toldSection(guestLine(request))
    if (!isOpen(request)) return [line]
    const value = cardValue(request)
    return [
      line,
      actions([button(ACTION.prepareMessage, label(request.sentAt === null ? 'Write to the guest' : 'Remind the guest'), { value })]),
    ]
  })
}

function signatureCard(view: TaskCardView): MessageView {
  const { signatures, task } = view
  const signed = signatures.filter(({ state }) => state === 'signed').length
  const open = signatures.filter((request) => isOpen(request)).length
  const left = signatures.length - MOST_GUESTS
  // What was taken back is asked of nobody any more; a changed charter asks the same guest anew.
  const asked = signatures.filter(({ state }) => state !== 'withdrawn').length
  const none = signatures.length === 0 ? 'nobody is asked to sign' : 'all requests were taken back'
  const standing = asked === 0 ? none : `${signed} of ${asked} signed`
  const text = `Signatures for ${unlinked(about(view))}: ${standing}`
  const blocks: KnownBlock[] = [
    toldSection(`*Signatures: ${standing}*\n${about(view)}`),
    ...guestBlocks(signatures),
    ...(left > 0
      ? [
          toldContext(
            `… and ${count(left, 'more guest')}. Whoever is still to be written to comes first: the next ones move up as you send.`,
          ),
        ]
      : []),
    toldContext(
      open > 0 ? `Task ${task.id} · nothing is sent by the bot: you send each message, and say so with a button.` : `Task ${task.id}`,
    ),
  ]
  const isAll = signed > 0 && signed === asked
  const color = open > 0 ? COLOR.amber : isAll ? COLOR.green : COLOR.grey
  return { text, attachments: [{ color, fallback: text, blocks }] }
}

const NO_LINK = 'Its link cannot be shown: no public address is set (`JADA_PUBLIC_URL`), or the key that the link was sealed with is gone.'
const ALWAYS = 'the page follows the port sheet by itself; money and contacts are never on it.'

function pageCard(view: TaskCardView, address: string | null): MessageView {
  const { page, task } = view
  const text = `Crew page of ${unlinked(about(view))}`
  const state =
    page === null
      ? 'There is no page any more.'
      : address === null
        ? `Version ${page.version}, good until ${moment(page.expiresAt)}. ${NO_LINK}`
        : `Version ${page.version}. Whoever has the link can read it until ${moment(page.expiresAt)}.`
  const seen = page === null || page.openedAt === null ? 'Nobody has opened it yet.' : `Last opened ${moment(page.openedAt)}.`
  const blocks: KnownBlock[] = [
    toldSection(`*Crew page*\n${about(view)}`),
    toldSection(`${state} ${page === null ? '' : seen}`.trim()),
    ...(address === null ? [] : [actions([button(ACTION.openLink, 'Open the page', { url: address })])]),
    toldContext(page === null ? `Task ${task.id}` : `Task ${task.id} · ${ALWAYS}`),
  ]
  return { text, attachments: [{ color: page === null ? COLOR.grey : COLOR.green, fallback: text, blocks }] }
}

/** `address`: of the crew page; null when there is none to show. */
export function taskCardView(view: TaskCardView, address: string | null): MessageView {
  return view.task.kind === 'crew-page' ? pageCard(view, address) : signatureCard(view)
}

function names(guests: readonly string[]): string {
  const all = guests.map((guest) => unlinked(outside(guest, 80)))
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

/** A line in the thread of such a card. */
export function taskNoteText(note: TaskNote): string {
  switch (note.type) {
    case 'page-changed':
      return [
        'The page has changed with the port sheet:',
        ...note.changes.slice(0, 20).map((change) => `• ${unlinked(outside(change, 300))}`),
      ].join('\n')
    case 'guest': {
      const reason = note.reason === null ? '' : `\n${unlinked(quoted(note.reason, 600))}`
      return `${names([note.guest])} ${GUEST_DID[note.did]}.${reason}`
    }
    case 'asked-anew': {
      const made =
        note.made.length === 0
          ? ''
          : ` New requests for ${names(note.made)} are ready: write to them again, because the old links have ended.`
      const before =
        note.signedBefore.length === 0
          ? ''
          : ` ${names(note.signedBefore)} signed for the old details; a person decides whether that is enough.`
      return `The charter has changed, so unsigned requests were taken back.${made}${before}`
    }
    case 'reminder-wanted':
      return `A session says it is time to write to ${names(note.guests)}. The buttons on the card have the text ready.`
    case 'called-off':
      return 'The charter does not sail. Open requests were taken back, and the page says so.'
  }
}

/** Only for the operator who is about to write: the text, and links that open their own mail or message program. */
export function guestMessageView(request: SignatureRequest, { subject, text }: GuestMessage, contact: ContactLinks): MessageView {
  const ways =
    contact.kind === 'none'
      ? escape(contact.why)
      : contact.links.map(({ kind, to, href }) => `<${href}|${kind === 'sms' ? 'Text' : 'Mail'} ${escape(to)}>`).join(' · ')
  const head = `Message for ${fitted(request.guest, 120)}`
  const blocks: KnownBlock[] = [
    toldSection(`*${head}*\nSubject: ${fitted(subject, 300)}`),
    toldSection(`\`\`\`\n${text.replaceAll('`', "'").replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}\n\`\`\``),
    ...(ways.length < 2900 ? [toldSection(ways)] : []),
    actions([
      button(ACTION.markSent, request.sentAt === null ? 'I have sent it' : 'I have reminded them', {
        // What was shown is what is noted, however often it is pressed.
        value: messageValue(request),
        style: 'primary',
      }),
    ]),
    toldContext('Only you see this. Press the button when you have sent it: the bot cannot see that.'),
  ]
  return { text: unlinked(head), blocks }
}
