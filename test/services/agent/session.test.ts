import { describe, expect, it } from 'vitest'
import { cancelTask, decide, hear, stopSession } from '../../../src/services/agent/people.ts'
import { addTask } from '../../../src/services/tasks/add-task.ts'
import { afterBreak } from '../../../src/services/agent/work-session.ts'
import { charter, GENERAL, MARA, openDesk, START } from '../../support/agent-desk.ts'

const HOUR = 3_600_000

describe('a session that ends well', () => {
  it('takes one slot, works the task to its end and says what it cost', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    const task = await desk.add('Look at the coming charters')
    await desk.work()
    const session = await desk.session()
    expect(session).toMatchObject({ status: 'finished', exitCode: 0, day: '2026-11-02', slot: 1, taskId: task.id, endedAt: START })
    expect(await desk.task(task.id)).toMatchObject({ state: 'done' })
    expect(session.turns).toBe(desk.claude.requests.length)
    const { usage } = desk.claude.snapshot()
    const cost =
      usage.input_tokens * 3 + usage.output_tokens * 15 + usage.cache_creation_input_tokens * 3.75 + usage.cache_read_input_tokens * 0.3
    expect(Math.abs(session.cost - cost)).toBeLessThanOrEqual(session.turns)
    const spent = await desk.in(({ spend }) => spend.total('2026-11-02', '2026-11-02'))
    expect(spent).toMatchObject({ cost: session.cost, turns: session.turns })
    expect(desk.log.lines).toContain(`info [agent] session 1 on task 1 ended: finished, exit code 0`)
  })

  it('gives what others wrote only as data in tool results, and no private column', async () => {
    const desk = await openDesk()
    await desk.charters(charter({ notes: 'MARK-NOTES' }))
    await desk.add('MARK-TITLE look at the charters', { details: 'MARK-DETAILS' })
    await desk.work()
    const bodies = desk.claude.bodies as { system: unknown; tools: unknown; messages: { role: string; content: { type: string }[] }[] }[]
    const last = bodies.at(-1)
    expect(JSON.stringify([last?.system, last?.tools])).not.toMatch(/MARK/)
    const blocks = (last?.messages ?? []).flatMap(({ role, content }) => content.map((block) => ({ role, ...block })))
    const outside = blocks.filter(({ role, type }) => role === 'user' && type !== 'tool_result')
    expect(JSON.stringify(outside)).not.toMatch(/MARK/)
    const inside = JSON.stringify(blocks.filter(({ type }) => type === 'tool_result'))
    for (const mark of ['MARK-TITLE', 'MARK-DETAILS', 'MARK-NOTES']) expect(inside).toContain(mark)
    for (const hidden of ['98765', '43210', '17777', 'ana@guests.example', '619 555']) expect(JSON.stringify(bodies)).not.toContain(hidden)
  })

  it('shows a private column to a playbook that names it, and only that one', async () => {
    const desk = await openDesk({ playbook: { privateColumns: ['contact'] } })
    await desk.charters(charter())
    await desk.add('Look at the charters')
    await desk.work()
    const bodies = JSON.stringify(desk.claude.bodies)
    expect(bodies).toContain('ana@guests.example')
    for (const hidden of ['98765', '43210', '17777']) expect(bodies).not.toContain(hidden)
  })
})

describe('questions and approvals', () => {
  it('waits for the answer in the thread and goes on with it', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    const task = await desk.add('Ask about the charters')
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'waiting', wait: { for: 'request', until: START + 24 * HOUR } })
    expect(await desk.task(task.id)).toMatchObject({ state: 'waiting' })
    const asked = desk.claude.requests.length
    await desk.pass(5 * HOUR)
    expect(desk.claude.requests).toHaveLength(asked)
    await desk.in((ports) => hear(ports, 1, { by: MARA, text: 'Take the earlier one.' }, desk.clock.now()))
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'finished', slot: 1 })
    expect((await desk.task(task.id)).outcome).toContain('Take the earlier one.')
  })

  it('tells the model when nobody answered in a day, and never waits for ever', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Ask about the charters')
    await desk.work()
    await desk.pass(24 * HOUR)
    await desk.work()
    expect((await desk.session()).status).toBe('finished')
    expect(JSON.stringify(desk.claude.bodies)).toContain('Nobody answered within 24 hours')
  })

  it('makes a task for a later session only after a yes, and exactly once', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Plan a follow-up')
    await desk.work()
    const [request] = await desk.requests()
    expect(request?.what).toMatchObject({ type: 'approval', tool: 'create_task', title: 'Add a task that a later session works on' })
    expect(await desk.in(({ tasks }) => tasks.children(1))).toEqual([])
    const id = request?.id ?? 0
    expect((await desk.in((ports) => decide(ports, id, { do: 'approve', by: MARA }, START))).kind).toBe('done')
    expect((await desk.in((ports) => decide(ports, id, { do: 'reject', by: 'U0TOM' }, START))).kind).toBe('late')
    await desk.work()
    const children = await desk.in(({ tasks }) => tasks.children(1))
    expect(children).toHaveLength(1)
    expect(children[0]).toMatchObject({ origin: { via: 'agent' } })
    expect((await desk.task(1)).state).toBe('done')
  })

  it('asks nobody about what cannot be done, before a yes and after it', async () => {
    const desk = await openDesk()
    const add = (kind: string) => ({ type: 'tool_use' as const, name: 'create_task', input: { for: 'agent', kind, title: 'More' } })
    desk.claude.answerWith(({ turns }) => {
      const replies = turns.filter(({ role }) => role === 'assistant').length
      const end = { type: 'tool_use' as const, name: 'finish', input: { outcome: 'done', summary: 'Done.' } }
      return { content: [replies === 1 ? add('admin') : replies === 2 ? add('general') : end], stop_reason: 'tool_use' }
    })
    const { id: parentId } = await desk.add('Plan much')
    await desk.work()
    const [request, ...others] = await desk.requests()
    expect(others).toEqual([])
    expect(request?.what).toMatchObject({ fields: expect.arrayContaining([{ label: 'Kind', value: 'general' }]) })
    await desk.in(async (ports) => {
      const wish = { title: 'x', details: '', priority: 'low' as const, dueOn: null, dependsOn: [], kind: 'general', charterId: null }
      for (let n = 0; n < 5; n += 1) await addTask(ports, wish, { origin: { via: 'agent', by: null }, parentId }, START)
      return decide(ports, request?.id ?? 0, { do: 'approve', by: MARA }, START)
    })
    await desk.work()
    expect(await desk.in(({ tasks }) => tasks.children(parentId))).toHaveLength(5)
    const results = JSON.stringify(desk.claude.bodies)
    expect(results).toContain('There is no kind admin; there is general.')
    expect(results).toContain('This task has 5 follow-up tasks already; that is the most.')
  })

  it('does nothing after a no, and tells the model', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Plan a follow-up')
    await desk.work()
    const [request] = await desk.requests()
    await desk.in((ports) => decide(ports, request?.id ?? 0, { do: 'reject', by: MARA }, START))
    await desk.work()
    expect(await desk.in(({ tasks }) => tasks.children(1))).toEqual([])
    expect(JSON.stringify(desk.claude.bodies)).toContain('A person rejected this call')
    expect((await desk.session()).status).toBe('finished')
  })

  it('does not do what was not approved, when the stored arguments are other ones', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Plan a follow-up')
    await desk.work()
    const [request] = await desk.requests()
    desk.store.raw.exec(`update tool_call set input = replace(input, '"title":"', '"title":"Other: ') where state = 'asked'`)
    await desk.in((ports) => decide(ports, request?.id ?? 0, { do: 'approve', by: MARA }, START))
    await desk.work()
    expect(await desk.in(({ tasks }) => tasks.children(1))).toEqual([])
    expect(JSON.stringify(desk.claude.bodies)).toContain('not the ones that were approved')
  })
})

describe('limits', () => {
  it('hands over on the last turn, gives the task back once, then leaves exactly one task for a person', async () => {
    const desk = await openDesk({ limits: { maxTurns: 4 } })
    await desk.charters(charter(), charter({ id: 'JC-1102' }))
    const task = await desk.add('Endless reading')
    await desk.work()
    const [second, first] = await desk.sessions()
    expect(first).toMatchObject({ status: 'ran-out', exitCode: 1, turns: 4, slot: 1 })
    expect(second).toMatchObject({ status: 'ran-out', exitCode: 1, turns: 4, slot: 2 })
    const bodies = desk.claude.bodies as { tool_choice?: unknown }[]
    expect(bodies.map(({ tool_choice }) => tool_choice)).toEqual([
      undefined,
      undefined,
      undefined,
      { type: 'none' },
      undefined,
      undefined,
      undefined,
      { type: 'none' },
    ])
    expect(await desk.task(task.id)).toMatchObject({ state: 'failed', ranOut: 2 })
    const children = await desk.in(({ tasks }) => tasks.children(task.id))
    expect(children).toMatchObject([{ kind: 'person', role: 'followup', state: 'needs-person', title: 'Take over: Endless reading' }])
    expect(children[0]?.details).not.toBe('')
    await desk.pass(3 * HOUR)
    expect(await desk.sessions()).toHaveLength(2)
    expect(desk.log.lines.filter((line) => line.startsWith('info [agent] Hit max turns;'))).toHaveLength(2)
    expect(desk.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })

  it('never begins more sessions on a UTC day than the quota, and keeps the reserved ones for critical tasks', async () => {
    const desk = await openDesk({ limits: { sessionsPerDay: 3, reservedSessions: 1 } })
    for (let n = 1; n <= 4; n += 1) await desk.add(`Look at the charters ${n}`)
    await desk.pass(2 * HOUR)
    expect((await desk.sessions()).map(({ slot }) => slot)).toEqual([2, 1])
    await desk.add('Urgent look', { priority: 'critical' })
    await desk.pass(2 * HOUR)
    expect((await desk.sessions()).map(({ slot, taskId }) => [slot, taskId])).toEqual([
      [3, 5],
      [2, 2],
      [1, 1],
    ])
    await desk.add('Another urgent look', { priority: 'critical' })
    await desk.pass(HOUR)
    expect(await desk.sessions()).toHaveLength(3)
    // The day turns at midnight UTC: 9:30 + 5 h so far.
    await desk.pass(Date.UTC(2026, 10, 3) - desk.clock.now())
    await desk.work()
    expect((await desk.sessions()).map(({ day, slot, taskId }) => [day, slot, taskId])[0]).toEqual(['2026-11-03', 2, 3])
  })

  it('stops before the day’s budget is passed, waits for the next day and goes on where it was', async () => {
    // Room for about two turns at their worst.
    const desk = await openDesk({ limits: { dailyBudget: 200_000 } })
    await desk.charters(charter(), charter({ id: 'JC-1102' }))
    await desk.add('Endless reading')
    await desk.pass(4 * HOUR)
    const waiting = await desk.session()
    expect(waiting).toMatchObject({ status: 'waiting', wait: { for: 'budget', until: Date.UTC(2026, 10, 3) } })
    const spent = await desk.in(({ spend }) => spend.total('2026-11-02', '2026-11-02'))
    expect(spent.cost).toBeLessThanOrEqual(200_000)
    const { turns } = waiting
    await desk.pass(Date.UTC(2026, 10, 3) - desk.clock.now() + 1000)
    const next = (await desk.sessions()).find(({ id }) => id === 1)
    expect(next).toMatchObject({ day: '2026-11-02', slot: 1 })
    expect(next?.turns).toBeGreaterThan(turns)
    expect((await desk.in(({ spend }) => spend.total('2026-11-03', '2026-11-03'))).cost).toBeLessThanOrEqual(200_000)
  })

  it('hands over when the playbook’s own money is used up', async () => {
    const desk = await openDesk({ playbook: { maxCost: 170_000 } })
    await desk.charters(charter(), charter({ id: 'JC-1102' }))
    await desk.add('Endless reading')
    await desk.work()
    const [, first] = await desk.sessions()
    expect(first).toMatchObject({ status: 'ran-out', handingOver: 'dollars' })
    expect(first?.cost).toBeLessThanOrEqual(170_000)
    expect(first?.turns).toBeGreaterThan(2)
  })
})

describe('the model’s service', () => {
  it.each([
    ['401', 'model-key'],
    ['402', 'model-payment'],
    ['403', 'model-permission'],
  ] as const)('pauses on %s with one incident, burns nothing, and goes on when it is mended', async (kind, hint) => {
    const desk = await openDesk()
    await desk.charters(charter())
    const task = await desk.add('Look at the charters')
    await desk.add('Another look')
    desk.claude.addFault({ kind, times: 2 })
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'waiting', wait: { for: 'model', until: START + HOUR }, turns: 0, slot: 1 })
    const [incident] = await desk.in(({ incidents }) => incidents.open())
    expect(incident).toMatchObject({ key: 'agent/model', kind: 'model_refused', severity: 'critical', evidence: { hint, failures: 1 } })
    // An hour later once more, then four hours after that.
    await desk.pass(HOUR)
    await desk.work()
    expect(desk.claude.requests).toHaveLength(2)
    await desk.pass(4 * HOUR - 1000)
    expect(desk.claude.requests).toHaveLength(2)
    await desk.pass(2 * HOUR)
    expect(await desk.task(task.id)).toMatchObject({ state: 'done' })
    expect(await desk.in(({ incidents }) => incidents.open())).toEqual([])
    expect((await desk.sessions()).map(({ slot, status }) => [slot, status])).toEqual([
      [2, 'finished'],
      [1, 'finished'],
    ])
  })

  it('waits as long as a 429 asks, and loses no turn', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Look at the charters')
    desk.claude.addFault({ kind: '429', times: 1, retryAfterS: 600 })
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'waiting', wait: { for: 'model', until: START + 600_000 }, turns: 0 })
    await desk.pass(600_000)
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'finished', failures: 0 })
    const spent = await desk.in(({ spend }) => spend.total('2026-11-02', '2026-11-02'))
    expect(spent.cost).toBe((await desk.session()).cost)
  })

  it('warns when an overload lasts, and clears by itself', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Look at the charters')
    desk.claude.addFault({ kind: '529', times: 5 })
    await desk.pass(5 * 60_000)
    expect(await desk.in(({ incidents }) => incidents.open())).toMatchObject([{ kind: 'model_unavailable', severity: 'warning' }])
    await desk.pass(HOUR)
    expect(await desk.session()).toMatchObject({ status: 'finished' })
    expect(await desk.in(({ incidents }) => incidents.open())).toEqual([])
  })

  it('keeps a reply that was lost charged at its worst', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Look at the charters')
    desk.claude.addFault({ kind: 'lost', times: 1 })
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'waiting', cost: 0 })
    const lost = await desk.in(({ spend }) => spend.total('2026-11-02', '2026-11-02'))
    expect(lost.cost).toBeGreaterThan(0)
    await desk.pass(HOUR)
    const { cost } = await desk.session()
    expect((await desk.in(({ spend }) => spend.total('2026-11-02', '2026-11-02'))).cost).toBe(lost.cost + cost)
  })

  it.each([
    ['refusal', { status: 'gave-up', exitCode: 1 }, 'needs-person'],
    ['context_window', { status: 'ran-out', exitCode: 1 }, 'queued'],
  ] as const)('ends on %s', async (kind, ending, state) => {
    const desk = await openDesk({ limits: { sessionsPerDay: 1 } })
    const task = await desk.add('Look at the charters')
    desk.claude.addFault({ kind, times: 1 })
    await desk.work()
    expect(await desk.session()).toMatchObject(ending)
    expect(await desk.task(task.id)).toMatchObject({ state })
  })

  it.each(['pause_turn', 'max_tokens', 'max_tokens_in_tool_use'] as const)('goes on after %s, and runs no cut call', async (kind) => {
    const desk = await openDesk()
    await desk.charters(charter())
    await desk.add('Look at the charters')
    desk.claude.addFault({ kind, times: 1 })
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'finished' })
  })
})

describe('a session that outlives what it began with', () => {
  it('says so when the service does not take its conversation any more', async () => {
    const desk = await openDesk({ limits: { sessionsPerDay: 1 } })
    await desk.add('Ask about the charters')
    await desk.work()
    Object.assign(desk.agent, { playbooks: [{ ...GENERAL, instructions: 'Do it in another way.' }] })
    await desk.in((ports) => hear(ports, 1, { by: MARA, text: 'Yes.' }, desk.clock.now()))
    const { model } = desk.agent
    const failure = {
      class: 'our-request' as const,
      status: 400,
      code: 'invalid_request_error',
      requestId: null,
      retryAfterMs: null,
      mayBeCharged: false,
    }
    Object.assign(desk.agent, { model: { send: () => Promise.resolve({ kind: 'failed', failure }) } })
    await desk.work()
    const handOver =
      "Claude's service did not take this conversation any more, because its playbook or its tools were changed after it began (invalid_request_error)."
    expect(await desk.session()).toMatchObject({ status: 'ran-out', summary: handOver })
    Object.assign(desk.agent, { model })
  })

  it('is given up when our own code breaks on it five times in a row, whatever the service did', async () => {
    const desk = await openDesk()
    await desk.add('Look at the charters')
    desk.claude.addFault({ kind: '529', times: 4 })
    await desk.pass(5 * 60_000)
    expect(await desk.session()).toMatchObject({ status: 'waiting', failures: 4, breaks: 0 })
    const broken = () => desk.in((ports) => afterBreak(ports, 1, 'a test', desk.clock.now()))
    await broken()
    expect(await desk.session()).toMatchObject({ status: 'waiting', failures: 4, breaks: 1 })
    await desk.pass(HOUR)
    expect(await desk.session()).toMatchObject({ status: 'finished', failures: 0, breaks: 0 })
    await desk.add('Ask about the charters')
    await desk.pass(HOUR)
    for (let n = 1; n <= 5; n += 1) await desk.in((ports) => afterBreak(ports, 2, 'a test', desk.clock.now()))
    expect(await desk.session()).toMatchObject({
      id: 2,
      status: 'gave-up',
      failures: 0,
      breaks: 4,
      summary: 'Something broke in the bot: a test',
    })
  })
})

describe('people', () => {
  it('a session can be stopped while the model thinks: its cost is kept, and nothing else', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    const task = await desk.add('Person needed')
    let stopped = false
    desk.claude.answerWith(() => {
      if (stopped) return undefined
      stopped = true
      void desk.in((ports) => stopSession(ports, 1, MARA, START))
      return undefined
    })
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'cancelled', turns: 0, exitCode: 1 })
    expect(await desk.task(task.id)).toMatchObject({ state: 'needs-person', outcome: `Stopped by <@${MARA}>.` })
    expect(desk.claude.requests).toHaveLength(1)
    expect((await desk.in(({ spend }) => spend.total('2026-11-02', '2026-11-02'))).turns).toBe(1)
  })

  it('a cancelled task takes its session and its open question along', async () => {
    const desk = await openDesk()
    await desk.charters(charter())
    const task = await desk.add('Ask about the charters')
    await desk.work()
    const [request] = await desk.requests()
    await desk.in((ports) => cancelTask(ports, task.id, MARA, START))
    expect(await desk.task(task.id)).toMatchObject({ state: 'cancelled' })
    expect(await desk.requests()).toEqual([])
    expect((await desk.in((ports) => decide(ports, request?.id ?? 0, { do: 'answer', by: MARA, text: 'late' }, START))).kind).toBe('late')
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'cancelled' })
  })
})
