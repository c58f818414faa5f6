import { describe, expect, it } from 'vitest'
import { OPTIONAL_TOOLS } from '../../../../src/services/agent/tools/names.ts'
import { toolsOf } from '../../../../src/services/agent/tools/registry.ts'
import { openToolbox, problemOf } from '../../../support/agent-tools.ts'

const TOOLS = toolsOf({ tools: OPTIONAL_TOOLS })

const PERSON_TASK = { for: 'person', title: 'Call the client' }

describe('read_task', () => {
  it('gives what was written, what earlier sessions left, and what it follows from', async () => {
    const box = await openToolbox({ details: 'The ones of November.' })
    expect(await box.data('read_task', {})).toMatchObject({
      id: 1,
      kind: 'general',
      title: 'Look at the charters',
      details: 'The ones of November.',
      priority: 'normal',
      due: null,
      addedBy: 'slack',
      earlierSessions: [],
      follows: null,
    })
    expect(await box.use('read_task', { id: 2 })).toBeTypeOf('string')
  })
})

describe('create_task', () => {
  it('adds a task for a person, which waits for one, and tells so once', async () => {
    const box = await openToolbox()
    expect(await box.use('create_task', PERSON_TASK, 'toolu_a')).toEqual({
      kind: 'data',
      source: 'task queue',
      data: { id: 2, state: 'needs-person' },
    })
    // The same call after a crash is the same task.
    expect(await box.use('create_task', PERSON_TASK, 'toolu_a')).toMatchObject({ data: { id: 2 } })
    expect(await box.desk.task(2)).toMatchObject({
      kind: 'person',
      parentId: 1,
      origin: { via: 'agent', by: null },
      priority: 'normal',
      details: '',
    })
    expect(await box.desk.notes(1)).toEqual([{ type: 'did', what: 'added task 2: Call the client' }])
  })

  it('does not take another wish under the key of the first', async () => {
    const box = await openToolbox()
    await box.use('create_task', PERSON_TASK, 'toolu_a')
    const other = { ...PERSON_TASK, title: 'Something else' }
    expect(await box.use('create_task', other, 'toolu_a')).toEqual({ kind: 'error', message: 'This task could not be added.' })
  })

  it('adds five and no more, and says so', async () => {
    const box = await openToolbox()
    for (let n = 0; n < 5; n += 1) expect(await box.use('create_task', PERSON_TASK)).toMatchObject({ kind: 'data' })
    expect(await box.use('create_task', PERSON_TASK)).toEqual({
      kind: 'error',
      message: 'This task has 5 follow-up tasks already; that is the most.',
    })
  })

  it('knows the kinds of tasks, and names them', async () => {
    const box = await openToolbox()
    const wish = { ...PERSON_TASK, for: 'agent' }
    expect(await box.use('create_task', { ...wish, kind: 'admin' })).toEqual({
      kind: 'error',
      message: 'There is no kind admin; there is general.',
    })
    expect(await box.use('create_task', { ...wish, kind: '__proto__' })).toMatchObject({ kind: 'error' })
    expect(await box.use('create_task', wish)).toMatchObject({ data: { state: 'queued' } })
    // For the agent, but of the kind of persons: nobody but a person can take it.
    expect(await box.use('create_task', { ...wish, kind: 'person' })).toMatchObject({ data: { state: 'needs-person' } })
  })

  it('reaches beyond the session only for the agent, and says on the card what it would add', async () => {
    const { tools } = await openToolbox()
    const tool = tools.find(({ name }) => name === 'create_task')
    const input = (change: object) => tool?.input.parse({ ...PERSON_TASK, ...change })
    expect(tool?.reach(input({}))).toBe('session')
    expect(tool?.reach(input({ for: 'agent' }))).toBe('write')
    expect(tool?.describe(input({ for: 'agent', kind: 'general', details: 'All.' }))).toEqual({
      title: 'Add a task that a later session works on',
      fields: [
        { label: 'Title', value: 'Call the client' },
        { label: 'Details', value: 'All.' },
        { label: 'Priority', value: 'normal' },
        { label: 'Kind', value: 'general' },
      ],
    })
  })

  it.each([
    [{ title: 'x' }],
    [{ for: 'everybody', title: 'x' }],
    [{ for: 'person', title: ' ' }],
    [{ for: 'person', title: 'x'.repeat(201) }],
    [{ for: 'person', title: 'x', details: 'x'.repeat(8001) }],
    [{ for: 'person', title: 'x', priority: 'utmost' }],
    [{ for: 'person', title: 'x', kind: 'k'.repeat(41) }],
    [{ for: 'person', title: 'x', approved: true }],
    [{ for: 'person', title: 'x', parentId: 7 }],
  ])('refuses %j', (input) => {
    expect(problemOf(TOOLS, 'create_task', input)).toBeTypeOf('string')
  })
})

describe('the tools for words', () => {
  it.each([
    ['note_progress', { text: 'Found two.' }, { kind: 'data', source: 'session', data: 'noted' }],
    ['ask_operator', { question: 'Which?' }, { kind: 'ask', question: 'Which?', choices: [] }],
    ['ask_operator', { question: ' Which? ', choices: [' a ', 'b'] }, { kind: 'ask', question: 'Which?', choices: ['a', 'b'] }],
    ['finish', { outcome: 'blocked', summary: ' No key. ' }, { kind: 'finish', outcome: 'blocked', summary: 'No key.' }],
  ])('%s takes %j', async (name, input, result) => {
    const box = await openToolbox()
    expect(await box.use(name, input)).toEqual(result)
  })

  it.each([
    ['note_progress', { text: '  ' }],
    ['note_progress', { text: 'x'.repeat(501) }],
    ['note_progress', { text: 'x', channel: 'C0EVIL' }],
    ['ask_operator', { question: '' }],
    ['ask_operator', { question: 'x'.repeat(1001) }],
    ['ask_operator', { question: 'x', choices: ['1', '2', '3', '4', '5', '6'] }],
    ['ask_operator', { question: 'x', choices: ['x'.repeat(71)] }],
    ['ask_operator', { question: 'x', choices: 'yes' }],
    ['finish', { outcome: 'approved', summary: 'x' }],
    ['finish', { outcome: 'done', summary: ' ' }],
    ['finish', { outcome: 'done', summary: 'x'.repeat(3001) }],
    ['finish', { outcome: 'done' }],
  ])('%s refuses %j', (name, input) => {
    expect(problemOf(TOOLS, name, input)).toBeTypeOf('string')
  })
})
