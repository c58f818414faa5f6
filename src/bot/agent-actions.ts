import type { App } from '@slack/bolt'
import { decide, stopSession } from '../services/agent/people.ts'
import type { Decision, PersonRequest } from '../services/agent/request.ts'
import { onClick, type Click, type Handler } from './click.ts'
import type { TaskAct } from './commands/parse.ts'
import type { BotDeps, BotPorts } from './deps.ts'
import { actOnTask } from './task-acts.ts'
import { ACTION, CHOICE_ACTION, readCardValue } from './views/action-ids.ts'
import { plainView } from './views/answers.ts'
import { lateText } from './views/request.ts'

/** Buttons of sessions, requests and tasks. */

/** Commits what a click brings about under the click's id, and gives what to say; null: nothing, or it was handled before. */
async function once(deps: BotDeps, click: Click, act: (ports: BotPorts, now: number) => Promise<string | null>) {
  const now = deps.clock.now()
  const said = await deps.uow.run(async (ports) => ((await ports.inbox.claimAct(click.triggerId, now)) ? act(ports, now) : null))
  deps.wake()
  return said === null ? null : plainView(said)
}

const UNKNOWN = 'I do not know what this button belongs to any more.'

/** A click on a request's card. What was seen is what is decided: an older version of the card decides nothing. */
function decider(deps: BotDeps, toDecision: (click: Click, request: PersonRequest) => Decision | null): Handler {
  return (click) =>
    once(deps, click, async (ports, now) => {
      const card = readCardValue(click.value)
      const request = card === null ? null : await ports.requests.find(card.id)
      if (card === null || request === null) return UNKNOWN
      if (request.version !== card.version) return lateText(request)
      const decision = toDecision(click, request)
      if (decision === null) return UNKNOWN
      const decided = await decide(ports, request.id, decision, now)
      return decided.kind === 'done' ? null : decided.kind === 'late' ? lateText(decided.request) : UNKNOWN
    })
}

function choiceOf({ actionId, user }: Click, { what }: PersonRequest): Decision | null {
  const [, place] = CHOICE_ACTION.exec(actionId) ?? []
  const text = what.type === 'question' && place !== undefined ? what.choices[Number(place)] : undefined
  return text === undefined ? null : { do: 'answer', by: user, text }
}

function stopHandler(deps: BotDeps): Handler {
  return (click) =>
    once(deps, click, async (ports, now) => {
      const card = readCardValue(click.value)
      if (card === null || (await ports.sessions.find(card.id)) === null) return UNKNOWN
      return (await stopSession(ports, card.id, click.user, now)) === null ? 'The session has ended already; nothing was changed.' : null
    })
}

function taskHandler(deps: BotDeps, act: TaskAct): Handler {
  return (click) =>
    once(deps, click, (ports, now) => {
      const [id] = /^\d{1,15}$/.exec(click.value ?? '') ?? []
      return id === undefined ? Promise.resolve(UNKNOWN) : actOnTask(ports, Number(id), act, click.user, now)
    })
}

export function listenToAgentActions(app: App, deps: BotDeps): void {
  const decides = (what: 'approve' | 'reject' | 'happened' | 'not-happened'): Handler =>
    decider(deps, ({ user }) => ({ do: what, by: user }))
  const handlers: readonly (readonly [string | RegExp, Handler])[] = [
    [ACTION.approve, decides('approve')],
    [ACTION.reject, decides('reject')],
    [ACTION.happened, decides('happened')],
    [ACTION.notHappened, decides('not-happened')],
    [CHOICE_ACTION, decider(deps, choiceOf)],
    [ACTION.stopSession, stopHandler(deps)],
    [ACTION.cancelTask, taskHandler(deps, 'cancel')],
    [ACTION.retryTask, taskHandler(deps, 'retry')],
    [ACTION.closeTask, taskHandler(deps, 'done')],
  ]
  for (const [actionId, handle] of handlers) onClick(app, deps, actionId, handle)
}
