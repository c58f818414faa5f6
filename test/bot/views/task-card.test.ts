import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guestMessageView, taskCardView, taskNoteText } from '../../../src/bot/views/task-card.ts'
import type { CrewPage } from '../../../src/services/crew/page.ts'
import type { TaskCardView } from '../../../src/services/office/card.ts'
import { contactLinks, guestMessage } from '../../../src/services/signing/message.ts'
import { SIGNING_STATES } from '../../../src/services/signing/request.ts'
import { charter } from '../../support/agent-desk.ts'
import { task } from '../../support/agent-view-samples.ts'
import { NOON, outsideText } from '../../support/incident-samples.ts'
import { buttonsOf, expectHarmless, expectPostable, textOf } from '../../support/incident-slack-checks.ts'
import { request } from '../../support/signing-samples.ts'

const card = (change: Partial<TaskCardView>, kind = 'e-signature'): TaskCardView => ({
  version: 1,
  task: task({ kind, charterId: 'JC-1101', state: 'done' }),
  charter: charter(),
  page: null,
  signatures: [],
  ...change,
})

const crewPage = (): CrewPage => ({
  id: 1,
  charterId: 'JC-1101',
  state: 'live',
  link: { hash: 'f'.repeat(64), sealed: 'x' },
  version: 3,
  startsAt: NOON,
  expiresAt: NOON + 86_400_000,
  ownChecklist: null,
  officeNotes: '',
  madeBy: null,
  madeAt: NOON,
  revokedBy: null,
  revokedAt: null,
  openedAt: null,
  openedVersion: null,
})

const said = (change: Partial<TaskCardView>, kind?: string): string => textOf(taskCardView(card(change, kind), null))

describe('the card of signatures', () => {
  test('is taken by Slack, whatever the port sheet and the guests wrote, and can neither mention nor link', () => {
    const guest = fc.record({
      guest: outsideText(),
      declineReason: fc.option(outsideText(), { nil: null }),
      state: fc.constantFrom(...SIGNING_STATES),
    })
    fc.assert(
      fc.property(fc.array(guest, { maxLength: 30 }), outsideText(), (guests, client) => {
        const signatures = guests.map((one, index) => request({ id: index + 1, sentAt: NOON, sentBy: 'U0MARA', ...one }))
        const view = taskCardView(card({ signatures, charter: charter({ client, vessel: client }) }), null)
        expectPostable(view)
        expectHarmless(view)
      }),
    )
  })

  test('says of each guest how it stands, since when, and who wrote', () => {
    const sent = { sentAt: NOON, sentBy: 'U0MARA' }
    const text = said({
      signatures: [
        request({ state: 'signed', endedAt: NOON, ...sent }),
        request({ id: 2, guest: 'Leo Ruiz', state: 'sent', ...sent, reminders: [{ at: NOON, by: 'U0TOM' }] }),
        request({ id: 3, guest: 'Ivy', state: 'declined', endedAt: NOON, declineReason: 'On paper' }),
      ],
    })
    expect(text).toContain('*Signatures: 1 of 3 signed*')
    expect(text).toMatch(/\*Ana Ruiz\*: signed <!date[^>]+>\nsent <!date[^>]+> by <@U0MARA>\n/)
    expect(text).toMatch(/\*Leo Ruiz\*: sent <!date[^>]+> by <@U0MARA>\nreminded <!date[^>]+> by <@U0TOM>/)
    expect(text).toMatch(/\*Ivy\*: declined <!date[^>]+>\n> On paper/)
  })

  test('counts nobody whose request was taken back', () => {
    const state = 'withdrawn' as const
    const signed = request({ state: 'signed', endedAt: NOON })
    const view = taskCardView(card({ signatures: [signed, request({ id: 2, state, endedAt: NOON })] }), null)
    expect(textOf(view)).toContain('*Signatures: 1 of 1 signed*')
    expect(view.attachments?.[0]?.color).toBe('#2e7d4f')
    expect(said({ signatures: [request({ state, endedAt: NOON })] })).toContain('*Signatures: all requests were taken back*')
  })

  test('offers to write to those who are open, once for each', () => {
    const signatures = SIGNING_STATES.map((state, index) =>
      request({ id: index + 1, guest: state, state, sentAt: state === 'requested' ? null : NOON }),
    )
    const buttons = buttonsOf(taskCardView(card({ signatures }), null)).map(({ text, value }) => [text?.text, value])
    expect(buttons).toEqual([
      ['Write to the guest', '1:1'],
      ['Remind the guest', '2:1'],
      ['Remind the guest', '3:1'],
    ])
  })

  test('of nobody says so, and is not green', () => {
    const view = taskCardView(card({}), null)
    expect(textOf(view)).toContain('nobody is asked to sign')
    expect(view.attachments?.[0]?.color).toBe('#8a8d91')
  })
})

test('the card of a crew page that is gone stays the card of a crew page, and says nothing of a page that is there', () => {
  const text = said({}, 'crew-page')
  expect(text).toContain('There is no page any more.')
  expect(text).not.toContain('follows the port sheet')
})

test('a page whose link cannot be shown speaks of no link that somebody has', () => {
  const text = said({ page: crewPage() }, 'crew-page')
  expect(text).toContain('Its link cannot be shown')
  expect(text).not.toContain('Whoever has the link')
})

test('a line about guests is a sentence', () => {
  const said = (did: 'signed' | 'expired') => taskNoteText({ type: 'guest', guest: 'Ana Ruiz', did, reason: null })
  expect([said('signed'), said('expired')]).toEqual(['Ana Ruiz signed.', 'Ana Ruiz did not sign in time.'])
  expect(taskNoteText({ type: 'reminder-wanted', guests: ['Ana', 'Leo', 'Mia'] })).toContain('time to write to Ana, Leo and Mia.')
})

test('a line about guests names them and nobody else', () => {
  fc.assert(
    fc.property(outsideText(), outsideText(), (guest, reason) => {
      for (const text of [
        taskNoteText({ type: 'guest', guest, did: 'declined', reason }),
        taskNoteText({ type: 'asked-anew', made: [guest], signedBefore: [guest] }),
        taskNoteText({ type: 'reminder-wanted', guests: [guest] }),
        taskNoteText({ type: 'page-changed', changes: [reason] }),
      ])
        expectHarmless({ text })
    }),
  )
})

test('the message for a guest has a link for each way to reach them, and one button', () => {
  const one = request()
  const message = guestMessage(one, { address: 'https://bot.jada.example/sign/x', kind: 'request' })
  const view = guestMessageView(one, message, contactLinks('ana@guests.example, (619) 555-0101', message))
  expectPostable(view)
  expect(textOf(view)).toMatch(
    /<sms:\+16195550101\?&body=[^|>]+\|Text \+16195550101> · <mailto:ana@guests\.example\?[^|>]+\|Mail ana@guests\.example>/,
  )
  expect(buttonsOf(view).map(({ text }) => text?.text)).toEqual(['I have sent it'])
})
