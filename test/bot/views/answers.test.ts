import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { COMMANDS, diffView, helpView, incidentsView, incidentView, plainView, syncResultView } from '../../../src/bot/views/answers.ts'
import { consentText, consentWords, messageModal, pasteBackView, pasteModal, startLinkView } from '../../../src/bot/views/reauth.ts'
import { statusView, verdict } from '../../../src/bot/views/status.ts'
import { ago, cut, duration, escape, fitLines, moment } from '../../../src/bot/views/text.ts'
import { parseCommand } from '../../../src/bot/commands/parse.ts'
import type { GoogleFailure } from '../../../src/services/google/failure.ts'
import type { Status } from '../../../src/services/status/read-status.ts'
import { FRESH_SYNC_STATE, standing } from '../../../src/services/sheets/sync-state.ts'
import type { AppliedChanges, Hold } from '../../../src/services/sheets/ports.ts'
import type { RunRecord } from '../../../src/services/work/work.ts'
import { anyIncident, anyNote, HOSTILE, incident, NOON, outsideText } from '../../support/incident-samples.ts'
import { buttonsOf, expectHarmless, expectModal, expectPostable, ON_DUTY, textOf } from '../../support/incident-slack-checks.ts'

const HOUR = 3_600_000

const FAILURE: GoogleFailure = {
  class: 'reauth-required',
  code: 'invalid_grant',
  status: 400,
  detail: undefined,
  hint: undefined,
  retryAfterMs: undefined,
  enableUrl: undefined,
  endpoint: 'token',
}

const calm: Status = {
  now: NOON,
  sync: { ...FRESH_SYNC_STATE, lastAttemptAt: NOON - 600_000, lastSuccessAt: NOON - 600_000 },
  stale: false,
  standing: null,
  lastRun: null,
  running: false,
  waiting: null,
  tabs: [{ title: '2026-03', gridId: 1, contentHash: 'abc', readAt: NOON - HOUR, charters: 42 }],
  holds: [],
  quarantined: 0,
  connection: { email: 'office@jada.example', consentedAt: NOON - 86_400_000, refreshExpiresAt: null },
  incidents: [],
  backlog: [],
}

describe('the verdict', () => {
  const sync = calm.sync
  test.each<[string, string, Partial<Status>]>([
    ['OK', 'synced 10 min ago', {}],
    ['NOT CONNECTED', 'no Google account is connected', { connection: null }],
    ['BLOCKED', 'Google refuses our token (invalid_grant); it needs a person', { sync: { ...sync, reauthFailures: 1, failure: FAILURE } }],
    [
      'BLOCKED',
      'Google refuses our settings (invalid_grant); it needs a person',
      { sync: { ...sync, configurationFailures: 1, failure: FAILURE } },
    ],
    ['FAILING', 'the sheet itself needs a look; the last good data is kept', { sync: { ...sync, dataFailures: 1 } }],
    [
      'FAILING',
      'Google could not be reached (ECONNRESET), 2 times in a row; this should pass by itself',
      { sync: { ...sync, transientFailures: 2, failure: { ...FAILURE, class: 'network', code: 'ECONNRESET' } } },
    ],
    ['FAILING', 'no sync succeeded, once; this should pass by itself', { sync: { ...sync, transientFailures: 1 } }],
    ['UNKNOWN', 'no sync has run yet', { sync: FRESH_SYNC_STATE }],
    ['STALE', 'no sync for 3 h', { stale: true, sync: { ...sync, lastSuccessAt: NOON - 3 * HOUR } }],
  ])('%s: %s', (word, why, change) => {
    const status = { ...calm, ...change, standing: standing(change.sync ?? sync) }
    expect(verdict(status)).toEqual({ word, why })
    expect(statusView(status).text).toBe(`Port sheet: ${word}, ${why}`)
  })

  test.each<[string, Partial<Status>, string | null]>([
    ['a dead token before its alert', { standing: 'reauth' }, 'Re-authorize Google with `/jada reauth`.'],
    ['settings that Google refuses', { standing: 'configuration' }, 'Correct the settings of the Google client'],
    ['no account', { connection: null }, 'An operator connects Google with `/jada reauth`.'],
    ['an open incident, which knows better', { standing: 'reauth', incidents: [incident()] }, 'press Re-authorize on the card'],
    ['nothing wrong', {}, null],
  ])('says what to do about %s', (_name, change, step) => {
    const text = textOf(statusView({ ...calm, ...change }))
    if (step === null) expect(text).not.toContain('What to do')
    else expect(text).toContain(`*What to do:* ${step.startsWith('press') ? 'Re-authorize Google: ' : ''}${step}`)
  })

  test('is never OK when anything at all speaks against it', () => {
    const family = fc.constantFrom('reauthFailures', 'configurationFailures', 'dataFailures', 'transientFailures')
    fc.assert(
      fc.property(family, fc.integer({ min: 1, max: 9999 }), fc.boolean(), (name, count, stale) => {
        expect(verdict({ ...calm, stale, standing: standing({ ...sync, [name]: count }), sync: { ...sync, [name]: count } }).word).not.toBe(
          'OK',
        )
      }),
    )
  })
})

const hold = (): fc.Arbitrary<Hold> =>
  fc.record({
    tab: outsideText(),
    contentHash: fc.constant('f'.repeat(64)),
    before: fc.nat(5000),
    removed: fc.array(outsideText(), { maxLength: 60 }),
    createdAt: fc.constant(NOON - HOUR),
    approvedBy: fc.constantFrom(null, 'U0OPERATOR'),
  })

describe('any answer', () => {
  test('of /jada status is taken by Slack', () => {
    const tab = fc.record({
      title: outsideText(),
      gridId: fc.nat(),
      contentHash: fc.constant('abc'),
      readAt: fc.constant(NOON - HOUR),
      charters: fc.nat(5000),
    })
    const backlog = fc.record({
      target: fc.constantFrom('slack' as const, 'alert-log' as const),
      count: fc.integer({ min: 1, max: 99_999 }),
      since: fc.constant(NOON - HOUR),
      error: fc.option(outsideText(), { nil: null }),
    })
    fc.assert(
      fc.property(
        fc.array(anyIncident(), { maxLength: 60 }),
        fc.array(tab, { maxLength: 40 }),
        fc.array(hold(), { maxLength: 20 }),
        fc.array(backlog, { maxLength: 2 }),
        outsideText(),
        (incidents, tabs, holds, waiting, outside) => {
          const connection = { email: outside, consentedAt: NOON, refreshExpiresAt: NOON + HOUR }
          const failure = { ...FAILURE, code: outside }
          const view = statusView({
            ...calm,
            incidents,
            tabs,
            holds,
            backlog: waiting,
            connection,
            sync: { ...calm.sync, reauthFailures: 1, failure },
          })
          expectPostable({ ...view, text: cut(view.text, 4000) })
          expectHarmless(view)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of /jada sync diff is taken by Slack, and names the tabs that are held', () => {
    const change = fc.record({
      id: outsideText(),
      tab: outsideText(),
      what: fc.constantFrom('added' as const, 'changed' as const, 'removed' as const, 'restored' as const),
      fields: fc.array(outsideText(), { maxLength: 12 }),
    })
    const last: fc.Arbitrary<AppliedChanges | null> = fc.option(
      fc.record({ at: fc.constant(NOON), changes: fc.array(change, { maxLength: 80 }) }),
      { nil: null },
    )
    fc.assert(
      fc.property(fc.array(hold(), { maxLength: 30 }), last, (holds, changes) => {
        const view = diffView(holds, changes, NOON)
        expectPostable(view)
        expectHarmless(view)
        if (holds.length > 0) expect(textOf(view)).toContain('*Held* in')
        expect(buttonsOf(view)).toHaveLength(holds.some(({ approvedBy }) => approvedBy === null) ? 1 : 0)
      }),
      { numRuns: 100 },
    )
  })

  test('of /jada incidents and /jada incident is taken by Slack', () => {
    fc.assert(
      fc.property(
        fc.array(anyIncident(), { maxLength: 15 }),
        anyIncident(),
        fc.array(anyNote(), { maxLength: 300 }),
        (incidents, one, notes) => {
          const timeline = notes.map((note, index) => ({ incidentId: one.id, seq: index + 1, at: NOON + index, note }))
          for (const view of [incidentsView(incidents, NOON), incidentView(one, timeline, ON_DUTY, NOON)]) {
            expectPostable(view)
            expectHarmless(view)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of a sync, a plain sentence and a consent is taken by Slack', () => {
    fc.assert(
      fc.property(outsideText(), fc.constantFrom('synced', 'data', 'blocked', 'interrupted', 'new'), (outside, outcome) => {
        const run: RunRecord = {
          id: 1,
          job: 'port-sheet-sync',
          subject: '',
          reason: 'operator',
          by: null,
          startedAt: NOON,
          finishedAt: NOON + 1500,
          outcome,
          summary: outside,
        }
        const views = [syncResultView(run), syncResultView(null), helpView(), plainView('A sentence.')]
        const words = consentWords({ kind: 'wrong-account', email: outside, pinned: outside, incidentId: null })
        for (const view of [...views, plainView(cut(consentText(words), 3000))]) {
          expectPostable(view)
          expectHarmless(view)
        }
      }),
    )
  })
})

describe('the modal and the links', () => {
  test('are taken by Slack', () => {
    const url = `https://accounts.google.com/o/oauth2/v2/auth?${'x'.repeat(1800)}`
    for (const view of [startLinkView(url, 'renew'), startLinkView(url, 'repin'), pasteBackView(url, 'first')]) expectPostable(view)
    expectModal(pasteModal())
    expectModal(messageModal('It worked.'))
    expectModal(messageModal('x'.repeat(5000)))
  })

  test('open Google with a link button, so that nothing of the address must be typed', () => {
    expect(buttonsOf(startLinkView('https://bot.example/start?ticket=1', 'renew'))[0]).toMatchObject({
      action_id: 'open_link',
      url: 'https://bot.example/start?ticket=1',
    })
    expect(buttonsOf(pasteBackView('https://accounts.google.com/x', 'renew')).map(({ action_id }) => action_id)).toEqual([
      'open_link',
      'reauthorize_paste',
    ])
  })
})

describe('help', () => {
  test('names only commands that are understood', () => {
    for (const [command] of COMMANDS) expect(['unknown', 'later']).not.toContain(parseCommand(command).command.name)
  })
})

describe('the story of an incident', () => {
  test('is told in order with its times', () => {
    const story = [
      { incidentId: 7, seq: 1, at: NOON, note: { type: 'evidence' as const } },
      { incidentId: 7, seq: 2, at: NOON + 60_000, note: { type: 'acknowledged' as const, by: 'U0MARA' } },
    ]
    const lines = textOf(incidentView(incident({ state: 'acknowledged', owner: 'U0MARA' }), story, ON_DUTY, NOON)).split('\n')
    expect(lines.slice(-2)).toEqual([
      '<!date^1772452800^{date_short_pretty} {time}|2026-03-02 12:00 UTC>  It began: Google no longer accepts our token, so the port sheet sync is blocked.',
      '<!date^1772452860^{date_short_pretty} {time}|2026-03-02 12:01 UTC>  Acknowledged by <@U0MARA>.',
    ])
  })

  test('tells what it was at the time, not what it is now', () => {
    const story = [
      { incidentId: 7, seq: 1, at: NOON, note: { type: 'evidence' as const } },
      { incidentId: 7, seq: 2, at: NOON + HOUR, note: { type: 'changed' as const, from: 'sync_failing' as const, escalated: true } },
      {
        incidentId: 7,
        seq: 3,
        at: NOON + 2 * HOUR,
        note: { type: 'changed' as const, from: 'oauth_token_failure' as const, escalated: false },
      },
    ]
    const lines = textOf(incidentView(incident({ kind: 'sync_stale' }), story, ON_DUTY, NOON))
      .split('\n')
      .slice(-3)
    expect(lines.map((line) => line.replace(/^.*>  /, ''))).toEqual([
      'It began: The port sheet sync keeps failing.',
      'It became: Google no longer accepts our token, so the port sheet sync is blocked (before: The port sheet sync keeps failing).',
      'It became: The port sheet has not been synced for more than 2 hours (before: Google no longer accepts our token, so the port sheet sync is blocked).',
    ])
    // Reading a story in public rings for nobody on duty.
    expect(lines.join('')).not.toContain(ON_DUTY)
  })

  test('of many days still shows its end', () => {
    const repeats = Array.from({ length: 500 }, (_, index) => ({
      incidentId: 7,
      seq: index + 2,
      at: NOON + index * HOUR,
      note: { type: 'still-failing' as const },
    }))
    const end = { incidentId: 7, seq: 600, at: NOON + 501 * HOUR, note: { type: 'recovered' as const, summary: 'no charter changed' } }
    const first = { incidentId: 7, seq: 1, at: NOON, note: { type: 'evidence' as const } }
    const resolved = incident({ state: 'resolved', proven: true, resolvedAt: NOON + 501 * HOUR })
    const text = textOf(incidentView(resolved, [first, ...repeats, end], ON_DUTY, NOON))
    expect(text).toContain('It began: Google no longer accepts our token')
    expect(text).toContain('It still failed 500 times, until ')
    expect(text).toContain('Recovered after')
  })
})

describe('words', () => {
  test.each([
    [0, '0 s'],
    [-5000, '0 s'],
    [59_499, '59 s'],
    [59_999, '1 min'],
    [60_000, '1 min'],
    [3_599_499, '59 min'],
    [3_599_999, '1 h'],
    [3_600_000, '1 h'],
    [11_400_000, '3 h 10 m'],
    [172_799_000, '47 h 59 m'],
    [172_800_000, '2 d'],
    [532_800_000, '6 d 4 h'],
  ])('%i ms are %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected)
  })

  test('a moment is shown in the reader’s own zone, with UTC for those who cannot', () => {
    expect(moment(NOON)).toBe('<!date^1772452800^{date_short_pretty} {time}|2026-03-02 12:00 UTC>')
    expect(moment(null)).toBe('unknown')
    expect(ago(null, NOON)).toBe('never')
  })

  test.each(HOSTILE)('%o from outside is only text', (piece) => {
    expect(escape(piece)).not.toMatch(/[<>\n]/)
  })

  test('a cut never breaks a character in two', () => {
    for (let most = 1; most < 20; most += 1) {
      const text = cut('\u{1f6a2}'.repeat(20), most)
      expect(text.isWellFormed()).toBe(true)
      expect(text.length).toBeLessThanOrEqual(most)
    }
    expect(cut('abc', 3)).toBe('abc')
  })

  test('lines that do not fit are counted, and a first line that alone is too long is cut', () => {
    expect(fitLines(['a', 'b', 'c'], 100)).toBe('a\nb\nc')
    expect(fitLines(['aaaaa', 'bbbbb', 'ccccc'], 22)).toBe('aaaaa\n… and 2 more')
    expect(fitLines(['x'.repeat(50), 'b'], 30)).toMatch(/^x+…\n… and 1 more$/)
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { minLength: 1 }), fc.integer({ min: 40, max: 300 }), (lines, most) => {
        expect(fitLines(lines, most).length).toBeLessThanOrEqual(most)
      }),
    )
  })
})
