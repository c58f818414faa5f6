import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeMessages, fitMiddle, fromSlack, outside, sizeOf, when } from '../../../src/bot/views/export-text.ts'
import { incidentMarkdown, peopleOf } from '../../../src/bot/views/incident-export.ts'
import type { Note } from '../../../src/services/incidents/incident.ts'
import type { TimelineEntry } from '../../../src/services/incidents/ports.ts'
import { actsAbout, exportStory } from '../../support/audit-samples.ts'
import { HOSTILE, incident, NOON, outsideText, TOKEN_DEAD } from '../../support/incident-samples.ts'

const MARA = 'U0MARA'
const MINUTE = 60_000
const ZONE = 'America/Los_Angeles'

const told = (notes: readonly (readonly [minutes: number, note: Note])[]): TimelineEntry[] =>
  notes.map(([minutes, note], index) => ({ incidentId: 12, seq: index + 1, at: NOON + minutes * MINUTE, note }))

const TIMELINE = told([
  [0, { type: 'evidence' }],
  [5, { type: 'acknowledged', by: MARA }],
  [60, { type: 'still-failing' }],
  [130, { type: 'snoozed', by: MARA, until: NOON + 190 * MINUTE }],
  [150, { type: 'changed', from: 'sync_failing', escalated: true }],
  [160, { type: 'consent-refused', reason: 'wrong-account', account: 'captain@jada.example' }],
  [165, { type: 'assigned', by: MARA, to: 'U0TOM' }],
  [170, { type: 'consented', email: 'office@jada.example' }],
  [171, { type: 'recovered', summary: '2 charters added, 1 changed.' }],
])

const CLOSED = incident({
  id: 12,
  state: 'resolved',
  proven: true,
  owner: 'U0TOM',
  resolvedAt: NOON + 171 * MINUTE,
  resolution: '2 charters added, 1 changed.',
})

describe('the Markdown', () => {
  test('tells the whole story', () => {
    expect(incidentMarkdown(exportStory(CLOSED, TIMELINE))).toMatchInlineSnapshot(`
      "# Incident 12: Google no longer accepts our token, so the port sheet sync is blocked

      - Severity: CRITICAL
      - State: resolved
      - First failure: 2026-03-02 11:58:55 UTC (03:58 PST)
      - Detected: 2026-03-02 12:00:00 UTC (04:00 PST), 1 min after the first failure
      - Acknowledged: 2026-03-02 12:05:00 UTC (04:05 PST) by Mara, 5 min after it was detected
      - Recovered: 2026-03-02 14:51:00 UTC (06:51 PST)
      - Duration: 2 h 52 m

      ## What it meant

      As its card said: The port sheet we work with is from 2026-03-02 11:30:00 UTC (03:30 PST). Changes made since then do not arrive until a person re-authorizes; it does not pass by itself.

      ## Causes

      - possible: Somebody removed the access, or the password or a policy of the account changed. Evidence: The code is invalid_grant (HTTP 400). Cure: Re-authorize Google: press Re-authorize on the card, type /jada reauth, or run npm run reauth on the server. https://myaccount.google.com/connections
      - Retrying cannot help: Google refuses this token for good.

      ## Timeline

      - 2026-03-02 12:00:00 UTC (04:00 PST): It began: The port sheet sync keeps failing.
      - 2026-03-02 12:05:00 UTC (04:05 PST): Acknowledged by Mara.
      - 2026-03-02 13:00:00 UTC (05:00 PST): It still failed.
      - 2026-03-02 14:10:00 UTC (06:10 PST): Snoozed by Mara until 2026-03-02 15:10:00 UTC (07:10 PST).
      - 2026-03-02 14:30:00 UTC (06:30 PST): It became: Google no longer accepts our token, so the port sheet sync is blocked (before: The port sheet sync keeps failing).
      - 2026-03-02 14:40:00 UTC (06:40 PST): Somebody consented with another Google account (captain@jada.example). It was refused, and the old connection stays. If the change is meant, an operator uses \`/jada reauth repin\`.
      - 2026-03-02 14:45:00 UTC (06:45 PST): Mara assigned it to U0TOM.
      - 2026-03-02 14:50:00 UTC (06:50 PST): office@jada.example has consented and the new token can read the sheet. A sync runs now; its success closes this incident.
      - 2026-03-02 14:51:00 UTC (06:51 PST): Recovered after 2 h 52 m. 2 charters added, 1 changed.

      ## Who did what

      - 2026-03-02 12:05:00 UTC (04:05 PST): Mara acknowledged it.
      - 2026-03-02 14:10:00 UTC (06:10 PST): Mara snoozed it (until 2026-03-02 15:10:00 UTC (07:10 PST)).
      - 2026-03-02 14:20:00 UTC (06:20 PST): U0TOM asked for a sync (port-sheet).
      - 2026-03-02 14:40:00 UTC (06:40 PST): Somebody with the link of the card consented, and was refused (it was another account; account: captain@jada.example; connected account: office@jada.example).
      - 2026-03-02 14:50:00 UTC (06:50 PST): Mara connected Google (once more; account: office@jada.example).

      ## Evidence

      - What happened: Google refuses our token (invalid_grant, HTTP 400)
      - Event: oauth_token_failure; class: reauth-required; code: invalid_grant; status: 400
      - It was said: "Token has been expired or revoked."
      - Account: office@jada.example
      - Failures counted: 4
      - Last success before it: 2026-03-02 11:30:00 UTC (03:30 PST)
      - The port sheet was last read: 2026-03-02 11:30:00 UTC (03:30 PST)

      ## What cured it

      The port sheet syncs again. 2 charters added, 1 changed.

      The last act before it: 2026-03-02 14:50:00 UTC (06:50 PST): Mara connected Google (once more; account: office@jada.example).

      ## Runbook

      - [oauth-token-failure](docs/runbook.md#oauth-token-failure)

      ## What we change

      - [ ] 

      Written by JADA Bot at 2026-03-02 15:51:00 UTC (07:51 PST) from its own records."
    `)
  })

  test('of an open incident says that nothing cured it, and what to do', () => {
    const open = incidentMarkdown(exportStory(incident({ id: 12 }), told([[0, { type: 'evidence' }]]), { acts: [] }))
    expect(open).toContain('- Acknowledged: never\n- Recovered: not yet\n')
    expect(open).toContain(' so far\n')
    expect(open).toContain('## What cured it\n\nNothing yet. What to do: Re-authorize Google')
    expect(open).toContain('## Who did what\n\nNobody did anything that the bot knows of.')
  })

  test('of what was closed by hand says that it is not proven', () => {
    const closed = incident({ id: 12, state: 'resolved', resolvedAt: NOON + MINUTE, resolvedBy: MARA })
    const text = incidentMarkdown(exportStory(closed, [], { acts: [] }))
    expect(text).toContain('- State: closed by hand, not proven\n')
    expect(text).toContain('- Closed without proof: 2026-03-02 12:01:00 UTC (04:01 PST)\n')
    expect(text).toContain('## What cured it\n\nClosed by Mara by hand. Nothing has shown that it works again')
  })

  test('of what passed by itself says that nobody did anything', () => {
    expect(incidentMarkdown(exportStory(CLOSED, TIMELINE, { acts: actsAbout(CLOSED).slice(0, 2) }))).toContain('it passed by itself')
  })

  test('a long story loses its middle, and says how many lines that were', () => {
    const many = told([
      [0, { type: 'evidence' }],
      ...Array.from({ length: 3000 }, (_, n) => [n + 1, { type: 'still-failing' }] as const),
      [3001, { type: 'recovered', summary: 'Done.' }],
    ])
    const text = incidentMarkdown(exportStory(CLOSED, many))
    const [, left, all] = /- … (\d+) of (\d+) lines of the timeline left out here …/.exec(text) ?? []
    const lines = text.split('\n').filter((line) => line.endsWith('It still failed.')).length
    expect(all).toBe('3002')
    expect(Number(left) + lines + 2).toBe(3002)
    expect(text).toContain('12:00:00 UTC (04:00 PST): It began')
    expect(text).toContain('Recovered after')
    const messages = codeMessages(text, 'Incident 12')
    expect(messages).toHaveLength(5)
    expect(messages.at(-1)?.text).not.toContain('did not fit')
  })

  test('names are asked for of all who are in it, and of nobody else', () => {
    const { names: _names, zone: _zone, why: _why, ...story } = exportStory(CLOSED, TIMELINE)
    expect(peopleOf(story).toSorted()).toEqual([MARA, 'U0TOM'])
  })
})

describe('as messages', () => {
  const texts = (markdown: string): string[] => codeMessages(markdown, 'Incident 12').map(({ text }) => text)

  test('what is short is one', () => {
    expect(texts('# A & B\n\n- <!channel>')).toEqual([
      'Incident 12. Only you see this: copy it.\n```\n# A &amp; B\n\n- &lt;!channel&gt;\n```',
    ])
  })

  test('what is longer is cut between lines and numbered', () => {
    const line = `- ${'x'.repeat(498)}`
    const all = texts(Array.from({ length: 50 }, () => line).join('\n'))
    expect(all.map((text) => text.split('\n')[0])).toEqual([1, 2, 3].map((n) => `Incident 12, part ${n} of 3. Only you see this: copy it.`))
    expect(
      all
        .join('\n')
        .split('\n')
        .filter((one) => one === line),
    ).toHaveLength(50)
  })

  test('what is longer than five says so', () => {
    const all = texts(Array.from({ length: 200 }, () => 'x'.repeat(500)).join('\n'))
    expect(all).toHaveLength(5)
    expect(all.at(-1)).toMatch(/\n```\n5 more pages did not fit and were left out\.$/)
  })

  test('whatever stands in an incident, it ends no code block, calls nobody and fits', () => {
    const hostile = fc.record({ detail: outsideText(), code: outsideText(), findings: fc.array(outsideText(), { maxLength: 60 }) })
    fc.assert(
      fc.property(hostile, outsideText(), fc.nat(400), ({ detail, code, findings }, words, count) => {
        const one = incident({ ...CLOSED, evidence: { ...TOKEN_DEAD.evidence, detail, code, findings, account: words }, resolution: words })
        const timeline = told(Array.from({ length: count }, (_, n) => [n, { type: 'recovered', summary: words }] as const))
        const acts = actsAbout(one).map((act) => Object.assign(act, { details: { ...act.details, tools: words } }))
        const story = exportStory(one, timeline, { acts, names: new Map([[MARA, words]]) })
        const messages = texts(incidentMarkdown(story))
        expect(messages.length).toBeLessThanOrEqual(5)
        for (const text of messages) {
          expect(text.length).toBeLessThanOrEqual(11_000)
          expect(text.split('```')).toHaveLength(3)
          expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
        }
        expect(messages.at(-1)).not.toContain('did not fit')
      }),
      { numRuns: 60 },
    )
  })
})

describe('its words', () => {
  test.each([
    [NOON, '2026-03-02 12:00:00 UTC (04:00 PST)'],
    [Date.UTC(2026, 6, 1, 3, 4, 5), '2026-07-01 03:04:05 UTC (2026-06-30 20:04 PDT)'],
    [null, 'unknown'],
  ])('%s is %s', (at, words) => {
    expect(when(at, { names: new Map(), zone: ZONE })).toBe(words)
  })

  test("Slack's codes are read out; what people wrote stays text", () => {
    const reader = { names: new Map([[MARA, 'Mara [Ops]']]), zone: ZONE }
    expect(fromSlack(`*Closed* by <@${MARA}> at <!date^${NOON / 1000}^{time}|12:00 UTC>; see <https://a.example|here>.`, reader)).toBe(
      String.raw`Closed by Mara \[Ops\] at 2026-03-02 12:00:00 UTC (04:00 PST); see here.`,
    )
    expect(fromSlack('&lt;!channel&gt; [a](b)', reader)).toBe(String.raw`\<!channel\> \[a\](b)`)
    for (const piece of HOSTILE) expect(outside(piece, 100)).not.toMatch(/`|(?<!\\)[<[*]/)
  })

  test('the middle is cut from both ends, and only when there is no room', () => {
    const lines = Array.from({ length: 40 }, (_, n) => `- line ${n}`)
    expect(fitMiddle(lines, 1000, 'lines')).toEqual(lines)
    const fitted = fitMiddle(lines, 160, 'lines')
    expect(fitted).toEqual(['- line 0', '- line 1', '- … 36 of 40 lines left out here …', '- line 38', '- line 39'])
    expect(sizeOf(fitted.join('\n'))).toBeLessThanOrEqual(160)
    expect(fitMiddle(lines, 5, 'lines')).toEqual(['- … 40 of 40 lines left out here …'])
  })
})
