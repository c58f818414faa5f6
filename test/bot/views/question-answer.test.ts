import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { questionAnswer } from '../../../src/bot/views/incident-thread.ts'
import { claudeAnswer } from '../../../src/bot/views/question-answer.ts'
import { answerView } from '../../../src/bot/views/thread-answer.ts'
import type { Why } from '../../../src/services/answers/decide.ts'
import type { Facts } from '../../../src/services/answers/facts.ts'
import { problemsOf } from '../../attacks/slack-texts.ts'
import { incident, NOON, outsideText } from '../../support/incident-samples.ts'

const OURS = 'https://console.cloud.google.com/auth/audience'
const FACTS: Facts = {
  sources: [
    { name: 'signals', told: 'signals', at: NOON - 180_000, data: {} },
    { name: 'runs', told: 'last 5 runs', at: NOON - 720_000, data: [] },
    { name: 'runbook', told: 'runbook section oauth-token-failure', at: null, data: '' },
  ],
  links: [OURS],
}
const shown = (text: string): string => claudeAnswer(text, FACTS, NOON).text
const LOOKED =
  '_Looked at: signals (3 min old), last 5 runs (12 min old), runbook section oauth-token-failure. Claude proposes; people act._'

describe("Claude's answer", () => {
  test('ends with what was looked at, in our words', () => {
    expect(shown('It waits (signals).\nLooked at: everything, just now.\n*Looked at* all of it')).toBe(`It waits (signals).\n${LOOKED}`)
  })

  test.each([
    ['# Cause\n\n- **Dead** token\n- `retry`', '*Cause*\n• *Dead* token\n• `retry`'],
    ['```bash\nnpm run reauth\n```', 'npm run reauth'],
    [`Publish it: [console](${OURS}), or ${OURS}.`, `Publish it: console <${OURS}>, or <${OURS}>.`],
    ['See https://evil.example/a?b=c. And ![x](http://evil.example/p.png)!', 'See (a link was left out). And x (a link was left out)!'],
    ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
    ['<!channel> <@U0MARA> <https://evil.example|here>', '&lt;!channel&gt; &lt;@U0MARA&gt; &lt;(a link was left out)|here&gt;'],
    ['\u202Eodd\u2060 \u{E0041}', 'odd'],
    ['  \n ', '(no words)'],
  ])('%j', (said, wanted) => {
    expect(shown(said)).toBe(`${wanted}\n${LOOKED}`)
  })

  test('is a block in which Slack makes no links, and a text without any', () => {
    const view = answerView(claudeAnswer('Ask @here at evil.example', FACTS, NOON))
    expect(view.blocks).toEqual([
      { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: `Ask @here at evil.example\n${LOOKED}` } },
    ])
    expect(view.text).not.toMatch(/@here|evil\.example/)
  })

  test('whatever it is, rings nobody, leads nowhere, and fits', () => {
    fc.assert(
      fc.property(outsideText(), (said) => {
        const view = answerView(claudeAnswer(said, { ...FACTS, links: [] }, NOON))
        expect(problemsOf([view])).toEqual([])
        expect(JSON.stringify(view.blocks)).toContain('Looked at: signals')
        expect(claudeAnswer(said, FACTS, NOON).text.length).toBeLessThanOrEqual(3000)
      }),
    )
  })
})

test('an answer from the runbook says why, how it stands, and what was looked at', () => {
  const { text } = questionAnswer(incident(), '*Cure:* re-authorize.', NOON + 60_000, { why: 'late', runbook: null })
  expect(text).toMatch(/^Claude did not answer in time, so this is from the runbook\.\n\*CRITICAL:/)
  expect(text).toContain('*The runbook (oauth-token-failure) says:*\n*Cure:* re-authorize.')
  expect(text).toMatch(/_Looked at: signals \(1 min old\), runbook section oauth-token-failure\._$/)
})

test('without Claude nothing is excused', () => {
  const { text } = questionAnswer(incident(), null, NOON, { why: 'off', runbook: null })
  expect(text).toMatch(/^\*CRITICAL:/)
  expect(text).toMatch(/_Looked at: signals \(just now\)\._$/)
})

test('each reason is one plain sentence', () => {
  const reasons: readonly Exclude<Why, 'off'>[] = ['budget', 'many', 'late', 'busy', 'declined', 'refused', 'unreadable', 'fault']
  for (const why of reasons) {
    const [first] = questionAnswer(incident(), null, NOON, { why, runbook: null }).text.split('\n')
    expect(first).toMatch(/from the runbook\./)
  }
})
