import type { Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import { GRACE_MS, retryAt, type AlertLog, type Delivery, type Notifier } from '../services/incidents/delivery.ts'
import type { Card, Dispatch, IncidentPorts, OutboxRow, Target } from '../services/incidents/ports.ts'
import { MOST_CARDS, repostCard } from '../services/incidents/report.ts'
import type { Incident } from '../services/incidents/incident.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { Source } from './wake-loop.ts'

export interface DelivererDeps {
  readonly uow: UnitOfWork<IncidentPorts>
  readonly clock: Clock
  readonly log: Log
  readonly notifier: Notifier
  readonly alertLog: AlertLog
  readonly opsChannel: string
}

/** Our clock and Slack's may differ, and `oldest` of a history is in Slack's time. */
const LOOK_BACK_MS = 3_600_000
const CARD_PAUSE_MS = 3_600_000

/** What a Slack row needs from the store before it can be sent. */
interface Context {
  readonly incident: Incident | null
  readonly card: Card | null
}

/** What sending brought, together with the version a card then shows. */
interface Sent {
  readonly delivery: Delivery
  readonly shows: Incident | null
}

const incidentOf = (dispatch: Dispatch): number | null => ('incidentId' in dispatch ? dispatch.incidentId : null)

async function readContext(deps: DelivererDeps, row: OutboxRow): Promise<Context> {
  const id = incidentOf(row.dispatch)
  if (id === null) return { incident: null, card: null }
  return deps.uow.run(async ({ incidents }) => ({ incident: await incidents.find(id), card: await incidents.card(id) }))
}

const DONE: Delivery = { kind: 'sent', ts: null }

async function sendEdit(deps: DelivererDeps, incident: Incident, card: Card | null): Promise<Sent> {
  if (card === null) return { delivery: { kind: 'card-lost' }, shows: null }
  // A card always shows the latest state, so one edit may stand for several.
  if (card.version >= incident.version) return { delivery: DONE, shows: null }
  return { delivery: await deps.notifier.editCard(incident, card.ts), shows: incident }
}

async function send(deps: DelivererDeps, row: OutboxRow, { incident, card }: Context): Promise<Sent> {
  const { dispatch, key } = row
  if (dispatch.kind === 'line') return { delivery: await deps.alertLog.append(JSON.stringify(dispatch.line)), shows: null }
  if (dispatch.kind === 'notice') return { delivery: await deps.notifier.postNotice(dispatch, key), shows: null }
  if (incident === null) return { delivery: DONE, shows: null }
  if (dispatch.kind === 'edit') return sendEdit(deps, incident, card)
  if (dispatch.kind === 'card') {
    if (card !== null) return { delivery: DONE, shows: null }
    return { delivery: await deps.notifier.postCard(incident, key), shows: incident }
  }
  if (card === null) return { delivery: { kind: 'card-lost' }, shows: null }
  return { delivery: await deps.notifier.reply(card.ts, dispatch.snapshot, dispatch.note, key), shows: null }
}

/** A row that was being sent when its sender died, or whose answer was lost: looks whether it arrived. */
async function lookFor(deps: DelivererDeps, row: OutboxRow, { incident, card }: Context): Promise<Sent> {
  const { dispatch } = row
  if (dispatch.kind === 'line') {
    return (await deps.alertLog.has(JSON.stringify(dispatch.line))) ? { delivery: DONE, shows: null } : send(deps, row, { incident, card })
  }
  // Editing twice does no harm.
  if (dispatch.kind === 'edit') return send(deps, row, { incident, card })
  const threadTs = dispatch.kind === 'reply' ? (card?.ts ?? null) : null
  if (dispatch.kind === 'reply' && threadTs === null) return { delivery: { kind: 'card-lost' }, shows: null }
  const found = await deps.notifier.find(row.key, (row.claimedAt ?? 0) - LOOK_BACK_MS, threadTs)
  if (found.kind === 'unclear') return { delivery: found, shows: null }
  if (found.kind === 'absent') return { delivery: { kind: 'refused', code: 'not-delivered', waitMs: 0 }, shows: null }
  // A found card shows what was true when it was posted, and nobody knows which version that was: 0 makes the next edit real.
  const shows = dispatch.kind === 'card' && incident !== null ? { ...incident, version: 0 } : null
  return { delivery: { kind: 'sent', ts: found.ts }, shows }
}

async function settle(deps: DelivererDeps, row: OutboxRow, { delivery, shows }: Sent): Promise<void> {
  const now = deps.clock.now()
  const incidentId = incidentOf(row.dispatch)
  if (delivery.kind === 'unclear') {
    deps.log.warn('outbox', `no answer for ${row.key} (${delivery.code}); looking for it in ${GRACE_MS / 1000} s`)
    return
  }
  await deps.uow.run(async (ports) => {
    if (delivery.kind === 'refused') {
      await ports.outbox.giveBack(row, retryAt(row, delivery.waitMs, now), delivery.code)
      return
    }
    if (delivery.kind === 'card-lost') {
      const cards = incidentId === null ? 0 : await repostCard(ports, incidentId, true, now)
      // Somebody, or something, removes every card: go on telling, but not in a loop.
      await ports.outbox.giveBack(row, cards > MOST_CARDS ? now + CARD_PAUSE_MS : now, 'card-lost')
      return
    }
    if (!(await ports.outbox.markSent(row, now)) || shows === null || incidentId === null) return
    const current = (await ports.incidents.card(incidentId))?.ts
    const ts = delivery.ts ?? current
    // A card that was deleted while it was being edited has been given up already: its timestamp must not come back.
    if (ts === undefined || (row.dispatch.kind === 'edit' && ts !== current)) return
    await ports.incidents.setCard(incidentId, { channel: deps.opsChannel, ts, version: shows.version })
  })
  if (delivery.kind === 'refused' && delivery.code !== 'not-delivered') {
    deps.log.warn('outbox', `${row.key} was refused (${delivery.code}), try ${row.tries}; it stays in the outbox`)
  }
}

async function deliver(deps: DelivererDeps, row: OutboxRow): Promise<void> {
  const wasSending = row.state === 'sending'
  const claimed = await deps.uow.run(({ outbox }) => outbox.claim(row, deps.clock.now(), GRACE_MS))
  if (claimed === null) return
  const context = await readContext(deps, claimed)
  const sent = wasSending ? await lookFor(deps, claimed, context) : await send(deps, claimed, context)
  await settle(deps, claimed, sent)
}

/** Delivers one target's outbox, one row at a time: claim, send, settle. A row that fails holds up only its own lane. */
export function createDeliverer(deps: DelivererDeps, target: Target): Source {
  return {
    name: `outbox ${target}`,
    nextDueAt: () => deps.uow.run(({ outbox }) => outbox.nextDueAt(target)),
    runDue: async (now) => {
      for (;;) {
        const rows = await deps.uow.run(({ outbox }) => outbox.due(target, Math.max(now, deps.clock.now())))
        if (rows.length === 0) return
        for (const row of rows) {
          await deliver(deps, row).catch((error: unknown) => {
            deps.log.error('outbox', `${row.key}: ${describeError(error)}`)
            throw error
          })
        }
      }
    },
  }
}
