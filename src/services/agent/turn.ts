import { createHash } from 'node:crypto'
import { JadaError } from '../../errors.ts'
import { addUsage, type ModelFailure, type ModelReply, type ModelRequest } from '../model/model.ts'
import { costOf } from '../model/prices.ts'
import { chooseTurn, estimate, HAND_OVER_TOKENS } from './afford.ts'
import { requestOf, type Agent, type Setting } from './agent.ts'
import { stepOf } from './calls.ts'
import { endSession } from './end.ts'
import { modelAnswers, modelFails, waitForModel } from './outage.ts'
import type { AgentPorts, StoredMessage } from './ports.ts'
import { handOverWords } from './prompt.ts'
import { dayEnd, dayOf, type Grip, type Session } from './session.ts'
import { change, tell } from './tell.ts'
import { decideTask } from '../tasks/decide.ts'

/** How a turn ended. `later`: the session waits until then. */
export type Turned =
  | { readonly kind: 'again' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'later'; readonly until: number }
  | { readonly kind: 'aborted' }

interface Prepared {
  readonly kind: 'call'
  readonly callId: number
  readonly request: ReturnType<typeof requestOf>
}

const beginningOf = ({ system, tools }: ModelRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([system, tools]))
    .digest('base64url')

async function waitForTomorrow(ports: AgentPorts, session: Session, now: number): Promise<Turned> {
  const until = dayEnd(now)
  const task = await ports.tasks.find(session.taskId)
  const waiting = task === null ? null : decideTask(task, { do: 'wait' }, now)
  if (waiting !== null) await ports.tasks.save(waiting)
  const waits = await change(
    ports,
    session,
    { status: 'waiting', wait: { for: 'budget', until }, step: "waiting for tomorrow's budget" },
    now,
  )
  await tell(ports, waits, { type: 'budget-wait', until }, now)
  return { kind: 'later', until }
}

/** Before the call: whether the turn may be taken, and its worst cost set aside. What is set aside is given back only when it is known. */
async function prepare(agent: Agent, ports: AgentPorts, grip: Grip, setting: Setting, now: number): Promise<Prepared | Turned> {
  let session = await ports.sessions.check(grip)
  let messages: readonly Pick<StoredMessage, 'role' | 'content'>[] = await ports.sessions.messages(session.id)
  const { playbook, price } = setting
  const full = requestOf(setting, session, messages, { maxTokens: playbook.replyTokens, mayUseTools: true })
  const short = { maxTokens: Math.min(HAND_OVER_TOKENS, playbook.replyTokens), mayUseTools: false }
  const asked = { role: 'user' as const, content: handOverWords(session.handingOver ?? 'turns') }
  const handOver = requestOf(setting, session, session.handingOver === null ? [...messages, asked] : messages, short)
  const day = dayOf(now)
  const spentToday = (await ports.spend.total(day, day)).cost
  const sizes = { full: estimate(full, session, price), handOver: estimate(handOver, session, price) }
  const choice = chooseTurn({ session, playbook, dailyBudget: agent.limits.dailyBudget, spentToday, ...sizes })
  if (choice.kind === 'wait') return waitForTomorrow(ports, session, now)
  if (choice.kind === 'end') {
    await endSession(
      ports,
      session,
      { how: 'ran-out', limit: choice.limit, handOver: 'It reached its limit before it could hand over.' },
      now,
    )
    return { kind: 'ended' }
  }
  const isLast = choice.kind === 'hand-over'
  if (isLast && session.handingOver === null) {
    const words = { role: 'user' as const, content: handOverWords(choice.limit) }
    await ports.sessions.addMessage(session.id, { ...words, stopReason: null })
    messages = [...messages, words]
    session = { ...session, handingOver: choice.limit }
  }
  const step = isLast ? 'handing over' : session.turns === 0 ? 'reading the task' : session.step
  await change(ports, session, { step, beginning: session.beginning ?? beginningOf(full) }, now)
  const worst = isLast ? sizes.handOver.worst : sizes.full.worst
  const callId = await ports.spend.reserve({ sessionId: session.id, day, worst, at: now })
  return { kind: 'call', callId, request: isLast ? requestOf(setting, session, messages, short) : full }
}

/** After the call: reply, cost and count are committed together, before any tool runs. */
async function keepReply(ports: AgentPorts, grip: Grip, reply: ModelReply, cost: number, now: number): Promise<void> {
  const session = await ports.sessions.check(grip)
  const { content, stopReason, usage } = reply
  // The service takes no empty message back.
  const kept = content.length > 0 ? content : [{ type: 'text' as const, text: '(no words)' }]
  await ports.sessions.addMessage(session.id, { role: 'assistant', content: kept, stopReason })
  const patch = {
    turns: session.turns + 1,
    usage: addUsage(session.usage, usage),
    cost: session.cost + cost,
    contextTokens: usage.input + usage.cacheRead + usage.cacheWrite + usage.output,
    failures: 0,
    breaks: 0,
    step: session.handingOver === null ? stepOf(reply) : 'handing over',
  }
  await change(ports, session, patch, now)
  await modelAnswers(ports, now)
}

interface Failed {
  readonly failure: ModelFailure
  /** Of the request that was refused. */
  readonly beginning: string
}

async function keepFailure(ports: AgentPorts, grip: Grip, { failure, beginning }: Failed, now: number): Promise<Turned> {
  const session = await ports.sessions.check(grip)
  if (failure.class === 'our-request') {
    // A conversation can grow too long, or be bound to tools and words that an update has changed: a fresh one may do it.
    const isOther = session.beginning !== null && session.beginning !== beginning
    const why = isOther ? ', because its playbook or its tools were changed after it began' : ''
    const handOver = `Claude's service did not take this conversation any more${why} (${failure.code}).`
    const reason = `Claude's service did not take the request (${failure.code}). The log has its number.`
    await endSession(ports, session, session.turns > 0 ? { how: 'ran-out', limit: 'context', handOver } : { how: 'gave-up', reason }, now)
    return { kind: 'ended' }
  }
  const until = await modelFails(ports, session, failure, now)
  await waitForModel(ports, session, failure, until, now)
  return { kind: 'later', until }
}

const isLost = (error: unknown): boolean => error instanceof JadaError && error.code === 'lost-session'

/** One call of the model. The session may have been cancelled or taken over meanwhile: then only the cost is kept. */
export async function takeTurn(agent: Agent, grip: Grip, setting: Setting, signal: AbortSignal): Promise<Turned> {
  const { uow, clock, model, log } = agent
  const prepared = await uow.run((ports) => prepare(agent, ports, grip, setting, clock.now()))
  if (prepared.kind !== 'call') return prepared
  const { callId, request } = prepared
  const answer = await model.send(request, signal)
  const now = clock.now()
  if (answer.kind === 'reply') {
    const { reply } = answer
    const cost = costOf(reply.usage, setting.price)
    const charged = { cost, usage: reply.usage }
    try {
      await uow.run(async (ports) => {
        await ports.spend.settle(callId, charged)
        await keepReply(ports, grip, reply, cost, now)
      })
      return { kind: 'again' }
    } catch (error) {
      if (!isLost(error)) throw error
      await uow.run(({ spend }) => spend.settle(callId, charged))
      return { kind: 'ended' }
    }
  }
  const { failure } = answer
  log.warn('agent', `session ${grip.sessionId}: no reply (${failure.class}, ${failure.code}, request ${failure.requestId ?? 'unknown'})`)
  // What may have been charged stays charged at its worst.
  if (!failure.mayBeCharged) await uow.run(({ spend }) => spend.settle(callId, { cost: 0, usage: null }))
  if (failure.class === 'aborted') return { kind: 'aborted' }
  return uow.run((ports) => keepFailure(ports, grip, { failure, beginning: beginningOf(request) }, now))
}
