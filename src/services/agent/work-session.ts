import { errorCode } from '../../errors.ts'
import { advance, advanceOutside, type Advanced } from './advance.ts'
import type { Agent } from './agent.ts'
import { goOn } from './people.ts'
import type { AgentPorts } from './ports.ts'
import { decideRequest } from './request.ts'
import { isLive, type Grip, type Session } from './session.ts'
import { endSession } from './end.ts'
import { change, saveDecided } from './tell.ts'
import { takeTurn } from './turn.ts'
import { ELSEWHERE } from './tool-call.ts'
import type { OutsideResult } from './tools/tool.ts'

/** How a piece of work on a session ended, and when it is to be worked on again; null: when something wakes it. */
export interface Worked {
  readonly outcome: 'turn' | 'waiting' | 'paused' | 'ended' | 'held' | 'aborted'
  readonly summary: string
  readonly next: number | null
  readonly grip: Grip | null
}

/** Longer than any piece of work: one turn with the calls that follow it. A lease that is over was left by a dead owner. */
const LEASE_MS = 900_000

/** Takes back what nobody decided in time. */
async function expireRequests(ports: AgentPorts, sessionId: number, now: number): Promise<void> {
  for (const request of await ports.requests.open(sessionId)) {
    const expired = decideRequest(request, { do: 'expire' }, now)
    if (expired !== null) await saveDecided(ports, expired, now)
  }
}

/** Lets a waiting session go on when its time has come, or when a person wants it. False: it waits. */
async function wake(ports: AgentPorts, session: Session, asked: boolean, now: number): Promise<boolean> {
  const { wait } = session
  if (wait?.for === 'request') {
    await expireRequests(ports, session.id, now)
    if ((await ports.requests.open(session.id)).length > 0) return false
  } else if (!asked && (wait?.until ?? 0) > now) return false
  await goOn(ports, session, now)
  return true
}

/** Takes the session, or says why not. */
async function take(agent: Agent, sessionId: number, asked: boolean): Promise<Grip | Worked> {
  const now = agent.clock.now()
  return agent.uow.run(async (ports): Promise<Grip | Worked> => {
    const session = await ports.sessions.find(sessionId)
    if (session === null || !isLive(session)) return { outcome: 'ended', summary: 'it has ended', next: null, grip: null }
    if (session.status === 'waiting' && !(await wake(ports, session, asked, now))) {
      return { outcome: 'waiting', summary: session.step, next: session.wait?.until ?? null, grip: null }
    }
    const seized = await ports.sessions.seize(sessionId, now, now + LEASE_MS)
    if (seized === null) return { outcome: 'held', summary: 'somebody works on it', next: now + LEASE_MS, grip: null }
    return { sessionId, epoch: seized.epoch }
  })
}

async function callOutside(
  agent: Agent,
  grip: Grip,
  began: Extract<Advanced, { kind: 'outside' }>,
  signal: AbortSignal,
): Promise<Advanced> {
  const result = await began.act(signal).catch((error: unknown): OutsideResult => {
    agent.log.error('agent', `session ${grip.sessionId}: ${began.call.name} failed unexpectedly (${errorCode(error) ?? 'no code'})`)
    return { kind: 'unclear', where: ELSEWHERE }
  })
  return advanceOutside(agent, grip, began.call, result)
}

/** The agent with the tools of other programs that this session has. */
async function equip(agent: Agent, grip: Grip, signal: AbortSignal): Promise<Agent> {
  const { attachments, moreTools = [] } = agent
  if (attachments === undefined) return agent
  const session = await agent.uow.run(({ sessions }) => sessions.check(grip))
  const playbook = agent.playbooks.find(({ kind }) => kind === session.kind)
  // Without its playbook the next step ends the session.
  return playbook === undefined ? agent : { ...agent, moreTools: [...moreTools, ...(await attachments.attach(session, playbook, signal))] }
}

async function pauseStep(agent: Agent, grip: Grip): Promise<void> {
  await agent.uow.run(async (ports) => {
    const session = await ports.sessions.check(grip)
    if (session.step !== 'paused') await change(ports, session, { step: 'paused' }, agent.clock.now())
  })
}

async function workOn(agent: Agent, grip: Grip, signal: AbortSignal): Promise<Worked> {
  let advanced = await advance(agent, grip)
  while (advanced.kind === 'again' || advanced.kind === 'outside') {
    // Between two commits: whoever comes next goes on from here.
    if (signal.aborted) return { outcome: 'aborted', summary: 'stopped between two steps', next: agent.clock.now(), grip }
    advanced = advanced.kind === 'outside' ? await callOutside(agent, grip, advanced, signal) : await advance(agent, grip)
  }
  switch (advanced.kind) {
    case 'ended':
      return { outcome: 'ended', summary: 'ended', next: null, grip: null }
    case 'waiting':
      return { outcome: 'waiting', summary: 'waits for a person', next: advanced.until, grip }
    case 'paused':
      await pauseStep(agent, grip)
      return { outcome: 'paused', summary: 'the agent is paused', next: advanced.until, grip }
    case 'call-model': {
      const turned = await takeTurn(agent, grip, advanced.setting, signal)
      const now = agent.clock.now()
      if (turned.kind === 'ended') return { outcome: 'ended', summary: 'ended', next: null, grip: null }
      if (turned.kind === 'later') return { outcome: 'waiting', summary: 'waits for Claude or for the budget', next: turned.until, grip }
      return { outcome: turned.kind === 'aborted' ? 'aborted' : 'turn', summary: `turn ${advanced.session.turns + 1}`, next: now, grip }
    }
  }
}

/**
 * Works on a session until the model has replied once, or something must be waited for. Any number of processes may try:
 * only the owner's writes are taken. Whatever this process had not committed when it died is done again, and nothing else.
 * `asked`: a person wants it to go on now.
 */
export async function workSession(agent: Agent, sessionId: number, asked: boolean, signal: AbortSignal): Promise<Worked> {
  let goesOn = false
  try {
    const taken = await take(agent, sessionId, asked)
    const worked = 'outcome' in taken ? taken : await workOn(await equip(agent, taken, signal), taken, signal)
    goesOn = worked.outcome === 'turn' || worked.outcome === 'held'
    return worked
  } finally {
    if (!goesOn) await agent.attachments?.release(sessionId)
  }
}

/** How often in a row a piece of work may break in a way nobody foresaw. */
const MOST_BREAKS = 5

/** After a piece of work broke: the session is let go, and given up when it breaks again and again. */
export async function afterBreak(ports: AgentPorts, sessionId: number, reason: string, now: number): Promise<void> {
  const session = await ports.sessions.find(sessionId)
  if (session === null || !isLive(session)) return
  await ports.sessions.release({ sessionId, epoch: session.epoch })
  const breaks = session.breaks + 1
  if (breaks >= MOST_BREAKS) await endSession(ports, session, { how: 'gave-up', reason: `Something broke in the bot: ${reason}` }, now)
  else await change(ports, session, { breaks }, now)
}
