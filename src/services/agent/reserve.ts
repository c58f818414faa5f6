import { decideTask } from '../tasks/decide.ts'
import { NO_USAGE } from '../model/model.ts'
import type { Task } from '../tasks/task.ts'
import { estimate } from './afford.ts'
import { contextOf, requestOf, settingOf, type Agent, type Setting } from './agent.ts'
import { readPause } from './pause.ts'
import type { AgentPorts } from './ports.ts'
import { opening, READ_TASK_ID } from './prompt.ts'
import { dayOf, type Session } from './session.ts'
import { postCard } from './tell.ts'
import { readTask } from './tools/own.ts'
import { toResultText } from './tools/tool.ts'

/** Why no session begins. */
export type Reserved =
  | { readonly kind: 'started'; readonly session: Session }
  | { readonly kind: 'none'; readonly why: 'paused' | 'busy' | 'quota' | 'no-task' | 'budget' }

/** Adds the session with its slot, and the opening of its conversation. The database refuses a slot that is taken or beyond the quota. */
async function open(agent: Agent, ports: AgentPorts, setting: Setting, task: Task, slot: number, now: number): Promise<Session> {
  const { playbook } = setting
  const { sessionsPerDay, maxTurns } = agent.limits
  const session = await ports.sessions.open(
    {
      taskId: task.id,
      kind: task.kind,
      model: playbook.model,
      day: dayOf(now),
      slot,
      status: 'running',
      wait: null,
      epoch: 0,
      version: 1,
      turns: 0,
      maxTurns: Math.min(playbook.maxTurns, maxTurns),
      // What the task says was written by others, and it is read before the first turn.
      tainted: true,
      usage: NO_USAGE,
      cost: 0,
      contextTokens: 0,
      failures: 0,
      breaks: 0,
      beginning: null,
      handingOver: null,
      reminded: false,
      step: 'beginning',
      summary: null,
      exitCode: null,
      muted: false,
      startedAt: now,
      endedAt: null,
    },
    sessionsPerDay,
  )
  const read = await readTask.inside?.(ports, contextOf(agent, setting, session, task, READ_TASK_ID), {})
  const text = read?.kind === 'data' ? toResultText(read.source, read.data) : ''
  for (const message of opening(text)) await ports.sessions.addMessage(session.id, { ...message, stopReason: null })
  return session
}

/** Whether the first turn can be paid for today. A session that had to wait for tomorrow would only burn a slot. */
async function affordable(agent: Agent, ports: AgentPorts, setting: Setting, task: Task, now: number): Promise<boolean> {
  const day = dayOf(now)
  const { cost } = await ports.spend.total(day, day)
  const request = requestOf(setting, { model: setting.playbook.model }, opening(JSON.stringify(task)), {
    maxTokens: setting.playbook.replyTokens,
    mayUseTools: true,
  })
  return cost + estimate(request, { contextTokens: 0 }, setting.price).worst <= agent.limits.dailyBudget
}

/**
 * Begins a session on the most urgent task, when the day's quota, the budget and people allow one: all in the caller's
 * transaction. The slot is charged now and never given back.
 */
export async function reserve(agent: Agent, ports: AgentPorts, now: number): Promise<Reserved> {
  const none = (why: Extract<Reserved, { kind: 'none' }>['why']): Reserved => ({ kind: 'none', why })
  if ((await readPause(ports.settings, now)) !== null) return none('paused')
  // One at a time. While the model cannot be used, or the money is spent, another one could not go on either.
  const live = await ports.sessions.live()
  if (live.some(({ status, wait }) => status === 'running' || wait?.for !== 'request')) return none('busy')
  const { sessionsPerDay, reservedSessions } = agent.limits
  const used = await ports.sessions.slotsUsed(dayOf(now))
  if (used >= sessionsPerDay) return none('quota')
  const criticalOnly = used >= sessionsPerDay - reservedSessions
  const task = await ports.tasks.next({ criticalOnly, kinds: agent.playbooks.map(({ kind }) => kind) })
  if (task === null) return none(criticalOnly ? 'quota' : 'no-task')
  const playbook = agent.playbooks.find(({ kind }) => kind === task.kind)
  const setting = playbook === undefined ? null : settingOf(agent, playbook)
  const started = decideTask(task, { do: 'start' }, now)
  if (setting === null || started === null) return none('no-task')
  if (!(await affordable(agent, ports, setting, task, now))) return none('budget')
  await ports.tasks.save(started)
  const session = await open(agent, ports, setting, started, used + 1, now)
  await postCard(ports, session, now)
  await ports.work.demand({ job: 'agent-session', subject: String(session.id), dueAt: now, reason: 'due', by: null })
  return { kind: 'started', session }
}
