import { createInterface } from 'node:readline'
import { z } from 'zod'
import { createPollJob, createSessionJob } from '../../src/jobs/agent-jobs.ts'
import type { Job } from '../../src/jobs/job.ts'
import { createRunner, type Runner } from '../../src/jobs/runner.ts'
import type { Log } from '../../src/log.ts'
import { Secret } from '../../src/secret.ts'
import type { Agent } from '../../src/services/agent/agent.ts'
import { decide, hear } from '../../src/services/agent/people.ts'
import { pauseAgent } from '../../src/services/agent/pause.ts'
import type { PersonRequest } from '../../src/services/agent/request.ts'
import type { OutsideResult, Tool } from '../../src/services/agent/tools/tool.ts'
import { createClaude } from '../../src/services/model/claude.ts'
import { openDatabase, type CommitHooks } from '../../src/store/sqlite.ts'
import { createUnitOfWork, type AllPorts } from '../../src/store/unit.ts'
import type { UnitOfWork } from '../../src/unit-of-work.ts'
import { createFakeClock } from './fake-clock.ts'
import { BERTHS, KEY, LETTERS, LIMITS, MARA, PLAYBOOK, PRICES, type Life, type Said } from './session-setting.ts'

/**
 * The bot's runner with the two jobs of the agent, and the people of the office, in a process of its own. Each line it
 * hears is a life: a folder, an instant that does not move, and the write before or after which it kills itself with SIGKILL.
 */

const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`)

const log: Log = {
  debug: () => undefined,
  info: (component, message) => say({ log: `info [${component}] ${message}` }),
  warn: (component, message) => say({ log: `warn [${component}] ${message}` }),
  error: (component, message) => say({ log: `error [${component}] ${message}` }),
}

const wish = z.strictObject({ text: z.string() })
type Wish = z.output<typeof wish>

interface OutsideTool {
  readonly name: string
  readonly url: string
  readonly repeatable: boolean
  readonly reach: ReturnType<Tool['reach']>
}

function outsideTool({ name, url, repeatable, reach }: OutsideTool): Tool<Wish> {
  return {
    name,
    description: name,
    input: wish,
    reach: () => reach,
    describe: ({ text }) => ({ title: name, fields: [{ label: 'Text', value: text }] }),
    outside: {
      repeatable,
      act: async ({ key }, _input, signal): Promise<OutsideResult> => {
        const answer = await fetch(url, { method: 'POST', headers: { 'idempotency-key': key }, signal })
        return { kind: 'data', source: name, data: await answer.text() }
      },
    },
  }
}

function createKiller(kill: Life['kill']): CommitHooks {
  let writes = 0
  const dieAt = (at: 'before' | 'after'): void => {
    if (kill?.at === at && kill.n === writes) process.kill(process.pid, 'SIGKILL')
  }
  return {
    beforeWrite: () => {
      writes += 1
      dieAt('before')
    },
    afterWrite: () => dieAt('after'),
  }
}

const nothing: Job<AllPorts> = {
  deadlineMs: 1000,
  run: () => Promise.resolve({ outcome: 'nothing', summary: '' }),
  failed: () => ({ outcome: 'failed', summary: '' }),
}

function createAgentRunner({ claudeUrl, outsideUrl, now }: Life, uow: UnitOfWork<AllPorts>): Runner {
  const clock = createFakeClock(now)
  const tools = [
    outsideTool({ name: 'book_berth', url: `${outsideUrl}${BERTHS}`, repeatable: true, reach: 'session' }),
    // Needs a person's yes first: every session has read what others wrote.
    outsideTool({ name: 'send_letter', url: `${outsideUrl}${LETTERS}`, repeatable: false, reach: 'write' }),
  ]
  const agent: Agent = {
    uow,
    clock,
    log,
    model: createClaude({ apiKey: new Secret(KEY), baseUrl: claudeUrl }),
    playbooks: [PLAYBOOK],
    prices: PRICES,
    limits: LIMITS,
    privateFields: new Set(),
    zone: 'UTC',
    office: null,
    moreTools: tools as readonly Tool[],
  }
  return createRunner<AllPorts>({
    uow,
    clock,
    log,
    jobs: {
      'port-sheet-sync': nothing,
      'staleness-check': nothing,
      'consent-check': nothing,
      backup: nothing,
      digest: nothing,
      'incident-wake': nothing,
      housekeeping: nothing,
      'agent-poll': createPollJob(agent, 600_000),
      'agent-session': createSessionJob(agent),
      'host-audit': nothing,
      'answer-question': nothing,
    },
    finished: () => undefined,
    cannotStore: (_work, _result, error) => Promise.reject(error instanceof Error ? error : new Error('unknown')),
  })
}

/** What a person of the office says to a request. About a call that was interrupted they go and look. */
async function answer(request: PersonRequest, { outsideUrl, now }: Life, uow: UnitOfWork<AllPorts>): Promise<void> {
  const { id, sessionId, what } = request
  if (what.type === 'question') return uow.run((ports) => hear(ports, sessionId, { by: MARA, text: 'The earlier one.' }, now))
  const happened = what.type === 'settle' && (await (await fetch(`${outsideUrl}${LETTERS}`)).text()) !== '0'
  const decision = what.type === 'approval' ? 'approve' : happened ? 'happened' : 'not-happened'
  await uow.run(async (ports) => {
    await decide(ports, id, { do: decision, by: MARA }, now)
    // The task for a later session would be begun at once: the story is about one.
    if (what.type === 'approval' && what.tool === 'create_task') await pauseAgent(ports, { by: MARA, until: null }, now)
  })
}

/** As the bot starts (`src/app.ts`), then everything that is due, and what people answer, until nothing is left. */
async function live(life: Life): Promise<Said> {
  const { now } = life
  const database = openDatabase(life.folder, createKiller(life.kill))
  const uow = createUnitOfWork(database.db)
  const runner = createAgentRunner(life, uow)
  await uow.run(({ jobs }) => jobs.recover(now))
  await uow.run(async ({ sessions, work }) => {
    await sessions.releaseAll()
    await work.ensure({ job: 'agent-poll', subject: '', dueAt: now, reason: 'cron', by: null })
  })
  for (;;) {
    await runner.runDue(now)
    await runner.idle()
    const due = await runner.nextDueAt()
    if (due !== null && due <= now) continue
    const [oldest] = await uow.run(({ requests }) => requests.open())
    if (oldest === undefined) break
    await answer(oldest, life, uow)
  }
  await database.close()
  return { end: true }
}

for await (const line of createInterface({ input: process.stdin })) say(await live(JSON.parse(line) as Life))
