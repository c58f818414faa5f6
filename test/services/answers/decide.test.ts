import { describe, expect, test } from 'vitest'
import { decideAsk, decideFailed, decideReplied, type Before } from '../../../src/services/answers/decide.ts'
import { parseQuestions } from '../../../src/services/answers/settings.ts'
import type { ModelFailure, ModelReply } from '../../../src/services/model/model.ts'

const CALM: Before = { hasModel: true, budget: 500_000, spentToday: 0, worst: 30_000, calls: 0, askedLately: 0 }

describe('whether Claude is asked', () => {
  test.each<[string, Partial<Before>, string]>([
    ['with all there is', {}, 'ask'],
    ['once more after a crash', { calls: 1 }, 'ask'],
    ['with just enough money', { spentToday: 470_000 }, 'ask'],
    ['with a cent too little', { spentToday: 470_001 }, 'budget'],
    ['without a key', { hasModel: false }, 'off'],
    ['with a budget of nothing', { budget: 0 }, 'off'],
    ['a third time', { calls: 2 }, 'late'],
    ['an eleventh question of the hour', { askedLately: 10 }, 'many'],
    ['a tenth one', { askedLately: 9 }, 'ask'],
  ])('%s', (_what, change, wanted) => {
    const choice = decideAsk({ ...CALM, ...change })
    expect(choice.do === 'ask' ? 'ask' : choice.why).toBe(wanted)
  })
})

const failure = (change: Partial<ModelFailure>): ModelFailure => ({
  class: 'busy',
  status: 529,
  code: 'overloaded_error',
  requestId: null,
  retryAfterMs: null,
  mayBeCharged: false,
  ...change,
})

describe('after a call that failed', () => {
  test.each<[string, Partial<ModelFailure>, number, unknown]>([
    ['it is overloaded', {}, 1, { do: 'again', waitMs: 3000 }],
    ['it is overloaded again', {}, 2, { do: 'tell', why: 'busy' }],
    ['it asks to wait a little', { retryAfterMs: 7000 }, 1, { do: 'again', waitMs: 7000 }],
    ['it asks to wait longer than a person would', { retryAfterMs: 60_000 }, 1, { do: 'tell', why: 'busy' }],
    ['it said nothing', { class: 'aborted' }, 1, { do: 'again', waitMs: 3000 }],
    ['it said nothing twice', { class: 'aborted' }, 2, { do: 'tell', why: 'late' }],
    ['it cannot be reached, twice', { class: 'unreachable' }, 2, { do: 'tell', why: 'late' }],
    ['the key is wrong', { class: 'refused-us' }, 1, { do: 'tell', why: 'refused' }],
    ['the request is wrong', { class: 'our-request' }, 1, { do: 'tell', why: 'fault' }],
  ])('%s', (_what, change, calls, wanted) => {
    expect(decideFailed(failure(change), calls)).toEqual(wanted)
  })
})

const text = (said: string) => ({ type: 'text' as const, text: said })

describe('what a reply is worth', () => {
  test.each<[string, Pick<ModelReply, 'content' | 'stopReason'>, unknown]>([
    ['words', { content: [text(' It waits. ')], stopReason: 'end_turn' }, { do: 'answer', text: 'It waits.' }],
    ['words after thinking', { content: [{ type: 'other', raw: {} }, text('So.')], stopReason: 'end_turn' }, { do: 'answer', text: 'So.' }],
    ['cut words', { content: [text('It is')], stopReason: 'max_tokens' }, { do: 'answer', text: 'It is …' }],
    ['a refusal', { content: [], stopReason: 'refusal' }, { do: 'tell', why: 'declined' }],
    ['nothing', { content: [], stopReason: 'end_turn' }, { do: 'again', waitMs: 3000 }],
    ['only thinking', { content: [{ type: 'other', raw: {} }], stopReason: 'max_tokens' }, { do: 'again', waitMs: 3000 }],
    ['a pause', { content: [text('Let me')], stopReason: 'pause_turn' }, { do: 'again', waitMs: 3000 }],
    [
      'a call that nobody offered',
      { content: [text('I resolve it.'), { type: 'tool_use', id: 'a', name: 'resolve', input: {} }], stopReason: 'tool_use' },
      { do: 'again', waitMs: 3000 },
    ],
  ])('%s', (_what, reply, wanted) => {
    expect(decideReplied(reply, 1)).toEqual(wanted)
  })

  test('garbage twice ends with the runbook', () => {
    expect(decideReplied({ content: [], stopReason: 'end_turn' }, 2)).toEqual({ do: 'tell', why: 'unreadable' })
  })
})

describe('questions.yml', () => {
  const read = (file: string): unknown => parseQuestions(file, ['claude-haiku-5-5', 'claude-sonnet-5-5'])

  test('names a model and the longest answer', () => {
    expect(read('model: claude-haiku-5-5\nreplyTokens: 1500')).toEqual({ model: 'claude-haiku-5-5', replyTokens: 1500 })
  })

  test.each([
    ['model: gpt\nreplyTokens: 700', /prices\.yml has no price for gpt; it has claude-haiku-5-5, claude-sonnet-5-5/],
    ['replyTokens: 700', /questions\.yml: model: must be the name of a model/],
    ['model: claude-haiku-5-5\nreplyTokens: 9', /replyTokens: must be a whole number from 200 to 8000/],
    ['model: claude-haiku-5-5\nreplyTokens: 700\nthink: no', /has think, which is no setting; remove it/],
    ['- 1', /must be two settings/],
    [': :', /not valid YAML/],
  ])('%j is told', (file, problem) => {
    expect(() => read(file)).toThrow(problem)
  })
})
