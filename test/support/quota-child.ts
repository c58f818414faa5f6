import { createInterface } from 'node:readline'
import type { Agent } from '../../src/services/agent/agent.ts'
import { reserve } from '../../src/services/agent/reserve.ts'
import type { Playbook } from '../../src/services/agent/playbook.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { createUnitOfWork } from '../../src/store/unit.ts'
import { createFakeClock } from './fake-clock.ts'
import { createTestLog } from './job-log.ts'

/**
 * One of many processes on one database that want to begin a session at the same moment. For each line `<now> <rest>` it
 * tries once and says what came of it. `<rest>` is `wait` when what it began is to wait for a person at once, so that not
 * this but the quota is what stops the others.
 */
const { QUOTA_DIR = '', QUOTA_SESSIONS = '5' } = process.env

const playbook: Playbook = {
  kind: 'chase-agreement',
  title: 'Chase an agreement',
  model: 'claude-sonnet-5-5',
  maxTurns: 30,
  maxTokens: 400_000,
  maxCost: 1_000_000,
  replyTokens: 4000,
  tools: [],
  approval: [],
  api: false,
  privateColumns: [],
  mcp: {},
  instructions: 'Chase it.',
}

const { db } = openDatabase(QUOTA_DIR)
const uow = createUnitOfWork(db)

const agentAt = (now: number): Agent => ({
  uow,
  clock: createFakeClock(now),
  log: createTestLog(),
  model: { send: () => Promise.reject(new Error('nobody asked it')) },
  playbooks: [playbook],
  prices: { [playbook.model]: { input: 3, output: 15, cacheWrite: 3.75, cacheRead: 0.3 } },
  limits: { sessionsPerDay: Number(QUOTA_SESSIONS), reservedSessions: 0, maxTurns: 30, dailyBudget: 1e9 },
  privateFields: new Set(),
  zone: 'UTC',
  office: null,
})

async function attempt(now: number, rest: string): Promise<string> {
  try {
    return await uow.run(async (ports) => {
      const reserved = await reserve(agentAt(now), ports, now)
      if (reserved.kind === 'none') return reserved.why
      const { session } = reserved
      if (rest === 'wait') await ports.sessions.save({ ...session, status: 'waiting', wait: { for: 'request', until: null } })
      return `task ${session.taskId} slot ${session.slot}`
    })
  } catch (error) {
    return `failed: ${String(error)}`
  }
}

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [now = '', rest = ''] = line.split(' ')
  process.stdout.write(`${await attempt(Number(now), rest)}\n`)
}
