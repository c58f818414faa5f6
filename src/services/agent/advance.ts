import { decideTask } from '../tasks/decide.ts'
import { settingOf, type Agent, type Setting } from './agent.ts'
import { beginCall, decidedCall, recordOutside, resumeCall, type Began, type Desk } from './calls.ts'
import { endSession } from './end.ts'
import { readPause } from './pause.ts'
import { planNext, type Conversation, type Next } from './plan.ts'
import type { AgentPorts, StoredMessage } from './ports.ts'
import type { PersonRequest } from './request.ts'
import type { Grip, Session } from './session.ts'
import { change } from './tell.ts'
import type { Task } from '../tasks/task.ts'
import type { ToolCall } from './tool-call.ts'
import type { OutsideResult } from './tools/tool.ts'

/** Where a session stands after a transaction. */
export type Advanced =
  | Began
  | { readonly kind: 'call-model'; readonly session: Session; readonly messages: readonly StoredMessage[]; readonly setting: Setting }
  | { readonly kind: 'waiting'; readonly until: number | null }
  | { readonly kind: 'paused'; readonly until: number | null }

interface Open {
  readonly desk: Desk
  readonly messages: readonly StoredMessage[]
  readonly conversation: Conversation
}

async function taskOf({ tasks }: AgentPorts, session: Session): Promise<Task> {
  const task = await tasks.find(session.taskId)
  if (task === null) throw new Error(`session ${session.id} has no task`)
  return task
}

/** All of a session, by whoever holds it. Null: its playbook is gone, and the session with it. */
async function open(agent: Agent, ports: AgentPorts, grip: Grip, now: number): Promise<Open | null> {
  const session = await ports.sessions.check(grip)
  const setting = settingOf(agent, session)
  if (setting === null) {
    const reason = `The playbook ${session.kind}, or the price of ${session.model}, is no longer in the settings.`
    await endSession(ports, session, { how: 'gave-up', reason }, now)
    return null
  }
  const messages = await ports.sessions.messages(session.id)
  const last = messages.at(-1)
  if (last === undefined) throw new Error(`session ${session.id} has no messages`)
  const calls = new Map<string, ToolCall>()
  const requests = new Map<number, PersonRequest>()
  for (const call of await ports.sessions.calls(session.id)) {
    calls.set(call.toolUseId, call)
    const request = call.requestId === null ? null : await ports.requests.find(call.requestId)
    if (request !== null) requests.set(request.id, request)
  }
  const task = await taskOf(ports, session)
  return { desk: { agent, ports, setting, session, task, now }, messages, conversation: { session, last, calls, requests } }
}

/** Puts a session to waiting for people. It is let go again by whoever decides, or when nobody did. */
async function waitForPeople({ ports, session, task, now }: Desk): Promise<Advanced> {
  const open = await ports.requests.open(session.id)
  const ends = open.flatMap(({ expiresAt }) => expiresAt ?? [])
  const until = ends.length === 0 ? null : Math.min(...ends)
  const step = open.some(({ what }) => what.type === 'question') ? 'waiting for an answer' : 'waiting for a decision'
  const waiting = decideTask(task, { do: 'wait' }, now)
  if (waiting !== null) await ports.tasks.save(waiting)
  await change(ports, session, { status: 'waiting', wait: { for: 'request', until }, step }, now)
  return { kind: 'waiting', until }
}

async function addMessage({ ports, session }: Desk, role: 'user', content: StoredMessage['content']): Promise<Advanced> {
  await ports.sessions.addMessage(session.id, { role, content, stopReason: null })
  return { kind: 'again' }
}

async function carryOut({ desk, messages }: Open, next: Next): Promise<Advanced> {
  const { ports, session, setting, now } = desk
  switch (next.do) {
    case 'call-model': {
      const pause = await readPause(ports.settings, now)
      return pause === null ? { kind: 'call-model', session, messages, setting } : { kind: 'paused', until: pause.until }
    }
    case 'begin-call':
      return beginCall(desk, next.call)
    case 'resume-call':
      return resumeCall(desk, next.call)
    case 'decided-call':
      return decidedCall(desk, next.call, next.request)
    case 'wait':
      return waitForPeople(desk)
    case 'send-results':
      return addMessage(desk, 'user', next.results)
    case 'say':
      if (next.reminded !== session.reminded) await change(ports, session, { reminded: next.reminded }, now)
      return addMessage(desk, 'user', next.words)
    case 'end':
      await endSession(ports, session, next.end, now)
      return { kind: 'ended' }
  }
}

/** One step of a session: what is decided and its effect are one transaction. */
export function advance(agent: Agent, grip: Grip): Promise<Advanced> {
  const now = agent.clock.now()
  return agent.uow.run(async (ports) => {
    const opened = await open(agent, ports, grip, now)
    return opened === null ? { kind: 'ended' } : carryOut(opened, planNext(opened.conversation))
  })
}

/** Records what a call to the outside brought, if the session is still ours. */
export function advanceOutside(agent: Agent, grip: Grip, call: ToolCall, result: OutsideResult): Promise<Advanced> {
  const now = agent.clock.now()
  return agent.uow.run(async (ports) => {
    const opened = await open(agent, ports, grip, now)
    return opened === null ? { kind: 'ended' } : recordOutside(opened.desk, call, result)
  })
}
