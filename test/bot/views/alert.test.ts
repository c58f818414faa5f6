import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTION, cardValue, readCardValue, readOptionValue } from '../../../src/bot/views/action-ids.ts'
import { alertView, applyButton, evidenceText, type CardFacts } from '../../../src/bot/views/alert.ts'
import { blockedText, failureText } from '../../../src/bot/views/failure.ts'
import { directText, noteText, threadText } from '../../../src/bot/views/note.ts'
import type { Incident, Note } from '../../../src/services/incidents/incident.ts'
import {
  anyIncident,
  anyNote,
  incident,
  KINDS,
  NETWORK_DOWN,
  NOON,
  NOT_CONNECTED_YET,
  REFUSAL_REASONS,
} from '../../support/incident-samples.ts'
import { buttonsOf, expectHarmless, expectPostable, ON_DUTY, textOf } from '../../support/incident-slack-checks.ts'

const BUSINESS = { now: NOON, readAt: NOON - 11_400_000, nextSailsAt: NOON + 18_000_000, stalePages: 2 }
const LINK = { reauthorize: 'https://bot.jada.example/oauth/google/start?ticket=abc', business: BUSINESS }
const NO_LINK = { reauthorize: null, business: null }
const view = (change: Partial<Incident> = {}, facts: CardFacts = LINK) => alertView(incident(change), facts)
const colorOf = (change: Partial<Incident>): unknown => view(change).attachments?.[0]?.color

describe('any card', () => {
  test('is taken by Slack, whatever the sheet and Google said', () => {
    fc.assert(
      fc.property(anyIncident(), fc.constantFrom(LINK, NO_LINK), (one, links) => {
        const card = alertView(one, links)
        expectPostable(card)
        expectHarmless(card)
      }),
      { numRuns: 400 },
    )
  })

  test('begins with its severity, or with how it ended', () => {
    fc.assert(
      fc.property(anyIncident(), (one) => {
        const { text, attachments } = alertView(one, LINK)
        const word = { critical: 'CRITICAL', warning: 'WARNING', notice: 'SET-UP' }[one.severity]
        const expected = one.state === 'resolved' ? (one.proven ? 'RESOLVED' : 'CLOSED, NOT PROVEN') : word
        expect(text.startsWith(`${expected}: `)).toBe(true)
        expect(attachments?.[0]?.fallback).toBe(text)
      }),
    )
  })

  test('always says what to do while it is open, also below long findings', () => {
    fc.assert(
      fc.property(anyIncident(), (one) => {
        fc.pre(one.state !== 'resolved' && one.state !== 'recovering')
        expect(textOf(alertView(one, LINK))).toContain('*What to do:*')
      }),
    )
  })

  test('is short: at most four fields, one row of at most six elements, one of them primary', () => {
    fc.assert(
      fc.property(anyIncident(), (one) => {
        const card = alertView(one, LINK)
        const blocks = card.attachments?.[0]?.blocks ?? []
        expect(blocks.length).toBeLessThanOrEqual(4)
        const buttons = buttonsOf(card)
        expect(buttons.length).toBeLessThanOrEqual(6)
        expect(buttons.filter(({ style }) => style === 'primary').length).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('mentions nobody in its text, so that an edit or a resolve rings nowhere', () => {
    fc.assert(
      fc.property(anyIncident(), (one) => {
        expect(alertView(one, LINK).text).not.toContain('<')
      }),
    )
  })
})

describe('colours', () => {
  test.each<[string, Partial<Incident>]>([
    ['#c62828', { state: 'open' }],
    ['#8e5bbf', { state: 'open', severity: 'warning' }],
    ['#31699c', { state: 'open', severity: 'notice' }],
    ['#e09f1f', { state: 'acknowledged', owner: 'U0MARA' }],
    ['#e09f1f', { state: 'recovering' }],
    ['#8a8d91', { state: 'snoozed', owner: 'U0MARA', snoozedUntil: NOON }],
    ['#2e7d4f', { state: 'resolved', proven: true, resolvedAt: NOON }],
    ['#8a8d91', { state: 'resolved', proven: false, resolvedAt: NOON, resolvedBy: 'U0MARA' }],
  ])('%s for %o', (color, change) => {
    expect(colorOf(change)).toBe(color)
  })
})

const buttons = (change: Partial<Incident>, links = LINK): string[] =>
  buttonsOf(view(change, links)).map(({ action_id, text, placeholder }) => `${action_id} "${text?.text ?? placeholder?.text ?? '…'}"`)

describe('buttons', () => {
  test('ids are those of the contract', () => {
    expect(ACTION).toMatchObject({
      reauthorize: 'reauthorize',
      ack: 'incident_ack',
      snooze: 'incident_snooze',
      assign: 'incident_assign',
      resolve: 'incident_resolve',
      syncApply: 'sync_apply',
    })
  })

  const REST = ['incident_ack "Acknowledge"', 'incident_snooze "Snooze"', 'incident_more "…"']

  test.each<[string, Partial<Incident>, string[]]>([
    ['a dead token', {}, ['reauthorize "Re-authorize"', ...REST]],
    ['a deleted account', { evidence: { ...incident().evidence, hint: 'account-deleted' } }, REST],
    ['wrong settings', { kind: 'google_configuration' }, REST],
    [
      'an API that is off',
      { kind: 'google_configuration', evidence: { ...incident().evidence, enableUrl: 'https://console.cloud.google.com/x' } },
      ['open_link "Enable the Sheets API"', ...REST],
    ],
    [
      'a held change',
      { kind: 'sheet_problem', evidence: { ...NETWORK_DOWN.evidence, holds: [{ tab: '2026-03', contentHash: 'abc' }] } },
      ['sync_apply "Apply"', ...REST],
    ],
    [
      'no connection yet',
      { kind: 'google_not_connected', severity: 'notice', evidence: NOT_CONNECTED_YET.evidence },
      ['reauthorize "Connect Google"'],
    ],
    [
      'a connection that is being made',
      { kind: 'google_not_connected', severity: 'notice', state: 'recovering', evidence: NOT_CONNECTED_YET.evidence },
      [],
    ],
    [
      'an acknowledged one',
      { state: 'acknowledged', owner: 'U0MARA' },
      ['reauthorize "Re-authorize"', 'incident_snooze "Snooze"', 'incident_more "…"'],
    ],
    [
      'a snoozed one',
      { state: 'snoozed', owner: 'U0MARA', snoozedUntil: NOON },
      ['reauthorize "Re-authorize"', 'incident_ack "Acknowledge"', 'incident_snooze "Snooze anew"', 'incident_more "…"'],
    ],
    ['a recovering one', { state: 'recovering' }, ['incident_resolve "Resolve"']],
    ['a resolved one', { state: 'resolved', proven: true, resolvedAt: NOON }, []],
  ])('of %s', (_name, change, expected) => {
    expect(buttons(change)).toEqual(expected)
  })

  test('carry the incident and the version that was seen', () => {
    expect(buttonsOf(view({ id: 12, version: 34 })).map(({ value, options }) => value ?? options?.map((one) => one.value))).toEqual([
      '12:34',
      '12:34',
      ['12:34:1h', '12:34:4h', '12:34:morning'],
      ['12:34:assign', '12:34:resolve'],
    ])
    expect(readOptionValue('12:34:4h')).toEqual({ id: 12, version: 34, option: '4h' })
    expect(readOptionValue('12:34')).toBeNull()
    expect(readCardValue(cardValue({ id: 12, version: 34 }))).toEqual({ id: 12, version: 34 })
  })

  test.each([undefined, '', '12', '12:', ':34', '12:34:56', '-1:2', '1e3:2', '12:34 ', `${'9'.repeat(16)}:1`])(
    'a value such as %o is nothing of ours',
    (value) => {
      expect(readCardValue(value)).toBeNull()
    },
  )

  test('Re-authorize is a link with a public address, and asks the bot without one', () => {
    expect(buttonsOf(view({}, LINK))[0]?.url).toBe(LINK.reauthorize)
    expect(buttonsOf(view({}, NO_LINK))[0]?.url).toBeUndefined()
  })

  test('Apply carries whole tabs only, as many as fit', () => {
    const holds = Array.from({ length: 60 }, (_, index) => ({ tab: `2026-${index} "März"`, contentHash: 'f'.repeat(64) }))
    const { value = '' } = applyButton(holds)
    const parsed = JSON.parse(value) as unknown[]
    expect(parsed.length).toBeGreaterThan(10)
    expect(parsed).toEqual(holds.slice(0, parsed.length).map(({ tab, contentHash }) => [tab, contentHash]))
  })
})

describe('the end of a card', () => {
  test('says how long it took and what the recovery brought', () => {
    const text = textOf(
      view({
        state: 'resolved',
        proven: true,
        resolvedAt: NOON + 42 * 60_000,
        evidence: { ...incident().evidence, firstFailureAt: NOON },
        resolution: '3 charters: 1 added, 2 changed',
      }),
    )
    expect(text).toContain('*Recovered after 42 min.* 3 charters: 1 added, 2 changed')
    expect(text).not.toContain('What to do')
  })

  test('of a first connection says so, and the first sync: nothing had been broken', () => {
    const text = textOf(
      view({
        kind: 'google_not_connected',
        severity: 'notice',
        state: 'resolved',
        proven: true,
        resolvedAt: NOON,
        evidence: NOT_CONNECTED_YET.evidence,
        resolution: '21 charters added.',
      }),
    )
    expect(text).toContain('*Google is connected.* The first sync: 21 charters added.')
    expect(text).not.toMatch(/Recovered|not-connected|no-refresh-token/)
    expect(view({ kind: 'google_not_connected', severity: 'notice', state: 'resolved', proven: true }).text).toBe(
      'RESOLVED: Google is connected, and the port sheet has been read',
    )
  })

  test('without proof says that nothing was proven', () => {
    expect(textOf(view({ state: 'resolved', proven: false, resolvedAt: NOON + 60_000, resolvedBy: 'U0MARA' }))).toContain(
      'not proven: nothing has shown yet that it works again. The next failure opens it again, here.',
    )
  })

  test('of a token that ends soon it does not speak of a failure', () => {
    const closed = { kind: 'oauth_token_expiring', state: 'resolved', proven: false, resolvedBy: 'U0MARA' } as const
    expect(textOf(view(closed))).toContain(
      'not proven: no newer consent has been seen. If the token still ends soon, this opens again, here.',
    )
  })

  test('of the first connection the headline follows the consent', () => {
    expect(view({ kind: 'google_not_connected', severity: 'notice', state: 'recovering' }).text).toBe(
      'SET-UP: Google is connected; the first sync runs',
    )
  })
})

describe('any note', () => {
  test('is a message Slack takes, without foreign mentions', () => {
    fc.assert(
      fc.property(anyNote(), anyIncident(), (note, one) => {
        const text = noteText(note, one, ON_DUTY)
        expectHarmless(text)
        expect(text.trim()).not.toBe('')
        expect(text.length).toBeLessThanOrEqual(12_000)
        expect(text.isWellFormed()).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test.each([
    { type: 'reopened' },
    { type: 'changed', from: 'sync_stale', escalated: false },
    { type: 'consented', email: '<!channel>' },
    { type: 'consent-refused', reason: 'wrong-account', account: '<!channel>' },
    { type: 'consent-refused', reason: 'probe-failed', account: '<!channel>' },
    { type: 'recovered', summary: '<!channel>' },
    { type: 'proven-later', summary: '<!channel>' },
    { type: 'evidence' },
    { type: 'still-failing' },
  ] as const)('$type does not let an account, a code or a sheet call the channel', (note) => {
    const evidence = {
      ...incident().evidence,
      hint: 'not-shared',
      account: '<!channel>',
      code: '<!channel>',
      detail: '<!channel>',
      findings: ['<!channel>'],
    }
    expect(noteText(note, incident({ evidence }), ON_DUTY)).not.toContain('<!channel>')
  })

  test('rings for whoever is on duty only when it became worse, or nobody reacts', () => {
    fc.assert(
      fc.property(anyNote(), anyIncident(), (note, one) => {
        expect(noteText(note, one, ON_DUTY).includes(`<@${ON_DUTY}>`)).toBe(
          (note.type === 'changed' && note.escalated) || (note.type === 'reminded' && !note.direct),
        )
      }),
    )
  })

  test('in the thread mentions nobody but whoever is on duty, or was given it', () => {
    fc.assert(
      fc.property(anyNote(), anyIncident(), (note, one) => {
        const told = threadText(note, one, ON_DUTY)
        expectHarmless(told)
        const quiet = ['acknowledged', 'snoozed', 'retried'].includes(note.type)
        const called = [ON_DUTY, ...(note.type === 'assigned' ? [note.to] : [])]
        if (!quiet) for (const [, user = ''] of told.matchAll(/<@(\w+)>/g)) expect(called).toContain(user)
      }),
    )
  })

  test('to the person on duty is a message Slack takes', () => {
    fc.assert(
      fc.property(anyIncident(), (one) => {
        const text = directText(one, 'C0OPS')
        expectHarmless(text)
        expectPostable({ text })
      }),
    )
  })

  test('the evidence of a recovery never mentions who resolved', () => {
    const resolved = incident({ state: 'resolved', proven: true, resolvedAt: NOON, resolvedBy: null, owner: 'U0MARA' })
    expect(noteText({ type: 'recovered', summary: 'no charter changed' }, resolved, ON_DUTY)).not.toContain('<@')
  })
})

describe('what went wrong', () => {
  test.each<[Parameters<typeof failureText>[0], string]>([
    [{ class: 'reauth-required', code: 'invalid_grant', status: 400 }, 'Google refuses our token (invalid_grant, HTTP 400)'],
    [{ class: 'network', code: 'ECONNREFUSED' }, 'Google could not be reached (ECONNREFUSED)'],
    [{ class: 'server', code: null, status: null }, 'Google has trouble of its own'],
    [{ class: 'of a later version', code: '<!channel>' }, 'of a later version (&lt;!channel&gt;)'],
    [{ class: 'constructor', code: 'x' }, 'constructor (x)'],
  ])('%o is said in plain words', (failed, words) => {
    expect(failureText(failed)).toBe(words)
  })

  test.each([
    ['configuration (invalid_client)', 'Google refuses our settings (invalid_client)'],
    ['unknown (too many (really) tries)', 'something unexpected happened (too many (really) tries)'],
    ['The bot stopped.', 'The bot stopped.'],
    [null, 'no reason known'],
  ])('a run that ended with %o as well', (summary, words) => {
    expect(blockedText(summary)).toBe(words)
  })

  test('is on the card in the same words, with the section of the runbook', () => {
    const linked = textOf(view({}, { ...LINK, runbook: 'https://bot.jada.example/runbook' }))
    expect(linked).toContain('Runbook: <https://bot.jada.example/runbook#oauth-token-failure|oauth-token-failure>')
    expect(textOf(view())).toMatch(/Google refuses our token \(invalid_grant, HTTP 400\) · Runbook: section oauth-token-failure$/m)
    expect(textOf(view({ evidence: { ...incident().evidence, class: null } }))).not.toContain('invalid_grant')
    expect(textOf(view({ evidence: { ...incident().evidence, findings: ['tab 2026-03, cell B2: Date is empty'] } }))).not.toContain(
      'invalid_grant',
    )
  })
})

describe('the words of the notes', () => {
  const said = (note: Note, change: Partial<Incident> = {}): string => noteText(note, incident(change), ON_DUTY)

  test('of the life of a dead token', () => {
    expect(said({ type: 'evidence' })).toBe(`What is known so far:
*What happened:* Google refuses our token (invalid_grant, HTTP 400)
*Google said:* "Token has been expired or revoked."
*Account:* office@jada.example
*First failure:* <!date^1772452735^{date_short_pretty} {time}|2026-03-02 11:58 UTC>
*Last success:* <!date^1772451000^{date_short_pretty} {time}|2026-03-02 11:30 UTC>
*Next try:* <!date^1772456400^{date_short_pretty} {time}|2026-03-02 13:00 UTC>`)
    expect(said({ type: 'still-failing' })).toBe(
      'It still fails: Google refuses our token (invalid_grant, HTTP 400). Next try <!date^1772456400^{date_short_pretty} {time}|2026-03-02 13:00 UTC>.',
    )
    expect(said({ type: 'consented', email: 'office@jada.example' })).toBe(
      'office@jada.example has consented and the new token can read the sheet. A sync runs now; its success closes this incident.',
    )
    const end = { state: 'resolved', proven: true, resolvedAt: NOON + 3 * 3_600_000 } as const
    expect(said({ type: 'recovered', summary: 'no charter changed' }, end)).toBe('Recovered after 3 h 1 m. No charter changed')
  })

  test.each(REFUSAL_REASONS)('a consent that ended as %s says what happened and that nothing changed', (reason) => {
    const text = said({ type: 'consent-refused', reason, account: 'someone@example.org' })
    expect(text).toMatch(/nothing changed|the old connection stays|is stored already/i)
    expect(text.split(' ').length).toBeGreaterThan(8)
  })

  test('of a first connection: no recovery, and the button it has', () => {
    const first = { kind: 'google_not_connected', evidence: NOT_CONNECTED_YET.evidence } as const
    expect(said({ type: 'recovered', summary: '21 charters added.' }, first)).toBe(
      'Google is connected. The first sync: 21 charters added.',
    )
    expect(said({ type: 'evidence' }, first)).toContain('Nothing is wrong: the bot waits for its first connection')
    expect(said({ type: 'consent-refused', reason: 'denied', account: null }, first)).toContain('Press Connect Google to try again.')
    expect(said({ type: 'consent-refused', reason: 'denied', account: null })).toContain('Press Re-authorize to try again.')
  })

  test.each(KINDS)('%s that got worse tells what it is now, what it was, and what to do', (kind) => {
    const text = said({ type: 'changed', from: 'sync_stale', escalated: true }, { kind })
    expect(text.startsWith(`<@${ON_DUTY}> It is now: *CRITICAL: `)).toBe(true)
    expect(text).toContain('(before: The port sheet has not been synced for more than 2 hours).\n*What to do:* ')
  })
})

test('the evidence keeps its facts when there are thousands of findings, and says how many are left out', () => {
  const findings = Array.from({ length: 3000 }, (_, index) => `2026-03!C${index}: the fee is no number`)
  const text = evidenceText(incident({ evidence: { ...incident().evidence, findings, detail: 'x'.repeat(20_000) } }))
  expect(text).toContain('*Account:* office@jada.example')
  expect(text).toContain('• 2026-03!C0: the fee is no number')
  expect(text).toMatch(/… and \d+ more$/)
  expect(text.length).toBeLessThanOrEqual(9500)
})

test('what is to be typed stands as code', () => {
  expect(textOf(view())).toContain('type `/jada reauth`, or run `npm run reauth` on the server')
})

test('a closed card does not say that it goes on, and explains what is not proven', () => {
  const card = view({ kind: 'sync_failing', severity: 'warning', state: 'resolved', proven: false, resolvedBy: 'U0MARA' })
  expect(card.text).toBe('CLOSED, NOT PROVEN: it was "The port sheet sync keeps failing"')
  expect(textOf(card)).toContain('nothing has shown yet that it works again')
})

test('a number on the card of a server says of how many looks it is, and when the next one comes', () => {
  const card = view({ key: 'host/memory', kind: 'host_memory', evidence: { ...incident().evidence, failures: 3, nextAttemptAt: null } })
  expect(textOf(card)).toContain('*Found bad*\nin 3 of the last 6 looks')
  expect(textOf(card)).toContain('*Next try*\nwithin 10 minutes')
})

test('a note that says what is wrong leads to the runbook, others do not', () => {
  const note = (type: 'evidence' | 'still-failing') => threadText({ type }, incident(), ON_DUTY, 'https://bot.jada.example/runbook')
  expect(note('evidence')).toContain('Runbook: <https://bot.jada.example/runbook#oauth-token-failure|')
  expect(note('still-failing')).not.toContain('Runbook')
  expect(threadText({ type: 'evidence' }, incident(), ON_DUTY)).not.toContain('Runbook')
})
