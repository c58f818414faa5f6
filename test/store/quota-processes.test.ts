import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { newTask } from '../support/agent-samples.ts'
import { makeDataDir } from '../support/data-dir.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const CHILD = new URL('../support/quota-child.ts', import.meta.url).pathname
const PROCESSES = 24
const QUOTA = 5
const DAY = 86_400_000

interface Contender {
  readonly process: ChildProcess
  /** The next line it says. */
  readonly next: () => Promise<string>
}

function start(folder: string): Contender {
  // Twenty-four times the same sources: let them be read once.
  const env = { NODE_COMPILE_CACHE: 'node_modules/.cache/node', ...process.env, QUOTA_DIR: folder, QUOTA_SESSIONS: String(QUOTA) }
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    process: child,
    next: async () => {
      const { done, value } = await lines.next()
      return done === true ? `died with ${String(child.exitCode)}` : value
    },
  }
}

test('24 processes at once never begin more than the day’s five sessions, and each of the others hears why', async () => {
  const folder = makeDataDir()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { uow, raw } = await openTestDatabase({ folder, durable: true })
  await uow.run(async ({ tasks }) => {
    for (let n = 0; n < 2 * PROCESSES; n += 1) await tasks.add(newTask({ title: `Task ${n}` }), NOON)
  })
  const contenders = Array.from({ length: PROCESSES }, () => start(folder))
  onTestFinished(async () => {
    await Promise.all(
      contenders.map(async ({ process: child }) => {
        if (child.exitCode !== null) return
        child.stdin?.end()
        await once(child, 'exit')
      }),
    )
  })
  expect(new Set(await Promise.all(contenders.map(({ next }) => next())))).toEqual(new Set(['ready']))

  const all = async (line: string): Promise<string[]> => {
    for (const { process: child } of contenders) child.stdin?.write(`${line}\n`)
    return (await Promise.all(contenders.map(({ next }) => next()))).toSorted()
  }
  const slots = (): unknown[] => raw.prepare('select day, group_concat(n) as slots from quota_slot group by day order by day').all()
  const refused = (count: number, why: string): string[] => Array.from({ length: count }, () => why)
  const began = (first: number): string[] => Array.from({ length: QUOTA }, (_, n) => `task ${first + n} slot ${n + 1}`).toSorted()

  expect(await all(`${NOON} wait`)).toEqual([...refused(PROCESSES - QUOTA, 'quota'), ...began(1)])
  expect(slots()).toEqual([{ day: '2026-03-02', slots: '1,2,3,4,5' }])
  expect(await all(`${NOON + 1} wait`)).toEqual(refused(PROCESSES, 'quota'))

  expect(await all(`${NOON + DAY} wait`)).toEqual([...refused(PROCESSES - QUOTA, 'quota'), ...began(6)])
  expect(slots()).toEqual([
    { day: '2026-03-02', slots: '1,2,3,4,5' },
    { day: '2026-03-03', slots: '1,2,3,4,5' },
  ])

  // One that goes on is enough to stop all others.
  expect(await all(`${NOON + 2 * DAY} run`)).toEqual([...refused(PROCESSES - 1, 'busy'), 'task 11 slot 1'])
  expect(
    raw.prepare('select count(*) as live, count(distinct task_id) as tasks from session where live_task_id is not null').get(),
  ).toEqual({
    live: 2 * QUOTA + 1,
    tasks: 2 * QUOTA + 1,
  })
}, 60_000)
