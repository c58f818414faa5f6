import type { App } from '@slack/bolt'
import type { Act } from '../services/incidents/incident.ts'
import { act, type ActResult } from '../services/incidents/report.ts'
import { SYNC_JOB } from '../services/work/work.ts'
import { onClick, type Click, type Handler } from './click.ts'
import type { BotDeps } from './deps.ts'
import { snoozeEnd, type SnoozeChoice } from '../services/incidents/escalate.ts'
import { ACTION, readCardValue, readOptionValue } from './views/action-ids.ts'
import type { MessageView } from './views/alert.ts'
import { plainView } from './views/answers.ts'
import { assignView, REFUSED, resolveView } from './views/incident-acts.ts'

function explain(result: ActResult | null): MessageView | null {
  if (result === null || result.kind === 'done') return null
  return plainView(result.kind === 'refused' ? REFUSED[result.why] : 'I do not know this incident any more.')
}

/** The card that was seen: a button carries it, of a choice of persons the block does. */
const seenCard = ({ value, blockId }: Click) => readCardValue(value) ?? readOptionValue(value) ?? readCardValue(blockId)

/** A click on an incident's card: one transaction for the click's id and its effect. Null: this very click was handled before. */
async function actOnce(deps: BotDeps, click: Click, what: (version: number, now: number) => Act | null): Promise<ActResult | null> {
  const card = seenCard(click)
  const now = deps.clock.now()
  const wanted = card === null ? null : what(card.version, now)
  if (card === null || wanted === null) return { kind: 'nothing' }
  const result = await deps.uow.run(async (ports) => {
    if (!(await ports.inbox.claimAct(click.triggerId, now))) return null
    return act(ports, card.id, wanted, now)
  })
  deps.wake()
  return result
}

function applyHandler(deps: BotDeps): Handler {
  return async (click) => {
    const holds = readHolds(click.value)
    const now = deps.clock.now()
    const approved = await deps.uow.run(async ({ inbox, charters, work, audit }) => {
      if (!(await inbox.claimAct(click.triggerId, now))) return null
      let count = 0
      for (const [tab, contentHash] of holds) if (await charters.approveHold(tab, contentHash, click.user, now)) count += 1
      if (count > 0) {
        await work.demand({ job: SYNC_JOB, subject: '', dueAt: now, reason: 'operator', by: click.user })
        await audit.add({ at: now, actor: click.user, act: 'sync.apply', subject: 'port-sheet' })
      }
      return count
    })
    deps.wake()
    if (approved !== 0) return null
    return plainView('The sheet has changed since this card was made, so nothing was applied. `/jada sync diff` shows what is held now.')
  }
}

function readHolds(value: string | undefined): [string, string][] {
  try {
    const parsed: unknown = JSON.parse(value ?? '[]')
    return Array.isArray(parsed)
      ? parsed.filter(
          (pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string'),
        )
      : []
  } catch {
    return []
  }
}

function reauthorizeHandler(deps: BotDeps): Handler {
  return async (click) => {
    const card = readCardValue(click.value)
    const incident = card === null ? null : await deps.uow.run(({ incidents }) => incidents.find(card.id))
    if (incident !== null && deps.cardHasLink(incident)) return null
    if (incident?.state === 'resolved') return plainView(REFUSED.resolved)
    return deps.beginReauth({ operator: click.user, repin: false, incidentId: incident?.id ?? null })
  }
}

const CHOICES: readonly SnoozeChoice[] = ['1h', '4h', 'morning']

function snooze({ zone }: BotDeps, { user, value }: Click, version: number, now: number): Act | null {
  const choice = CHOICES.find((one) => one === readOptionValue(value)?.option)
  return choice === undefined ? null : { do: 'snooze', by: user, version, until: snoozeEnd(choice, now, zone) }
}

const PERSON = /^[UW][A-Z0-9]{1,30}$/

function assign({ user, value = '' }: Click, version: number): Act | null {
  return PERSON.test(value) ? { do: 'assign', by: user, version, to: value } : null
}

/** The menu only asks: what it holds needs a person, or a second look. */
function moreHandler(deps: BotDeps): Handler {
  return async (click) => {
    const chosen = readOptionValue(click.value)
    const incident = chosen === null ? null : await deps.uow.run(({ incidents }) => incidents.find(chosen.id))
    if (chosen === null || incident === null) return explain({ kind: 'nothing' })
    if (incident.state === 'resolved') return plainView(REFUSED.resolved)
    const seen = { id: incident.id, version: chosen.version, kind: incident.kind }
    return chosen.option === 'assign' ? assignView(seen) : resolveView(seen)
  }
}

/** Elements that act. Each is for operators; others are told why not. */
function handlers(deps: BotDeps): Readonly<Record<string, Handler>> {
  const on =
    (what: (click: Click, version: number, now: number) => Act | null): Handler =>
    async (click) =>
      explain(await actOnce(deps, click, (version, now) => what(click, version, now)))
  return {
    [ACTION.ack]: on(({ user }, version) => ({ do: 'ack', by: user, version })),
    [ACTION.snooze]: on((click, version, now) => snooze(deps, click, version, now)),
    [ACTION.more]: moreHandler(deps),
    [ACTION.syncApply]: applyHandler(deps),
    [ACTION.reauthorize]: reauthorizeHandler(deps),
  }
}

/** What is clicked in a message of one's own; its answer takes the message's place. */
function ownHandlers(deps: BotDeps): Readonly<Record<string, Handler>> {
  const on =
    (what: (click: Click, version: number) => Act | null, done: string): Handler =>
    async (click) => {
      const result = await actOnce(deps, click, (version) => what(click, version))
      return result?.kind === 'done' ? plainView(done) : explain(result)
    }
  return {
    [ACTION.assign]: on(assign, 'Assigned; the card names them.'),
    [ACTION.resolve]: on(({ user }, version) => ({ do: 'resolve', by: user, version }), 'Closed without proof; the card says so.'),
  }
}

/** Registers the buttons and menus of incidents and of the sync. */
export function listenToActions(app: App, deps: BotDeps): void {
  for (const [actionId, handle] of Object.entries(handlers(deps))) onClick(app, deps, actionId, handle)
  for (const [actionId, handle] of Object.entries(ownHandlers(deps))) onClick(app, deps, actionId, handle, true)
  app.action(ACTION.openLink, async ({ ack }) => {
    await ack()
  })
}
