import type { PersonRequest } from '../../src/services/agent/request.ts'
import { dayOf, type Session } from '../../src/services/agent/session.ts'
import type { ToolCall } from '../../src/services/agent/tool-call.ts'
import { NO_USAGE } from '../../src/services/model/model.ts'
import type { NewTask } from '../../src/services/tasks/ports.ts'
import { NOON } from './incident-samples.ts'

/** A task as it is asked for. */
export const newTask = (change: Partial<NewTask> = {}): NewTask => ({
  kind: 'chase-agreement',
  title: 'Chase the agreement of JC-1',
  details: '',
  priority: 'normal',
  dueOn: null,
  dependsOn: [],
  parentId: null,
  role: null,
  charterId: null,
  origin: { via: 'slack', by: 'U0MARA' },
  state: 'queued',
  key: null,
  bodyHash: null,
  ...change,
})

/** A session that has just begun. */
export const newSession = (taskId: number, slot: number, change: Partial<Session> = {}): Omit<Session, 'id'> => ({
  taskId,
  kind: 'chase-agreement',
  model: 'claude-sonnet-5-5',
  day: dayOf(change.startedAt ?? NOON),
  slot,
  status: 'running',
  wait: null,
  epoch: 0,
  version: 1,
  turns: 0,
  maxTurns: 30,
  tainted: false,
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
  startedAt: NOON,
  endedAt: null,
  ...change,
})

export const ended = (session: Session, at = NOON): Session => ({
  ...session,
  status: 'finished',
  version: session.version + 1,
  summary: 'Signed.',
  exitCode: 0,
  endedAt: at,
})

export const toolCall = (sessionId: number, change: Partial<ToolCall> = {}): ToolCall => ({
  sessionId,
  toolUseId: 'toolu_1',
  name: 'send_email',
  input: { to: 'client', text: 'Please sign.' },
  argumentsHash: 'hash',
  state: 'intent',
  requestId: null,
  result: null,
  isError: false,
  at: NOON,
  ...change,
})

type NewRequest = Pick<PersonRequest, 'sessionId' | 'toolUseId' | 'what' | 'argumentsHash' | 'askedAt' | 'expiresAt'>

export const newRequest = (sessionId: number, change: Partial<NewRequest> = {}): NewRequest => ({
  sessionId,
  toolUseId: 'toolu_1',
  what: { type: 'approval', tool: 'send_email', title: 'Send an email', fields: [{ label: 'To', value: 'client' }] },
  argumentsHash: 'hash',
  askedAt: NOON,
  expiresAt: NOON + 86_400_000,
  ...change,
})
