import type { Log } from '../log.ts'
import type { Agent } from '../services/agent/agent.ts'
import { readPause } from '../services/agent/pause.ts'
import type { AgentPorts } from '../services/agent/ports.ts'
import { reserve, type Reserved } from '../services/agent/reserve.ts'
import { afterBreak, workSession, type Worked } from '../services/agent/work-session.ts'
import type { ClaimedWork, JobPorts } from '../services/work/work.ts'
import type { Job, JobResult } from './job.ts'

type Ports = JobPorts & AgentPorts

const POLL_DEADLINE_MS = 30_000
/** Shorter than the lease on a session: a body that hangs has lost its session before another one may take it. */
const SESSION_DEADLINE_MS = 720_000
const BREAK_WAIT_MS = 60_000

const COMPONENT = 'agent'

const WHY: Readonly<Record<Extract<Reserved, { kind: 'none' }>['why'], string>> = {
  paused: 'paused',
  busy: 'a session is under way',
  quota: "the day's sessions are used up",
  'no-task': 'nothing to do',
  budget: "the day's budget is used up",
}

/** Sessions that nobody works on and that nothing would wake: what a dead process left, and waits that are over. */
async function adopt(ports: Ports, now: number): Promise<void> {
  if ((await readPause(ports.settings, now)) !== null) return
  const overdue = (await ports.sessions.live()).filter(({ status, wait }) => status === 'waiting' && (wait?.until ?? Infinity) <= now)
  for (const id of [...(await ports.sessions.unheld(now)), ...overdue.map((session) => session.id)]) {
    await ports.work.ensure({ job: 'agent-session', subject: String(id), dueAt: now, reason: 'retry', by: null })
  }
}

/** Looks for work on the progress dashboard, again and again. `agent` null: no key is set, so no session can begin. */
export function createPollJob(agent: Agent | null, pollMs: number): Job<Ports> {
  const next = (ports: Ports, now: number): Promise<void> =>
    ports.work.ensure({ job: 'agent-poll', subject: '', dueAt: now + pollMs, reason: 'cron', by: null })
  return {
    deadlineMs: POLL_DEADLINE_MS,
    run: async (_work, now) => {
      if (agent === null) return { outcome: 'off', summary: 'no key for Claude is set' }
      const reserved = await agent.uow.run((ports) => reserve(agent, ports, now))
      const summary =
        reserved.kind === 'started' ? `session ${reserved.session.id} began on task ${reserved.session.taskId}` : WHY[reserved.why]
      if (reserved.kind === 'started') agent.log.info(COMPONENT, summary)
      return {
        outcome: reserved.kind,
        summary,
        commit: async (ports) => {
          await adopt(ports, now)
          await next(ports, now)
        },
      }
    },
    failed: (_work, now, { code, message }) => ({ outcome: code, summary: message, commit: (ports) => next(ports, now) }),
  }
}

/** The end of a session is told in the log, with the exit code that the old daemon gave: a limit is no crash. */
async function logEnd(log: Log, ports: Ports, sessionId: number): Promise<void> {
  const session = await ports.sessions.find(sessionId)
  if (session === null || session.endedAt === null) return
  const why = session.status === 'ran-out' && session.handingOver === 'turns' ? 'Hit max turns; ' : ''
  const dollars = (session.cost / 1e6).toFixed(2)
  log.info(
    COMPONENT,
    `${why}session ${session.id} on task ${session.taskId} ended: ${session.status}, exit code ${session.exitCode ?? 1}`,
    {
      turns: session.turns,
      dollars,
    },
  )
}

async function commitWork(log: Log, ports: Ports, work: ClaimedWork, worked: Worked): Promise<void> {
  const sessionId = Number(work.subject)
  if (worked.grip !== null) await ports.sessions.release(worked.grip)
  if (worked.next !== null) {
    const request = { job: 'agent-session' as const, subject: work.subject, dueAt: worked.next, by: null }
    await ports.work.schedule({ ...request, reason: worked.outcome === 'turn' ? 'due' : 'retry' })
  }
  if (worked.outcome === 'ended') await logEnd(log, ports, sessionId)
}

/** Works on one session: one turn a run, so that whatever was committed is all that a crash leaves. */
export function createSessionJob(agent: Agent | null): Job<Ports> {
  return {
    deadlineMs: SESSION_DEADLINE_MS,
    run: async (work, _now, signal): Promise<JobResult<Ports>> => {
      if (agent === null) return { outcome: 'off', summary: 'no key for Claude is set' }
      const worked = await workSession(agent, Number(work.subject), work.reason === 'operator', signal)
      return { outcome: worked.outcome, summary: worked.summary, commit: (ports) => commitWork(agent.log, ports, work, worked) }
    },
    failed: (work, now, { code, message }) => ({
      outcome: code,
      summary: message,
      commit: async (ports) => {
        await afterBreak(ports, Number(work.subject), message, now)
        await ports.work.schedule({ job: 'agent-session', subject: work.subject, dueAt: now + BREAK_WAIT_MS, reason: 'retry', by: null })
      },
    }),
  }
}
