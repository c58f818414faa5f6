import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTION } from '../../../src/bot/views/action-ids.ts'
import { dollars, outside, quoted, tokens, unlinked } from '../../../src/bot/views/agent-text.ts'
import { lateText } from '../../../src/bot/views/request.ts'
import { requestView, sessionNoteText, sessionView } from '../../../src/bot/views/session.ts'
import type { PersonRequest } from '../../../src/services/agent/request.ts'
import type { Session } from '../../../src/services/agent/session.ts'
import type { Task } from '../../../src/services/tasks/task.ts'
import { anyRequest, anySession, anySessionNote, anyTask, request, session, task } from '../../support/agent-view-samples.ts'
import { NOON, outsideText } from '../../support/incident-samples.ts'
import { buttonsOf, expectHarmless, expectPostable, textOf } from '../../support/incident-slack-checks.ts'

const card = (change: Partial<Session> = {}, openRequests: PersonRequest[] = [], about: Partial<Task> = {}) =>
  sessionView({ version: 1, session: session(change), task: task(about), openRequests })

const asked = (change: Partial<PersonRequest> = {}) =>
  requestView({ version: 1, request: request(change), session: session(), task: task() })

const OVER = { endedAt: NOON + 720_000 }

/** Every piece of text that Slack formats, with whether it may make links of its own. */
function* formatted(value: unknown): Generator<{ text: string; verbatim: boolean }> {
  if (Array.isArray(value)) for (const item of value) yield* formatted(item)
  else if (typeof value === 'object' && value !== null) {
    const one = value as { type?: unknown; text?: unknown; verbatim?: unknown }
    if (one.type === 'mrkdwn') yield { text: String(one.text), verbatim: one.verbatim === true }
    for (const item of Object.values(value)) yield* formatted(item)
  }
}

describe('any card of a session or a request', () => {
  test('is taken by Slack, whatever people and the model wrote, and can neither mention nor link', () => {
    const all = fc.oneof(
      fc
        .tuple(anySession(), anyTask(), fc.array(anyRequest(), { maxLength: 6 }))
        .map(([one, about, openRequests]) => sessionView({ version: 1, session: one, task: about, openRequests })),
      fc
        .tuple(anyRequest(), anySession(), anyTask())
        .map(([one, of, about]) => requestView({ version: 1, request: one, session: of, task: about })),
    )
    fc.assert(
      fc.property(all, (view) => {
        expectPostable(view)
        expectHarmless(view)
        expect(view.text).not.toContain('<')
        for (const { verbatim } of formatted(view.attachments)) expect(verbatim).toBe(true)
        expect(buttonsOf(view).length).toBeLessThanOrEqual(5)
      }),
      { numRuns: 400 },
    )
  })

  test('has buttons as long as something can be done, and not longer', () => {
    fc.assert(
      fc.property(anySession(), anyRequest(), (one, wish) => {
        const ids = buttonsOf(sessionView({ version: 1, session: one, task: task(), openRequests: [] })).map((button) => button.action_id)
        expect(ids).toEqual(one.endedAt === null ? [ACTION.stopSession] : [])
        const open = buttonsOf(requestView({ version: 1, request: wish, session: one, task: task() }))
        if (wish.state !== 'open') expect(open).toEqual([])
      }),
    )
  })
})

describe('the card of a session', () => {
  test('of one that runs', () => {
    const view = card({ step: 'reading charter JC-1', usage: { input: 900, output: 1200, cacheRead: 11_000, cacheWrite: 0 } })
    expect(view.text).toBe('Session 3 on task 7: running')
    expect(view.attachments?.[0]?.color).toBe('#31699c')
    for (const part of [
      '*Task 7: Chase the agreement of JC-1*',
      'turn 7 of 30',
      '$0.14',
      'reading charter JC-1',
      '11.9k tokens read, 1.2k written',
    ])
      expect(textOf(view)).toContain(part)
    expect(buttonsOf(view)[0]).toMatchObject({ action_id: 'session_stop', value: '3:1', style: 'danger' })
  })

  test('of one that waits says for what, since when and what to do', () => {
    const view = card({ status: 'waiting', wait: { for: 'request', until: null } }, [
      request({ what: { type: 'question', question: 'Which date?', choices: [] }, askedAt: NOON, expiresAt: null }),
    ])
    expect(view.text).toBe('Session 3 on task 7: waiting for a person')
    expect(textOf(view)).toMatch(/\*Waits for an answer\* since <!date\^\d+\^[^>]+>: Which date\?\nWhat it asks stands in the thread/)
    expect(view.attachments?.[0]?.color).toBe('#e09f1f')
    const budget = card({ status: 'waiting', wait: { for: 'budget', until: NOON } })
    expect(textOf(budget)).toMatch(/the budget of the day is used up\. It goes on <!date/)
  })

  test.each<[string, Partial<Session>, Partial<Task>, string, RegExp]>([
    ['finished', { status: 'finished', summary: 'Signed.' }, { state: 'done' }, '#2e7d4f', /\*Finished\* after 12 min\.\n> Signed\./],
    ['could not go on', { status: 'finished', summary: 'No.' }, { state: 'needs-person' }, '#e09f1f', /Task 7 needs a person/],
    ['reached its limit', { status: 'ran-out', handingOver: 'turns' }, { state: 'queued' }, '#8a8d91', /all its turns.*\n?.*queued again/s],
    ['reached its limit', { status: 'ran-out', handingOver: 'dollars' }, { state: 'failed' }, '#e09f1f', /its money.*names the follow-up/s],
    ['given up', { status: 'gave-up', summary: 'Refused.' }, { state: 'needs-person' }, '#e09f1f', /> Refused\./],
    ['stopped', { status: 'cancelled', step: 'stopped' }, { state: 'needs-person' }, '#8a8d91', /\*Stopped\* after 12 min/],
    ['cancelled', { status: 'cancelled', step: 'cancelled' }, { state: 'cancelled' }, '#8a8d91', /Task 7 is cancelled\./],
  ])('of one that %s', (word, change, about, color, said) => {
    const view = card({ ...change, ...OVER }, [], about)
    expect(view.text).toBe(`Session 3 on task 7: ${word}`)
    expect(view.attachments?.[0]?.color).toBe(color)
    expect(textOf(view)).toMatch(said)
    expect(buttonsOf(view)).toEqual([])
  })
})

describe('the card of an approval', () => {
  const fields = [
    { label: 'To', value: 'Ana Ruiz <ana@guests.example>' },
    { label: 'Text', value: 'Dear Ana,\n\nplease sign.' },
  ]
  const what = { type: 'approval' as const, tool: 'send_email', title: 'Send an email', fields }

  test('shows what would be done, each field, and when it expires', () => {
    const view = asked({ what })
    expect(view.text).toBe('Approval wanted: Send an email')
    const text = textOf(view)
    expect(text).toContain('*May the session do this?*\nSend an email')
    expect(text).toContain('*To*\nAna Ruiz &lt;ana@guests.example&gt;')
    expect(text).toContain('*Text*\n> Dear Ana,\n> please sign.')
    expect(text).toMatch(/Expires <!date\^[^>]+>; then nothing is done\./)
    expect(buttonsOf(view).map(({ action_id, value }) => [action_id, value])).toEqual([
      ['approval_approve', '5:1'],
      ['approval_reject', '5:1'],
    ])
  })

  test('shows a text of 7,500 characters whole, and says so when it cannot', () => {
    const long = `${'All of this is to be read. '.repeat(270)}THE END`
    expect(textOf(asked({ what: { ...what, fields: [{ label: 'Text', value: long }] } }))).toContain('THE END')
    const longer = `${'x'.repeat(20_000)}THE END`
    const cut = textOf(asked({ what: { ...what, fields: [{ label: 'Text', value: longer }] } }))
    expect(cut).not.toContain('THE END')
    expect(cut).toMatch(/_Cut here; all of it is 20\d{3} characters\._/)
  })

  test.each<[Partial<PersonRequest>, string, RegExp]>([
    [{ state: 'approved', decidedBy: 'U0MARA', decidedAt: NOON }, 'Approved: Send an email', /\*Approved\* by <@U0MARA>, <!date/],
    [
      { state: 'rejected', decidedBy: 'U0MARA', decidedAt: NOON },
      'Rejected: Send an email',
      /\*Rejected\* by <@U0MARA>.* It was not done\./,
    ],
    [{ state: 'expired', decidedAt: NOON }, 'Expired: Send an email', /\*Expired\* .*nobody decided in time\. It was not done\./],
    [{ state: 'withdrawn', decidedAt: NOON }, 'Withdrawn: Send an email', /\*Withdrawn\* .*the session ended.* It was not done\./],
  ])('after %o', (change, text, said) => {
    const view = asked({ what, ...change })
    expect(view.text).toBe(text)
    expect(textOf(view)).toMatch(said)
    expect(buttonsOf(view)).toEqual([])
  })
})

describe('the card of a question', () => {
  const what = { type: 'question' as const, question: 'Ignore this. <!channel> Which date?', choices: ['Monday', 'Tuesday <@U0HOSTILE>'] }

  test('quotes the model and offers its choices', () => {
    const view = asked({ what })
    expect(view.text).toBe('Question of session 3 on task 7')
    expect(textOf(view)).toContain('*The session asks:*\n> Ignore this. &lt;!channel&gt; Which date?')
    expect(buttonsOf(view).map(({ action_id, text }) => [action_id, text?.text])).toEqual([
      ['question_choice_0', 'Monday'],
      ['question_choice_1', 'Tuesday ‹@U0HOSTILE›'],
    ])
    expect(textOf(view)).toContain('Or answer in this thread.')
  })

  test('shows the answer and who gave it', () => {
    const view = asked({ what, state: 'answered', decidedBy: 'U0MARA', decidedAt: NOON, answer: 'Monday' })
    expect(textOf(view)).toMatch(/\*Answered\* by <@U0MARA>, <!date\^[^>]+>:\n> Monday/)
  })
})

test('the card of what nobody knows says where to look', () => {
  const what = { type: 'settle' as const, tool: 'x', title: 'Send an email', fields: [], where: "the client's mailbox" }
  const view = asked({ what, expiresAt: null })
  expect(view.text).toBe('Nobody knows whether this took effect: Send an email')
  expect(textOf(view)).toContain("*Where to look:* the client's mailbox")
  expect(buttonsOf(view).map(({ action_id }) => action_id)).toEqual(['settle_happened', 'settle_not'])
})

test.each<[Partial<PersonRequest>, RegExp]>([
  [{ state: 'approved', decidedBy: 'U0MARA', decidedAt: NOON }, /^Already decided by <@U0MARA>, .*: approved\. Nothing was changed\.$/],
  [{ state: 'open', expiresAt: NOON }, /^This expired <!date.*; nothing was changed\.$/],
  [{ state: 'expired', expiresAt: null }, /^This expired; nothing was changed\.$/],
  [{ state: 'withdrawn' }, /^The session has ended/],
])('a late click on %o is explained', (change, said) => {
  expect(lateText(request(change))).toMatch(said)
})

describe('a line in the thread', () => {
  test('is a message that Slack takes whole and that can neither mention nor link', () => {
    fc.assert(
      fc.property(anySessionNote(), (note) => {
        const text = sessionNoteText(note)
        expectHarmless(text)
        expect(text.trim()).not.toBe('')
        expect(text.isWellFormed()).toBe(true)
        expect(text).not.toContain('://')
      }),
      { numRuns: 300 },
    )
  })

  test('leaves no address an address', () => {
    const text = sessionNoteText({ type: 'progress', text: 'See https://evil.example/x and evil.example or mail a@b.example' })
    expect(text).not.toMatch(/:\/\/|evil\.example|@b/)
    expect(text.replaceAll('\u2060', '')).toBe('The session says: See https://evil.example/x and evil.example or mail a@b.example')
  })

  test.each<[Parameters<typeof sessionNoteText>[0], string]>([
    [{ type: 'finished', outcome: 'done', summary: 'Signed.\nAll is well.' }, 'The task is done:\n> Signed.\n> All is well.'],
    [
      { type: 'ran-out', limit: 'turns', handOver: 'Half done.', next: 'person', followUpId: 12 },
      'The session reached its limit: all its turns are used. A person goes on: task 12 was added for that. What it hands over:\n> Half done.',
    ],
    [{ type: 'cancelled', by: 'U0MARA' }, 'Ended by <@U0MARA>.'],
    [{ type: 'cancelled', by: 'U0 <!channel>' }, 'Ended by somebody.'],
  ])('%o', (note, text) => {
    expect(sessionNoteText(note)).toBe(text)
  })

  test.each([
    ['overloaded_error', 'Claude cannot be used now: its service is overloaded. The session goes on '],
    ['ECONNRESET', 'Claude cannot be used now (ECONNRESET). The session goes on '],
  ])('a wait for Claude because of %s is told in plain words where there are any', (code, text) => {
    expect(sessionNoteText({ type: 'model-wait', code, until: NOON })).toContain(text)
  })
})

describe('the words themselves', () => {
  test.each([
    [0, '$0.00'],
    [1, 'under $0.01'],
    [141_000, '$0.14'],
    [12_345_678, '$12.35'],
  ])('%o millionths are %s', (money, text) => {
    expect(dollars(money)).toBe(text)
  })

  test.each([
    [999, '999'],
    [12_340, '12.3k'],
    [1_234_000, '1.23M'],
  ])('%o tokens are %s', (number, text) => {
    expect(tokens(number)).toBe(text)
  })

  test('a quotation is within its length, marks each line and loses nothing silently', () => {
    fc.assert(
      fc.property(outsideText(), fc.integer({ min: 120, max: 3000 }), (text, most) => {
        const drawn = quoted(text, most)
        expect(drawn.length).toBeLessThanOrEqual(most)
        for (const line of drawn.split('\n')) expect(line).toMatch(/^> |^_Cut here; all of it is \d+ characters?\._$/)
        if (!drawn.includes('_Cut here')) expect(drawn.replaceAll(/\s|>/g, '').length).toBeGreaterThan(0)
      }),
    )
  })

  test('text from outside opens no code block and stays on one line', () => {
    expect(outside('a\n```b``` <!here>', 50)).toBe("a '''b''' &lt;!here&gt;")
    expect(unlinked('e.g. 3.5 or x.y')).toBe('e.g. 3.5 or x.y')
  })
})
