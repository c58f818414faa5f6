import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planNext, type Conversation } from '../../../src/services/agent/plan.ts'
import type { PersonRequest, RequestState } from '../../../src/services/agent/request.ts'
import type { ToolCall } from '../../../src/services/agent/tool-call.ts'
import type { Block, StopReason } from '../../../src/services/model/model.ts'
import { newRequest, newSession, toolCall } from '../../support/agent-samples.ts'

const STOPS: readonly StopReason[] = [
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
]
const CUT: ReadonlySet<StopReason | null> = new Set<StopReason | null>(['max_tokens', 'model_context_window_exceeded', 'refusal'])
const STATES: readonly RequestState[] = ['open', 'approved', 'rejected', 'answered', 'happened', 'not-happened', 'expired', 'withdrawn']
const CALL_STATES: readonly ToolCall['state'][] = ['asked', 'intent', 'unknown', 'done']

const request = (id: number, state: RequestState): PersonRequest => ({
  ...newRequest(1),
  id,
  state,
  version: 1,
  decidedBy: null,
  decidedAt: null,
  answer: null,
})

interface Seed {
  readonly role: 'user' | 'assistant'
  readonly stopReason: StopReason
  readonly words: readonly string[]
  readonly calls: readonly (readonly [ToolCall['state'], RequestState] | null)[]
  readonly hasRequests: boolean
  readonly handingOver: 'turns' | 'dollars' | null
  readonly turns: number
  readonly reminded: boolean
}

const seeds: fc.Arbitrary<Seed> = fc.record({
  role: fc.constantFrom('user' as const, 'assistant' as const),
  stopReason: fc.constantFrom(...STOPS),
  words: fc.array(fc.string(), { maxLength: 2 }),
  calls: fc.array(fc.option(fc.tuple(fc.constantFrom(...CALL_STATES), fc.constantFrom(...STATES))), { maxLength: 4 }),
  hasRequests: fc.boolean(),
  handingOver: fc.constantFrom(null, null, 'turns' as const, 'dollars' as const),
  turns: fc.integer({ min: 1, max: 30 }),
  reminded: fc.boolean(),
})

/** A conversation as the store could give it, also one that no session should ever have. */
function toConversation({ role, stopReason, words, calls, hasRequests, handingOver, turns, reminded }: Seed): Conversation {
  const uses: Block[] = calls.map((_, index) => ({
    type: 'tool_use',
    id: `toolu_${index}`,
    name: 'read_charter',
    input: { id: `${index}` },
  }))
  const said: Block[] = words.map((text) => ({ type: 'text', text }))
  const found = calls.flatMap((call, index) => (call === null ? [] : [{ index, state: call[0], request: call[1] }]))
  const own = found.map(({ index, state }) =>
    toolCall(1, {
      toolUseId: `toolu_${index}`,
      state,
      requestId: state === 'asked' || state === 'unknown' ? index : null,
      result: state === 'done' ? `result ${index}` : null,
      isError: state === 'done' && index % 2 === 1,
    }),
  )
  return {
    session: { ...newSession(1, 1), id: 1, handingOver, turns, reminded },
    last: { seq: 1, role, stopReason: role === 'user' ? null : stopReason, content: [...said, ...(role === 'user' ? [] : uses)] },
    calls: new Map(own.map((call) => [call.toolUseId, call])),
    requests: new Map(hasRequests ? found.map(({ index, request: state }) => [index, request(index, state)] as const) : []),
  }
}

const usesOf = ({ last }: Conversation) => last.content.flatMap((block) => (block.type === 'tool_use' ? [block] : []))

describe('planning, over any conversation', () => {
  it('always gives a step, and the same one however often it is asked', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const step = planNext(toConversation(seed))
        expect(planNext(toConversation(seed))).toEqual(step)
        expect(step.do).not.toBe('')
      }),
    )
  })

  it('calls the model only when no call is open', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const conversation = toConversation(seed)
        if (planNext(conversation).do !== 'call-model') return
        if (conversation.last.role === 'user') return
        expect(conversation.last.stopReason).toBe('pause_turn')
        expect(usesOf(conversation)).toEqual([])
      }),
    )
  })

  it('begins no call twice, and none of a reply that was cut', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const conversation = toConversation(seed)
        const step = planNext(conversation)
        if (step.do === 'begin-call') {
          expect(conversation.calls.has(step.call.id)).toBe(false)
          expect(step.call).toEqual(usesOf(conversation).find(({ id }) => !conversation.calls.has(id)))
        }
        if (step.do === 'resume-call') expect(step.call.state).toBe('intent')
        if (step.do === 'decided-call') {
          expect(['asked', 'unknown']).toContain(step.call.state)
          expect(step.request.state).not.toBe('open')
        }
        const runs = step.do === 'begin-call' || step.do === 'resume-call' || step.do === 'decided-call'
        if (runs) expect(CUT.has(conversation.last.stopReason)).toBe(false)
      }),
    )
  })

  it('takes calls in their order: nothing is begun while an earlier one is open', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const conversation = toConversation(seed)
        const step = planNext(conversation)
        const id =
          step.do === 'begin-call' ? step.call.id : step.do === 'resume-call' || step.do === 'decided-call' ? step.call.toolUseId : null
        if (id === null) return
        const ids = usesOf(conversation).map((use) => use.id)
        const earlier = ids.slice(0, ids.indexOf(id))
        expect(earlier.map((one) => conversation.calls.get(one)?.state)).toEqual(earlier.map(() => 'done'))
      }),
    )
  })

  it('answers exactly the calls of the reply, in their order', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const conversation = toConversation(seed)
        const step = planNext(conversation)
        if (step.do !== 'send-results') return
        expect(step.results.map((result) => result.tool_use_id)).toEqual(usesOf(conversation).map(({ id }) => id))
        expect(step.results.length).toBeGreaterThan(0)
        for (const { tool_use_id: id, content, is_error: isError } of step.results) {
          const call = conversation.calls.get(id)
          if (call?.state === 'done') expect([content, isError === true]).toEqual([call.result, call.isError])
          else expect(isError).toBe(true)
        }
      }),
    )
  })

  it('ends with the last words once it hands over, unless the service paused and a turn is left', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const conversation = toConversation({ ...seed, role: 'assistant', handingOver: 'turns' })
        const { session, last } = conversation
        const step = planNext(conversation)
        if (last.stopReason === 'pause_turn' && session.turns < session.maxTurns) expect(step.do).not.toBe('end')
        else expect(step).toMatchObject({ do: 'end', end: { how: 'ran-out', limit: 'turns' } })
      }),
    )
  })
})

describe('planning, single steps', () => {
  const seed: Seed = {
    role: 'assistant',
    stopReason: 'end_turn',
    words: ['Done.'],
    calls: [],
    hasRequests: true,
    handingOver: null,
    turns: 3,
    reminded: false,
  }
  const plan = (change: Partial<Seed>) => planNext(toConversation({ ...seed, ...change }))

  it.each<[string, Partial<Seed>, object]>([
    ['asks to go on when the model stops talking', {}, { do: 'say', reminded: true }],
    ['gives up when it stops again, with its words', { reminded: true }, { do: 'end', end: { how: 'gave-up', reason: 'Done.' } }],
    ['gives up without words', { reminded: true, words: [] }, { do: 'end', end: { reason: 'The session ended without a result.' } }],
    ['gives up when it declines', { stopReason: 'refusal' }, { do: 'end', end: { how: 'gave-up' } }],
    ['asks for shorter replies', { stopReason: 'max_tokens' }, { do: 'say', reminded: false }],
    ['makes no call of a cut reply', { stopReason: 'max_tokens', calls: [null, null] }, { do: 'send-results' }],
    [
      'ends when the context is full',
      { stopReason: 'model_context_window_exceeded' },
      { do: 'end', end: { limit: 'context', handOver: 'Done.' } },
    ],
    [
      'makes no call of a reply that no longer fitted: its arguments may be cut',
      { stopReason: 'model_context_window_exceeded', calls: [null] },
      { do: 'end', end: { how: 'ran-out', limit: 'context', handOver: 'Done.' } },
    ],
    ['goes on after a pause', { stopReason: 'pause_turn' }, { do: 'call-model' }],
    [
      'keeps the words of a hand-over that was paused on the last turn',
      { stopReason: 'pause_turn', handingOver: 'turns', turns: 30 },
      { do: 'end', end: { handOver: 'Done.' } },
    ],
    ['waits for a person', { stopReason: 'tool_use', calls: [['asked', 'open']] }, { do: 'wait' }],
    [
      'waits when a request cannot be found',
      { stopReason: 'tool_use', calls: [['asked', 'approved']], hasRequests: false },
      { do: 'wait' },
    ],
  ])('%s', (_what, change, step) => {
    expect(plan(change)).toMatchObject(step)
  })
})
