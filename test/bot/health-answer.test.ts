import { RespondError, type App } from '@slack/bolt'
import { expect, test } from 'vitest'
import { listenToCommands } from '../../src/bot/commands/listen.ts'
import type { BotDeps } from '../../src/bot/deps.ts'
import { createHostAuditJob } from '../../src/jobs/host-audit.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { wellCollector } from '../support/host-samples.ts'
import { NOON } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { openTestDatabase } from '../support/repo-database.ts'

interface Said {
  readonly text: string
  readonly response_type: string
  readonly blocks?: readonly { readonly type: string }[]
  readonly plain?: unknown
}

const types = ({ blocks = [] }: Said): string[] => [...new Set(blocks.map(({ type }) => type))]

/** The bot's own listener; Slack is a function that takes, or refuses, what is said. */
async function openBench(takes: (said: Said) => boolean) {
  const { uow } = await openTestDatabase()
  const clock = createFakeClock(NOON)
  const log = createTestLog()
  const limits = { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 5_000_000 }
  const audit = async (at: number): Promise<void> => {
    const target = { source: 'local', host: 'jada-server', unitName: 'jada-agent.service' } as const
    const job = createHostAuditJob({ log, collector: wellCollector, target })
    const work = { job: 'host-audit', subject: '', dueAt: at, reason: 'cron', by: null, id: 1, runId: 1, demanded: false } as const
    const { commit } = await job.run(work, at, new AbortController().signal)
    await uow.run(async (ports) => commit?.(ports))
  }
  const deps = {
    uow,
    clock,
    log,
    zone: 'UTC',
    access: {
      operators: ['U0MARA'],
      opsChannel: 'C0OPS',
    },
    agent: {
      kinds: [],
      limits,
      hasKey: false,
    },
    wake: () => undefined,
    awaitAudit: async () => {
      await audit(clock.now())
      return uow.run(({ runs }) => runs.lastRun('host-audit')).then((run) => run ?? ({ id: 1 } as never))
    },
  } as unknown as BotDeps
  let handle: (input: unknown) => Promise<void> = () => Promise.reject(new Error('nobody listens'))
  const app = { command: (_name: string, listener: typeof handle) => void (handle = listener) }
  listenToCommands(app as unknown as App, deps)
  return {
    uow,
    clock,
    audit,
    ask: async (text: string, user = 'U0MARA', trigger = 't1') => {
      const taken: Said[] = []
      const tried: Said[] = []
      const respond = (said: Said): Promise<void> => {
        tried.push(said)
        if (!takes(said)) return Promise.reject(new RespondError('Failed to respond to the response_url: 400 Bad Request', 400))
        taken.push(said)
        return Promise.resolve()
      }
      const command = { text, user_id: user, channel_id: 'C0OPS', trigger_id: trigger }
      await handle({ command, ack: () => Promise.resolve(), respond })
      return { taken, tried }
    },
  }
}

test('/jada health shows the last audit with charts, to whoever asks in the ops channel', async () => {
  const bench = await openBench(() => true)
  for (const hours of [4, 2, 0.1]) await bench.audit(NOON - hours * 3_600_000)
  const { taken } = await bench.ask('health public', 'U0GUEST')
  expect(taken).toMatchObject([{ text: 'Server: OK, audited 6 min ago', response_type: 'in_channel' }])
  expect(taken.map(types)).toEqual([['section', 'data_visualization', 'context']])
  expect(taken[0]).not.toHaveProperty('plain')
})

test('where Slack takes no charts, the same comes as text', async () => {
  const bench = await openBench((said) => !types(said).includes('data_visualization'))
  for (const hours of [4, 2, 0.1]) await bench.audit(NOON - hours * 3_600_000)
  const { taken, tried } = await bench.ask('health')
  expect(tried).toHaveLength(2)
  expect(taken.map(types)).toEqual([['section', 'context']])
  expect(JSON.stringify(taken)).toMatch(/from +CPU/)
})

test('/jada health now is for operators, asks once for a run, and tells what it found', async () => {
  const bench = await openBench(() => true)
  expect((await bench.ask('health now', 'U0GUEST')).taken[0]?.text).toContain('Only operators')
  const { taken } = await bench.ask('health now')
  expect(taken.map(({ text }) => text)).toEqual(['Looking at the server.', 'Server: PARTLY UNKNOWN, audited just now'])
  expect(await bench.uow.run(({ runs }) => runs.waiting('host-audit'))).toEqual({ dueAt: NOON, reason: 'operator' })
  // Slack delivered the very same command again.
  expect((await bench.ask('health now')).taken).toEqual([])
})

test('before the first audit it says so', async () => {
  const bench = await openBench(() => true)
  expect((await bench.ask('health')).taken[0]?.text).toContain('The server was not audited yet.')
})
