import { describe, expect, it } from 'vitest'
import type { Usage } from '../../../sandbox/claude/types.ts'
import { estimate } from '../../../src/services/agent/afford.ts'
import type { Block, ModelMessage } from '../../../src/services/model/model.ts'
import { charter, openDesk, PRICES } from '../../support/agent-desk.ts'
import { modelRequest, openClient } from '../../support/claude-client.ts'

const PRICE = PRICES['claude-sonnet-5-5']
const never = new AbortController().signal
const inputOf = (usage: Usage | undefined): number =>
  (usage?.input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0) + (usage?.cache_read_input_tokens ?? 0)

describe('the estimate of a turn', () => {
  it('is never below what is counted, turn after turn of whole sessions', async () => {
    const desk = await openDesk({ limits: { maxTurns: 8, sessionsPerDay: 3 } })
    // Each call of the model is told apart by the record that the agent made of it before.
    const worst = (): number[] =>
      desk.store.raw
        .prepare('select worst from model_call order by id')
        .all()
        .map((row) => Number(row['worst']))
    await desk.charters(charter({ notes: 'Ünïcödé 🚤 "quoted" \\ '.repeat(100) }), charter({ id: 'JC-1102' }))
    await desk.add('Endless reading', { details: '家族旅行 🎉'.repeat(200) })
    await desk.add('Look at the coming charters')
    await desk.pass(3_600_000)
    const usages = desk.claude.requests.map(({ usage }) => usage)
    expect(usages.length).toBeGreaterThan(10)
    const costs = usages.map((usage) => inputOf(usage) * 0.3 + (usage?.output_tokens ?? 0) * 15)
    expect(worst()).toHaveLength(usages.length)
    expect(worst().map((most, index) => most >= (costs[index] ?? Infinity))).toEqual(usages.map(() => true))
  })

  it('counts the input of each request at least as high as the service does', async () => {
    const { claude, model } = await openClient()
    let messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: 'Begin. 🚤' }] }]
    let contextTokens = 0
    const texts = ['short', '{"a":"\\u0001"}'.repeat(500), '家'.repeat(3000), '"'.repeat(4000), '', 'x'.repeat(9000)]
    for (const [index, text] of texts.entries()) {
      const request = modelRequest({ messages })
      const { inputTokens, outputTokens, worst } = estimate(request, { contextTokens }, PRICE)
      claude.answerWith(() => ({
        content: [
          { type: 'text', text: `Turn ${index} `.repeat(index + 1) },
          { type: 'tool_use', name: 'read_task', input: {} },
          { type: 'tool_use', name: 'read_task', input: { again: 'é'.repeat(index * 10) } },
        ],
        stop_reason: 'tool_use',
      }))
      const answer = await model.send(request, never)
      if (answer.kind !== 'reply') throw new Error(answer.failure.code)
      const { usage, content } = answer.reply
      const input = usage.input + usage.cacheRead + usage.cacheWrite
      expect(input).toBeLessThanOrEqual(inputTokens)
      expect(usage.output).toBeLessThanOrEqual(outputTokens)
      expect(usage.input * 3 + usage.cacheWrite * 3.75 + usage.cacheRead * 0.3 + usage.output * 15).toBeLessThanOrEqual(worst)
      contextTokens = input + usage.output
      const results = content.flatMap((block): Block[] =>
        block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: text }] : [],
      )
      messages = messages.concat({ role: 'assistant', content }, { role: 'user', content: results })
    }
  })

  it('of a conversation that nobody replied to counts all of it, and some more for tools', () => {
    const request = modelRequest({ messages: [{ role: 'user', content: [{ type: 'text', text: 'é' }] }] })
    const bytes = Buffer.byteLength(JSON.stringify([request.system, request.tools, request.messages]))
    expect(estimate(request, { contextTokens: 0 }, PRICE)).toEqual({
      inputTokens: 1500 + bytes,
      outputTokens: 1000,
      worst: Math.ceil((1500 + bytes) * 3.75 + 15_000),
    })
  })

  it('of a later turn counts what was read before, and one token a byte since', () => {
    const since: ModelMessage = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '家' }] }
    const request = modelRequest({ messages: [{ role: 'user', content: [] }, { role: 'assistant', content: [] }, since] })
    expect(estimate(request, { contextTokens: 5000 }, PRICE).inputTokens).toBe(5000 + Buffer.byteLength(JSON.stringify([since])))
  })
})
