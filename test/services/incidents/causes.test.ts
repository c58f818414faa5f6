import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { whyAnswer } from '../../../src/bot/views/incident-thread.ts'
import { answerView } from '../../../src/bot/views/thread-answer.ts'
import { causesOf, type History } from '../../../src/services/incidents/causes.ts'
import type { Incident } from '../../../src/services/incidents/incident.ts'
import type { Evidence } from '../../../src/services/signals/signal.ts'
import { anyIncident, failing, incident, NETWORK_DOWN, NOON, TOKEN_DEAD } from '../../support/incident-samples.ts'
import { expectHarmless, expectPostable } from '../../support/incident-slack-checks.ts'

const DAY = 86_400_000
const NOTHING_KNOWN: History = { deaths: [], sevenDays: false, consentedAt: null, earlier: [] }
const DIED = TOKEN_DEAD.evidence.firstFailureAt ?? 0
const TWICE: History = {
  deaths: [
    { consentedAt: DIED - 15 * DAY, diedAt: DIED - 8 * DAY },
    { consentedAt: DIED - 7 * DAY, diedAt: DIED },
  ],
  sevenDays: true,
  consentedAt: DIED - 7 * DAY,
  earlier: [
    { id: 7, kind: 'oauth_token_failure', openedAt: NOON },
    { id: 5, kind: 'oauth_token_failure', openedAt: NOON - 8 * DAY },
    { id: 4, kind: 'sync_failing', openedAt: NOON - 9 * DAY },
    { id: 1, kind: 'oauth_token_failure', openedAt: NOON - 40 * DAY },
  ],
}

const why = (change: Partial<Incident>, history = NOTHING_KNOWN) => causesOf(incident(change), history, NOON)
const withEvidence = (kind: Incident['kind'], evidence: Partial<Evidence>) =>
  why({ kind, evidence: failing(kind, 'warning', evidence).evidence })

describe('a dead token', () => {
  test('twice after seven days: the consent screen is in Testing, for sure, and a consent buys one week', () => {
    const { causes, useless, times } = why({}, TWICE)
    expect(causes).toEqual([
      {
        certainty: 'sure',
        what: "Google's consent screen is in Testing; every consent lasts seven days",
        evidence: 'After their consent the last two tokens lived 7.0 days and 7.0 days',
        cure: 'Publish the app in the Google console, then re-authorize; re-authorizing alone buys one week',
        link: 'https://console.cloud.google.com/auth/audience',
      },
      expect.objectContaining({ certainty: 'likely' }),
    ])
    expect(useless).toContain('Re-authorize helps for one week')
    expect(times).toBe(2)
  })

  test('once after seven days: it is likely, and what else it may be is said', () => {
    const { causes } = why({}, { ...NOTHING_KNOWN, consentedAt: DIED - 7 * DAY })
    expect(causes.map(({ certainty, link }) => [certainty, link])).toEqual([
      ['likely', 'https://console.cloud.google.com/auth/audience'],
      ['possible', 'https://myaccount.google.com/connections'],
    ])
  })

  test('after three days: the access was removed', () => {
    const { causes } = why({}, { ...NOTHING_KNOWN, consentedAt: DIED - 3 * DAY })
    expect(causes.map(({ certainty, evidence }) => [certainty, evidence])).toEqual([
      ['possible', 'The code is invalid_grant (HTTP 400); the consent was 3.0 days old'],
    ])
  })

  test.each(['session-control', 'account-deleted', 'secret-key', 'scope-unticked'])('%s says it itself', (hint) => {
    const { causes } = withEvidence('oauth_token_failure', { hint })
    expect(causes.map(({ certainty }) => certainty)).toEqual(['sure'])
  })
})

test.each<[Incident['kind'], Partial<Evidence>, string]>([
  ['google_configuration', { hint: 'client' }, 'The client id or secret is wrong'],
  ['google_configuration', { hint: 'api-disabled' }, 'The Sheets API is off'],
  ['sheet_problem', { hint: 'not-shared' }, 'not shared'],
  ['sheet_problem', { holds: [{ tab: 'x', contentHash: 'y' }], findings: ['4 of 9 would go'] }, 'More than a fifth'],
  ['sync_failing', NETWORK_DOWN.evidence, 'cannot reach Google'],
  ['rows_quarantined', { findings: ['A2: no date'] }, 'What was found'],
])('%s with %o: %s', (kind, evidence, what) => {
  const { causes, useless } = withEvidence(kind, evidence)
  expect(causes[0]?.what).toContain(what)
  expect(useless).toContain('Re-authorize cannot help')
})

test('any answer is a message Slack takes, in words and as a table, and mentions nobody', () => {
  fc.assert(
    fc.property(anyIncident(), fc.constantFrom(TWICE, NOTHING_KNOWN), (one, history) => {
      const answer = whyAnswer(one, causesOf(one, history, NOON))
      const view = answerView(answer)
      expectHarmless(answer.text)
      expectHarmless(view.blocks?.[0])
      expect(answer.text).not.toContain('<@')
      // The text stands in for the table where Slack cannot draw it; a notification shows its beginning.
      expectPostable({ ...view, text: view.text.slice(0, 3000).toWellFormed() })
    }),
    { numRuns: 300 },
  )
})
