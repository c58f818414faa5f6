import type Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { SCRIPTS, scriptFor } from '../../sandbox/claude/brain/scripts.ts'
import { fitsSchema } from '../../sandbox/claude/schema.ts'
import { MODEL, opening, requestOf, runSession, startClaude, TOOLS } from './claude-support.ts'
import type { Stage, Tools } from './claude-support.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startClaude()
})
afterAll(() => stage.claude.stop())

const START = ['note_progress', 'list_charters', 'read_charter']

describe('what the model does', () => {
  test.each<[title: string, story: string[], says: RegExp]>([
    [
      'Look at November',
      [...START, 'finish'],
      /2 charters are coming up, 1 without a signed agreement.*JC-1101 \(2026-11-04, Marisol, Tess Sampleton\)/,
    ],
    ['Ask about the guest', [...START, 'ask_operator', 'finish'], /The operator answered: Remind the guest\./],
    ['Plan a follow-up', [...START, 'create_task', 'finish'], /"Look over the papers of JC-1101" was added as task 8 for a later session/],
    ['Check the agreements', [...START, 'ask_operator', 'create_task', 'finish'], /Remind the guest.*was added/],
    ['Leave it to a person', [...START, 'create_task', 'finish'], /"Call the guest of JC-1101" was added as task 8 for a person/],
    ['A cut reply', ['max_tokens', ...START, 'finish'], /2 charters/],
    ['Bad input', ['read_charter', 'list_charters', 'read_charter', 'finish'], /2 charters/],
    ['Pause once', ['pause_turn', ...START, 'finish'], /2 charters/],
    ['It forgets', ['note_progress', 'list_charters', 'end_turn', 'finish'], /2 charters/],
    ['In parallel', ['note_progress+list_charters', 'read_charter', 'finish'], /2 charters/],
    ['Blocked', ['note_progress', 'list_charters', 'finish'], /only a person can arrange/],
  ])('%s', async (title, story, says) => {
    const session = await runSession(stage, title)
    expect(session.story).toEqual(story)
    expect(session.finished?.['summary']).toMatch(says)
    expect(session.finished?.['outcome']).toBe(title === 'Blocked' ? 'blocked' : 'done')
  })

  test('declines', async () => {
    const { story, replies } = await runSession(stage, 'Refuse this')
    expect(story).toEqual(['refusal'])
    expect(replies[0]).toMatchObject({ content: [], stop_details: { type: 'refusal' } })
  })

  test('goes on for ever, and hands over when asked for words', async () => {
    const { story, messages } = await runSession(stage, 'Thirty turns', {}, 30)
    expect(story).toHaveLength(30)
    expect(story.slice(2).every((name) => name === 'read_charter')).toBe(true)
    const reply = await stage.client.messages.create({ ...requestOf(messages), tool_choice: { type: 'none' } })
    expect(reply.stop_reason).toBe('end_turn')
    expect(reply.content.at(-1)).toMatchObject({
      type: 'text',
      text: expect.stringMatching(/^Done: 2 charters[^]*\nLeft: [^]*\nBlocker: /) as string,
    })
  })
})

describe('what the model makes of bad news', () => {
  test.each<[what: string, title: string, tools: Tools, says: RegExp]>([
    [
      'a rejected task',
      'Approve it',
      { create_task: () => ({ error: 'Rejected by Mara: not now.' }) },
      /was not approved and does not exist: Rejected by Mara/,
    ],
    ['no answer', 'Ask somebody', { ask_operator: () => ({ error: 'Nobody answered in time.' }) }, /Nobody answered the question/],
    ['no charters', 'Any', { list_charters: () => '{"source":"port sheet","data":[]}' }, /shows no charters/],
    [
      'no sheet',
      'Any',
      { list_charters: () => ({ error: 'The sheet is not connected.' }) },
      /could not be read: The sheet is not connected/,
    ],
    ['words in the place of JSON', 'Any', { list_charters: () => '[cleared]' }, /shows no charters/],
  ])('%s', async (_what, title, tools, says) => {
    const { finished } = await runSession(stage, title, tools)
    expect(finished?.['summary']).toMatch(says)
  })

  test('a finish that is refused is tried once more', async () => {
    let tries = 0
    const { finished } = await runSession(stage, 'Any', { finish: () => ((tries += 1) === 1 ? { error: 'too long' } : '{}') })
    expect([tries, finished?.['outcome']]).toEqual([2, 'done'])
  })
})

test('inputs fit the schemas of the tools that were offered', async () => {
  const wrong: string[] = []
  for (const { name, words } of SCRIPTS) {
    const { replies } = await runSession(stage, words[0] ?? 'Any')
    for (const { content, stop_reason } of replies)
      for (const block of content) {
        const tool = block.type === 'tool_use' ? TOOLS.find((one) => one.name === block.name) : undefined
        if (block.type === 'tool_use' && stop_reason !== 'max_tokens' && !fitsSchema(tool?.input_schema, block.input)) wrong.push(name)
      }
  }
  expect(wrong).toEqual(['bad input'])
})

test('the words of each script choose it, and its tasks for sessions choose the plain one', async () => {
  for (const { name, words } of SCRIPTS)
    for (const word of words) expect(scriptFor({ kind: 'general', title: `Please ${word.toUpperCase()} now` }).name).toBe(name)
  expect(scriptFor({ kind: undefined, title: 'A new task for the masks' }).name).toBe('work')
  for (const { name, kind } of SCRIPTS) if (kind !== undefined) expect(scriptFor({ kind, title: 'Refuse this' }).name).toBe(name)
  const { messages } = await runSession(stage, 'follow-up')
  const created = JSON.stringify(messages).match(/"title":"(Look[^"]+)"/)?.[1]
  expect(scriptFor({ kind: 'general', title: created ?? 'ask' }).name).toBe('work')
})

test('a session is taken up where its conversation stands, by another process too', async () => {
  const { messages } = await runSession(stage, 'Check the agreements', {}, 3)
  const other = await startClaude()
  const [here, there] = await Promise.all([stage, other].map(({ client }) => client.messages.create(requestOf(messages))))
  const callsOf = (reply: Anthropic.Message | undefined) =>
    reply?.content.flatMap((block) => (block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : []))
  expect(callsOf(there)).toEqual(callsOf(here))
  expect(callsOf(there)?.[0]?.name).toBe('ask_operator')
  await other.claude.stop()
})

describe('a hook', () => {
  test('answers in the place of the scripts, and is checked like them', async () => {
    const { claude, client } = stage
    const create = (change: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) =>
      client.messages.create({ ...requestOf(opening('Any')), ...change })
    claude.answerWith((request) => ({
      content: [{ type: 'text', text: `I read ${request.turns.length} turns.` }],
      stop_reason: 'end_turn',
    }))
    expect((await create()).content.at(-1)).toMatchObject({ text: 'I read 3 turns.' })
    claude.answerWith(() => undefined)
    expect((await create()).stop_reason).toBe('tool_use')
    const call = { type: 'tool_use' as const, name: 'finish', input: { any: 'thing' } }
    claude.answerWith(() => ({ content: [call], stop_reason: 'tool_use' }))
    expect((await create()).content.at(-1)).toMatchObject({ ...call, id: expect.stringMatching(/^toolu_01\w{22}$/) as string })
    await expect(create({ tool_choice: { type: 'none' } })).rejects.toThrow(/where none is allowed/)
    await expect(create({ tools: TOOLS.slice(0, 2) })).rejects.toThrow(/finish, which is not offered/)
    claude.answerWith(() => ({ content: [{ ...call, id: 'toolu_read_task' }], stop_reason: 'tool_use' }))
    await expect(create()).rejects.toThrow(/was used before/)
    claude.answerWith(() => ({ content: [call], stop_reason: 'end_turn' }))
    await expect(create()).rejects.toThrow(/calls, but it stops with end_turn/)
    expect(claude.requests.at(-1)).toMatchObject({ status: 599, error: 'stand_in_failed' })
    claude.answerWith(undefined)
    expect((await create()).stop_reason).toBe('tool_use')
  })
})

describe('a question about an incident', () => {
  const evidence = [
    {
      name: 'signals',
      minutesOld: 3,
      data: { title: 'The sync is blocked', code: 'invalid_grant', lastSeen: { minutesAgo: 3 }, whatAPersonShouldDo: 'Re-authorize' },
    },
    { name: 'causes', minutesOld: null, data: { causes: [{ certainty: 'sure', what: 'Testing', evidence: 'it lived 7.0 days' }] } },
    { name: 'runs', minutesOld: 12, data: [{ started: { minutesAgo: 12 }, outcome: 'blocked' }] },
  ]
  const ask = async (question: string, given: unknown[] = evidence): Promise<string> => {
    const content = ['Answer.', JSON.stringify({ question, evidence: given })].map((text) => ({ type: 'text' as const, text }))
    const reply = await stage.client.messages.create({
      model: MODEL,
      max_tokens: 700,
      system: 'Answer.',
      messages: [{ role: 'user', content }],
    })
    return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
  }

  test.each<[string, RegExp]>([
    [
      'Why is it failing?',
      /^The sync is blocked\. The last answer was invalid_grant, seen 3 minutes ago \(signals\)\.\nThe cause \(sure\): Testing\. It lived 7\.0 days\. \(causes\)/,
    ],
    ['What should we do?', /^I propose: Re-authorize\./],
    ['when is it tried again', /the evidence does not tell\./],
    ['and the last runs?', /^The last run began 12 minutes ago and ended with "blocked" \(runs\)\./],
    ['hm?', /The sync is blocked/],
  ])('%s is answered from the evidence', async (question, says) => {
    expect(await ask(question)).toMatch(says)
  })

  test('without evidence it says so', async () => {
    expect(await ask('Why?', [])).toContain('The evidence does not tell why.')
  })
})
