import { guestMessageView, taskCardView, taskNoteText } from '../../src/bot/views/task-card.ts'
import type { CrewPage } from '../../src/services/crew/page.ts'
import type { TaskCardView } from '../../src/services/office/card.ts'
import type { TaskNote } from '../../src/services/office/note.ts'
import { contactLinks, guestMessage, type ContactLinks } from '../../src/services/signing/message.ts'
import type { SignatureRequest, SigningState } from '../../src/services/signing/request.ts'
import type { Task } from '../../src/services/tasks/task.ts'
import { charter as anyCharter } from './agent-desk.ts'
import { task } from './agent-view-samples.ts'
import type { Shown } from './gallery-cards.ts'
import { NOON } from './incident-samples.ts'
import { request as anyRequest } from './signing-samples.ts'

/** Cards of what code does about a charter, the lines in their threads, and what an operator is shown for a guest. */

const HOUR = 3_600_000
const MARA = 'U0MARA'
const CREW_ADDRESS = 'https://bot.jada.example/crew/not-a-real-token'
const SIGN_ADDRESS = 'https://bot.jada.example/sign/not-a-real-token'

/** Sails on Wednesday morning, two days after `NOON`. */
const charter = () => anyCharter({ id: 'JC-1105', date: '2026-03-04', vessel: 'Marisol', tab: '2026-03' })

const request = (change: Partial<SignatureRequest> = {}): SignatureRequest =>
  anyRequest({
    charterId: charter().id,
    details: { date: charter().date, start: charter().start, end: charter().end, vessel: charter().vessel },
    startsAt: charter().startsAt,
    expiresAt: charter().startsAt + 2 * HOUR,
    requestedAt: NOON - 32 * HOUR,
    ...change,
  })

const about = (kind: 'crew-page' | 'e-signature', change: Partial<Task> = {}): Task =>
  task({ kind, title: `About ${charter().id}`, charterId: charter().id, state: 'done', origin: { via: 'bot', by: null }, ...change })

const PAGE: CrewPage = {
  id: 1,
  charterId: charter().id,
  state: 'live',
  link: { hash: 'hash', sealed: 'sealed' },
  version: 3,
  startsAt: charter().startsAt,
  expiresAt: charter().endsAt + 168 * HOUR,
  ownChecklist: null,
  officeNotes: '',
  madeBy: null,
  madeAt: NOON - 48 * HOUR,
  revokedBy: null,
  revokedAt: null,
  openedAt: NOON - HOUR,
  openedVersion: 2,
}

const card = (change: Partial<TaskCardView> & Pick<TaskCardView, 'task'>): TaskCardView => ({
  version: 1,
  charter: charter(),
  page: null,
  signatures: [],
  ...change,
})

const SENT = { sentAt: NOON - 30 * HOUR, sentBy: MARA }
const OPENED = { ...SENT, viewedAt: NOON - 28 * HOUR }

/** One guest in every state. */
const GUESTS: Readonly<Record<SigningState, Readonly<Record<string, Partial<SignatureRequest>>>>> = {
  requested: { 'Ana Ruiz': {} },
  sent: { 'Leo Ruiz': SENT, 'Ivy Testerman': { ...SENT, reminders: [{ at: NOON - 2 * HOUR, by: 'U0TOM' }] } },
  viewed: { 'Max Exampleson': OPENED, 'Cora Standin': { viewedAt: NOON - HOUR } },
  signed: { 'Nora Madeup': { ...OPENED, endedAt: NOON - 27 * HOUR }, 'Abel Mockford': { viewedAt: NOON - HOUR, endedAt: NOON - HOUR } },
  declined: {
    'Hugo Pretendo': { ...OPENED, endedAt: NOON - 3 * HOUR, declineReason: 'I would rather sign on paper.\nWe can do it at the dock.' },
    'Lena Fictiva': { ...OPENED, endedAt: NOON - 3 * HOUR },
  },
  expired: { 'Finn Dummyvale': { ...SENT, endedAt: charter().startsAt + 2 * HOUR } },
  withdrawn: { 'Ruth Imaginary': { ...SENT, endedAt: NOON - HOUR, withdrawnWhy: 'cancelled' } },
}

const guests = (...states: readonly SigningState[]): SignatureRequest[] =>
  states
    .flatMap((state) => Object.entries(GUESTS[state]).map(([guest, change]) => [state, guest, change] as const))
    .map(([state, guest, change], index) => request({ id: index + 1, guest, state, ...change }))

const ALL = Object.keys(GUESTS) as SigningState[]

const CARDS: Readonly<Record<string, { readonly view: TaskCardView; readonly address?: string }>> = {
  'crew page': { view: card({ task: about('crew-page'), page: PAGE }), address: CREW_ADDRESS },
  'crew page, nobody looked yet': {
    view: card({ task: about('crew-page'), page: { ...PAGE, version: 1, openedAt: null, openedVersion: null } }),
    address: CREW_ADDRESS,
  },
  'crew page, without an address': { view: card({ task: about('crew-page'), page: PAGE }) },
  'crew page, gone': { view: card({ task: about('crew-page', { state: 'cancelled' }) }) },
  'crew page, charter gone from the sheet': { view: card({ task: about('crew-page'), charter: null, page: PAGE }), address: CREW_ADDRESS },
  'signatures, every state of a guest': { view: card({ task: about('e-signature'), signatures: guests(...ALL) }) },
  'signatures, nobody wrote yet': {
    view: card({ task: about('e-signature'), signatures: [request(), request({ id: 2, guest: 'Leo Ruiz' })] }),
  },
  'signatures, all signed': { view: card({ task: about('e-signature'), signatures: guests('signed') }) },
  'signatures, none left open': { view: card({ task: about('e-signature'), signatures: guests('signed', 'declined', 'expired') }) },
  'signatures, called off': { view: card({ task: about('e-signature'), signatures: guests('withdrawn') }) },
  'signatures, nobody is asked': { view: card({ task: about('e-signature') }) },
  'signatures, of many': {
    view: card({
      task: about('e-signature'),
      signatures: Array.from({ length: 23 }, (_, index) =>
        request({ id: index + 1, guest: `Guest Number ${index + 1}`, ...SENT, state: 'sent' }),
      ),
    }),
  },
}

export function officeCards(): Shown[] {
  return Object.entries(CARDS).map(([name, { view, address }]) => ({ name, view: taskCardView(view, address ?? null) }))
}

type NoteOf<T extends TaskNote['type']> = Readonly<Record<string, Extract<TaskNote, { type: T }>>>

const DID: Readonly<Record<Extract<TaskNote, { type: 'guest' }>['did'], string | null>> = {
  viewed: null,
  signed: null,
  declined: 'I would rather sign on paper.',
  expired: null,
}

const NOTES: { readonly [T in TaskNote['type']]: NoteOf<T> } = {
  'page-changed': { '': { type: 'page-changed', changes: ['Start 10:00 → 11:30', 'Captain Sam → Capt. Dee'] } },
  guest: Object.fromEntries(
    Object.entries(DID).map(([did, reason]) => [did, { type: 'guest' as const, guest: 'Ana Ruiz', did: did as keyof typeof DID, reason }]),
  ),
  'asked-anew': {
    'some signed': { type: 'asked-anew', made: ['Leo Ruiz'], signedBefore: ['Ana Ruiz'] },
    'all anew': { type: 'asked-anew', made: ['Ana Ruiz', 'Leo Ruiz'], signedBefore: [] },
    'a guest less': { type: 'asked-anew', made: [], signedBefore: [] },
  },
  'reminder-wanted': { '': { type: 'reminder-wanted', guests: ['Ana Ruiz', 'Leo Ruiz'] } },
  'called-off': { '': { type: 'called-off' } },
}

const CONTACTS: Readonly<Record<string, { kind: ContactLinks['kind']; contact: string }>> = {
  'phone and mail': { kind: 'links', contact: 'ana@guests.example, (619) 555-0101' },
  'mail alone': { kind: 'links', contact: 'ana@guests.example' },
  'no contact': { kind: 'none', contact: '' },
  'a contact nobody can use': { kind: 'none', contact: 'ask Sailo' },
}

export function officeNotes(): Shown[] {
  const notes = Object.entries(NOTES).flatMap(([type, all]) =>
    Object.entries(all).map(([name, note]: [string, TaskNote]) => ({
      name: `${type}${name === '' ? '' : `, ${name}`}`,
      view: { text: taskNoteText(note) },
    })),
  )
  const messages = Object.entries(CONTACTS).map(([name, { contact, kind: expected }], index) => {
    const one = request(index === 0 ? {} : { ...SENT, state: 'sent' })
    const message = guestMessage(one, { address: SIGN_ADDRESS, kind: index === 0 ? 'request' : 'reminder' })
    const links = contactLinks(contact, message)
    if (links.kind !== expected) throw new Error(`${name} has ${links.kind}`)
    return { name: `message for a guest, ${name}`, view: guestMessageView(one, message, links), to: MARA }
  })
  return [...notes, ...messages]
}
