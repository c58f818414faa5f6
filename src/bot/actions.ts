import type { App } from '@slack/bolt'
import type { Act } from '../services/incidents/incident.ts'
import { act, type ActResult } from '../services/incidents/report.ts'
import { SYNC_JOB } from '../services/work/work.ts'
import { onClick, type Click, type Handler } from './click.ts'
import type { BotDeps } from './deps.ts'
import { ACTION, readCardValue } from './views/action-ids.ts'
import type { MessageView } from './views/alert.ts'
import { plainView } from './views/answers.ts'

const HOUR_MS = 3_600_000

const REFUSED = {
  resolved: 'This incident is resolved already; nothing was changed.',
  outdated: 'The card has changed since you saw it: it got worse or opened again. Look at it once more, then click again.',
  already: 'Somebody has done that already.',
} as const

function explain(result: ActResult | null): MessageView | null {
  if (result === null || result.kind === 'done') return null
  return plainView(result.kind === 'refused' ? REFUSED[result.why] : 'I do not know this incident any more.')
}

/** A click on an incident's card: one transaction for the click's id and its effect. Null: this very click was handled before. */
async function actOnce(deps: BotDeps, click: Click, what: (version: number, now: number) => Act): Promise<ActResult | null> {
  const card = readCardValue(click.value)
  if (card === null) return { kind: 'nothing' }
  const now = deps.clock.now()
  const result = await deps.uow.run(async (ports) => {
    if (!(await ports.inbox.claimAct(click.triggerId, now))) return null
    return act(ports, card.id, what(card.version, now), now)
  })
  deps.wake()
  return result
}

function applyHandler(deps: BotDeps): Handler {
  return async (click) => {
    const holds = readHolds(click.value)
    const now = deps.clock.now()
    const approved = await deps.uow.run(async ({ inbox, charters, work }) => {
      if (!(await inbox.claimAct(click.triggerId, now))) return null
      let count = 0
      for (const [tab, contentHash] of holds) if (await charters.approveHold(tab, contentHash, click.user, now)) count += 1
      if (count > 0) await work.demand({ job: SYNC_JOB, subject: '', dueAt: now, reason: 'operator', by: click.user })
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

/** Buttons that act. Each is for operators; others are told why not. */
function handlers(deps: BotDeps): Readonly<Record<string, Handler>> {
  const on =
    (what: (click: Click, version: number, now: number) => Act): Handler =>
    async (click) =>
      explain(await actOnce(deps, click, (version, now) => what(click, version, now)))
  return {
    [ACTION.ack]: on(({ user }, version) => ({ do: 'ack', by: user, version })),
    [ACTION.snooze]: on(({ user }, version, now) => ({ do: 'snooze', by: user, version, until: now + HOUR_MS })),
    [ACTION.resolve]: on(({ user }, version) => ({ do: 'resolve', by: user, version })),
    [ACTION.syncApply]: applyHandler(deps),
    [ACTION.reauthorize]: reauthorizeHandler(deps),
  }
}

/** Registers the buttons of incidents and of the sync. */
export function listenToActions(app: App, deps: BotDeps): void {
  for (const [actionId, handle] of Object.entries(handlers(deps))) onClick(app, deps, actionId, handle)
  app.action(ACTION.openLink, async ({ ack }) => {
    await ack()
  })
}
