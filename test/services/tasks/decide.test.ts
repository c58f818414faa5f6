import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideTask, type TaskEvent } from '../../../src/services/tasks/decide.ts'
import { isLive, PERSON, type Task } from '../../../src/services/tasks/task.ts'
import { newTask } from '../../support/agent-samples.ts'
import { NOON } from '../../support/incident-samples.ts'

const task = (change: Partial<Task> = {}): Task => ({
  ...newTask(),
  id: 1,
  ranOut: 0,
  outcome: null,
  createdAt: NOON,
  updatedAt: NOON,
  version: 1,
  ...change,
})

interface Real {
  now: number
  task: Task
}

/** How often it was given back since a person queued it. */
interface Model {
  returns: number
}

class Happen implements fc.Command<Model, Real> {
  readonly event: TaskEvent
  constructor(event: TaskEvent) {
    this.event = event
  }
  check(): boolean {
    return true
  }
  run(model: Model, real: Real): void {
    real.now += 1000
    const { event } = this
    const before = real.task
    const next = decideTask(before, event, real.now)
    if (before.state === 'done' || before.state === 'cancelled') expect(next).toBeNull()
    if (before.kind === PERSON) expect(next?.state).not.toBe('queued')
    if (next === null) return
    expect(next).toMatchObject({ id: before.id, kind: before.kind, title: before.title, updatedAt: real.now })
    if (event.do === 'retry') model.returns = 0
    if (event.do === 'run-out' && next.state === 'queued') model.returns += 1
    expect(model.returns).toBeLessThanOrEqual(1)
    // Only a session takes it, and only from the queue.
    if (next.state === 'running') expect(['queued', 'waiting']).toContain(before.state)
    // Whatever is over says why.
    if (!isLive(next) || next.state === 'needs-person') expect(next.outcome).not.toBeNull()
    real.task = next
  }
  toString(): string {
    return this.event.do
  }
}

const EVENTS: readonly TaskEvent[] = [
  { do: 'start' },
  { do: 'wait' },
  { do: 'go-on' },
  { do: 'finish', outcome: 'done', summary: 'Signed.' },
  { do: 'finish', outcome: 'blocked', summary: 'No answer.' },
  { do: 'run-out', summary: 'Half is done.' },
  { do: 'give-up', summary: 'Declined.' },
  { do: 'cancel', by: 'U0MARA' },
  { do: 'retry', by: 'U0MARA' },
  { do: 'close', by: 'U0MARA' },
]

describe('a task', () => {
  it('goes its ways and no others, whatever happens to it in whatever order', () => {
    const commands = EVENTS.map((event) => fc.constant(new Happen(event)))
    // More of what leads on than of what ends it.
    const weighted = [...commands, ...commands.slice(0, 3), ...commands.slice(5, 6), ...commands.slice(5, 6)]
    fc.assert(
      fc.property(fc.constantFrom('general', PERSON), fc.commands(weighted, { maxCommands: 25 }), (kind, run) => {
        const state = kind === PERSON ? ('needs-person' as const) : ('queued' as const)
        fc.modelRun(
          () => ({ model: { returns: 0 }, real: { now: NOON, task: task({ kind, state, outcome: kind === PERSON ? '' : null }) } }),
          run,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('is given back once when a session ran out, then fails, and a person may queue it afresh', () => {
    const play = (...events: TaskEvent[]): Task =>
      events.reduce<Task>((one, event) => {
        const next = decideTask(one, event, NOON)
        if (next === null) throw new Error(`${event.do} means nothing when it is ${one.state}`)
        return next
      }, task())
    const [start, out] = [{ do: 'start' }, { do: 'run-out', summary: 'Left: all.' }] as const
    expect(play(start, out)).toMatchObject({ state: 'queued', ranOut: 1, outcome: 'Left: all.' })
    expect(play(start, out, start, out)).toMatchObject({ state: 'failed', ranOut: 2 })
    expect(play(start, out, start, out, { do: 'retry', by: 'U0MARA' })).toMatchObject({ state: 'queued', ranOut: 0, outcome: null })
    expect(play(start, out, start, out, { do: 'close', by: 'U0MARA' })).toMatchObject({ state: 'done', outcome: 'Closed by <@U0MARA>.' })
  })

  it('for a person is never queued: no session would take it, and nobody could close it there', () => {
    const own = task({ kind: PERSON, state: 'needs-person' })
    expect(decideTask(own, { do: 'retry', by: 'U0MARA' }, NOON)).toBeNull()
    expect(decideTask(own, { do: 'close', by: 'U0MARA' }, NOON)).toMatchObject({ state: 'done' })
    expect(decideTask(own, { do: 'cancel', by: 'U0MARA' }, NOON)).toMatchObject({ state: 'cancelled' })
  })
})
