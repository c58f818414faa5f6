import { closest, distance } from 'fastest-levenshtein'
import { pauseAgent, resumeAgent } from '../../services/agent/pause.ts'
import { readQuestionQuota } from '../../services/answers/quota.ts'
import { acceptServer } from '../../services/mcp/pins.ts'
import { readServers } from '../../services/mcp/read-servers.ts'
import { readQuota } from '../../services/status/read-quota.ts'
import { readSessions, readTaskList, readTaskStory } from '../../services/status/read-tasks.ts'
import { PERSON } from '../../services/tasks/task.ts'
import { addFromSlack, tryReadWish } from '../adding.ts'
import type { BotDeps, BotPorts } from '../deps.ts'
import { actOnTask } from '../task-acts.ts'
import { person } from '../views/agent-text.ts'
import type { MessageView } from '../views/alert.ts'
import { plainView } from '../views/answers.ts'
import { acceptedView, serversView } from '../views/mcp.ts'
import { quotaView } from '../views/quota.ts'
import { taskView } from '../views/task.ts'
import { taskModal } from '../views/task-modal.ts'
import { addedView, problemsView, sessionsView, tasksView } from '../views/tasks.ts'
import { escape, moment } from '../views/text.ts'
import { later, NOTHING, now, type Answer, type Asked } from './answer.ts'
import type { AgentCommand } from './parse.ts'

/** Commands about tasks, sessions and the day's quota. */

const LISTED_TASKS = 40
const LISTED_SESSIONS = 15

async function oneTask(deps: BotDeps, id: number, user: string): Promise<MessageView> {
  const story = await readTaskStory(deps.uow, id, deps.clock.now())
  if (story === null) return plainView(`There is no task ${id}. \`/jada tasks\` lists them.`)
  return taskView(story, deps.access.operators.includes(user))
}

/** Commits an act under the command's id. Null: this very command was handled before. */
async function once<T>(deps: BotDeps, asked: Asked, act: (ports: BotPorts, at: number) => Promise<T>): Promise<{ result: T } | null> {
  const at = deps.clock.now()
  const done = await deps.uow.run(async (ports) =>
    (await ports.inbox.claimAct(asked.triggerId, at)) ? { result: await act(ports, at) } : null,
  )
  deps.wake()
  return done
}

async function act(deps: BotDeps, command: Extract<AgentCommand, { name: 'task-act' }>, asked: Asked): Promise<Answer> {
  const done = await once(deps, asked, (ports, at) => actOnTask(ports, command.id, command.act, asked.user, at))
  return done === null ? NOTHING : now(plainView(done.result))
}

const FAR = 3

function unknownKind(kind: string, kinds: readonly string[]): MessageView {
  const nearest = closest(kind, kinds)
  const hint = distance(kind, nearest) <= FAR ? ` Did you mean \`${nearest}\`?` : ''
  return plainView(`There is no kind of task "${escape(kind)}".${hint} There is ${kinds.map((one) => `\`${one}\``).join(', ')}.`)
}

async function add(deps: BotDeps, { kind, title }: Extract<AgentCommand, { name: 'task-add' }>, asked: Asked): Promise<Answer> {
  const kinds = [...deps.agent.kinds.map((one) => one.kind), PERSON]
  if (kind !== null && !kinds.includes(kind)) return now(unknownKind(kind, kinds))
  if (title === '') {
    return later(async () => {
      await deps.openModal(asked.triggerId, taskModal({ kinds: deps.agent.kinds, ...(kind === null ? {} : { kind }), origin: null }))
      return null
    })
  }
  const read = tryReadWish({ kind, title }, deps.agent.kinds)
  if (read.kind === 'problems') return now(problemsView(read.problems))
  const { user, triggerId } = asked
  const added = await addFromSlack(deps, read.wish, { user, triggerId, key: `slack:${triggerId}` })
  return added === null ? NOTHING : now(addedView(added, deps.agent.hasKey))
}

async function pause(deps: BotDeps, forMs: number | null, asked: Asked): Promise<Answer> {
  const done = await once(deps, asked, (ports, at) => pauseAgent(ports, { by: asked.user, until: forMs === null ? null : at + forMs }, at))
  if (done === null) return NOTHING
  const { until } = done.result
  const end = until === null ? 'until somebody resumes it with `/jada resume`' : `until ${moment(until)}`
  return now(
    plainView(`${person(asked.user)} paused the agent ${end}. A turn that is under way ends; then no session goes on and none begins.`),
  )
}

async function resume(deps: BotDeps, asked: Asked): Promise<Answer> {
  const done = await once(deps, asked, (ports, at) => resumeAgent(ports, asked.user, at))
  if (done === null) return NOTHING
  return now(plainView(done.result ? 'The pause is over; the agent goes on.' : 'The agent was not paused.'))
}

async function acceptTools(deps: BotDeps, server: string, asked: Asked): Promise<Answer> {
  const done = await once(deps, asked, (ports, at) => acceptServer(ports, server, asked.user, at))
  return done === null ? NOTHING : now(acceptedView(server, done.result))
}

function pauseHow(problem: string | null): MessageView {
  const start = problem === null ? '' : `"${escape(problem)}" is no time I know. `
  return plainView(
    `${start}\`/jada pause agent\` pauses until \`/jada resume\`; \`/jada pause agent for 2h\` ends by itself (\`30m\`, \`2h\`, \`1d\`, at most 90 days). Pausing the sync is not set up in this version.`,
  )
}

export async function beginAgentCommand(deps: BotDeps, command: AgentCommand, asked: Asked): Promise<Answer> {
  const { uow, clock, agent } = deps
  switch (command.name) {
    case 'quota':
      return later(async () => {
        const at = clock.now()
        return quotaView(await readQuota(uow, agent, at), await readQuestionQuota(uow, agent.questionBudget, at))
      })
    case 'tasks':
      return later(async () => tasksView(await readTaskList(uow, LISTED_TASKS, clock.now())))
    case 'task':
      return later(() => oneTask(deps, command.id, asked.user))
    case 'sessions':
      return later(async () => sessionsView(await readSessions(uow, LISTED_SESSIONS, clock.now())))
    case 'task-act':
      return act(deps, command, asked)
    case 'task-add':
      return add(deps, command, asked)
    case 'pause-agent':
      return pause(deps, command.forMs, asked)
    case 'resume':
      return resume(deps, asked)
    case 'mcp':
      return later(async () => serversView(await uow.run((ports) => readServers(ports, agent.mcp))))
    case 'mcp-accept':
      return acceptTools(deps, command.server, asked)
    case 'pause-how':
      return now(pauseHow(command.problem))
  }
}
