import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import type { Model, ModelRequest } from '../model/model.ts'
import type { Office } from '../office/ports.ts'
import type { Price, Prices } from '../model/prices.ts'
import type { Field } from '../sheets/charter.ts'
import type { Task } from '../tasks/task.ts'
import type { AgentLimits } from './limits.ts'
import type { Playbook } from './playbook.ts'
import type { AgentPorts, StoredMessage } from './ports.ts'
import { systemPrompt } from './prompt.ts'
import type { Session } from './session.ts'
import { toolsOf } from './tools/registry.ts'
import { toModelTool, type Tool, type ToolContext } from './tools/tool.ts'

/** Tools of other programs, which run for as long as a session needs them. */
export interface Attachments {
  /** A session's tools beyond the built-in ones: the same at each of its turns. What does not work is told in its thread. */
  attach(session: Session, playbook: Playbook, signal: AbortSignal): Promise<readonly Tool[]>
  /** The session has ended or waits: ends what runs for it. */
  release(sessionId: number): Promise<void>
  /** Ends all of them, and begins none any more. */
  stop(): Promise<void>
}

/** All that sessions run on. */
export interface Agent {
  readonly uow: UnitOfWork<AgentPorts>
  readonly clock: Clock
  readonly log: Log
  readonly model: Model
  readonly playbooks: readonly Playbook[]
  readonly prices: Prices
  readonly limits: AgentLimits
  /** The office's zone, an IANA name: what day it is for the people there. */
  readonly zone: string
  /** Columns of the port sheet that nobody sees unless a playbook names them. */
  readonly privateFields: ReadonlySet<Field>
  /** What pages and requests are made with; null: without a public address, and then their tools are not offered. */
  readonly office: Office | null
  /** Tools beyond the built-in ones. */
  readonly moreTools?: readonly Tool[]
  readonly attachments?: Attachments
}

/** What a session is worked by: its playbook as it is now, with its tools and prices. */
export interface Setting {
  readonly playbook: Playbook
  readonly price: Price
  readonly tools: readonly Tool[]
}

/** Null: the playbook, or its model's price, is no longer there. */
export function settingOf(agent: Agent, { kind, model }: Pick<Session, 'kind' | 'model'>): Setting | null {
  const playbook = agent.playbooks.find((one) => one.kind === kind)
  const price = agent.prices[model]
  if (playbook === undefined || price === undefined) return null
  return { playbook, price, tools: toolsOf(playbook, { hasOffice: agent.office !== null, more: agent.moreTools ?? [] }) }
}

export function contextOf(agent: Agent, { playbook }: Setting, session: Session, task: Task, toolUseId: string): ToolContext {
  const now = agent.clock.now()
  return {
    session,
    task,
    playbook,
    privateFields: agent.privateFields,
    office: agent.office,
    kinds: agent.playbooks.map(({ kind }) => kind),
    key: `${session.id}:${toolUseId}`,
    now,
    // Canada writes its dates as ISO does.
    today: new Intl.DateTimeFormat('en-CA', { timeZone: agent.zone }).format(now),
  }
}

/** The next request of a conversation. The beginning never changes, so that it stays cached. */
export function requestOf(
  { playbook, tools }: Setting,
  session: Pick<Session, 'model'>,
  messages: readonly Pick<StoredMessage, 'role' | 'content'>[],
  words: { readonly maxTokens: number; readonly mayUseTools: boolean },
): ModelRequest {
  return {
    model: session.model,
    system: systemPrompt(playbook),
    tools: tools.map(toModelTool),
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...words,
  }
}
