import type { Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Dispatch } from '../services/delivery/dispatch.ts'
import type { AlertLog, Delivery, Notifier, Topic } from '../services/delivery/notifier.ts'
import type { DeliveryPorts } from '../services/delivery/ports.ts'
import { repost } from '../services/delivery/repost.ts'
import { FORBIDDEN_RETRY_MS, GRACE_MS, retryAt } from '../services/delivery/retry.ts'
import { report } from '../services/incidents/report.ts'
import { MOST_CARDS, type CardSubject } from '../services/messages/card.ts'
import type { OutboxRow, Target } from '../services/messages/outbox.ts'
import { NO_EVIDENCE } from '../services/signals/signal.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { readErrand, versionOf, type Errand } from './errand.ts'
import type { Source } from './wake-loop.ts'

export interface DelivererDeps {
  readonly uow: UnitOfWork<DeliveryPorts>
  readonly clock: Clock
  readonly log: Log
  readonly notifier: Notifier
  readonly alertLog: AlertLog
  /** Null: none is set. What waits for one that was is given up. */
  readonly topic: Topic | null
  readonly opsChannel: string
}

type Row = OutboxRow<Dispatch>
type Task = Exclude<Errand, { do: 'wait' }>

/** A row that is ours now, and what it comes down to. `wasSending`: its sender died, or the answer was lost. */
interface Claimed {
  readonly row: Row
  readonly errand: Task
  readonly wasSending: boolean
}

/** What sending brought. `found`: it had arrived before, and nobody knows what it shows. */
interface Sent {
  readonly delivery: Delivery
  readonly found: boolean
}

/** Our clock and Slack's may differ, and `oldest` of a history is in Slack's time. */
const LOOK_BACK_MS = 3_600_000
const CARD_PAUSE_MS = 3_600_000

const DONE: Delivery = { kind: 'sent', ts: null }

function send({ notifier, alertLog, topic }: DelivererDeps, key: string, errand: Task): Promise<Delivery> {
  switch (errand.do) {
    case 'nothing':
      return Promise.resolve(DONE)
    case 'restore':
      return Promise.resolve({ kind: 'card-lost' })
    case 'post':
      return notifier.post(errand.content, key, errand.threadTs)
    case 'edit':
      return notifier.edit(errand.content, errand.ts)
    case 'reply':
      return notifier.reply(errand.threadTs, errand.content, key)
    case 'direct':
      return notifier.direct(errand.incident, key)
    case 'notice':
      return notifier.postNotice(errand, key)
    case 'line':
      return alertLog.append(errand.line)
    case 'publish':
      return topic === null ? Promise.resolve(DONE) : topic.publish(errand.line, key)
  }
}

/** A row that was being sent when its sender died, or whose answer was lost: looks whether it arrived. */
async function lookFor(deps: DelivererDeps, row: Row, errand: Task): Promise<Sent> {
  if (errand.do === 'line' && (await deps.alertLog.has(errand.line))) return { delivery: DONE, found: true }
  // Editing twice does no harm. Nobody can look for a notice of SNS: rather twice than not at all.
  if (errand.do !== 'post' && errand.do !== 'reply' && errand.do !== 'notice' && errand.do !== 'direct') {
    return { delivery: await send(deps, row.key, errand), found: false }
  }
  const since = (row.claimedAt ?? 0) - LOOK_BACK_MS
  const found =
    errand.do === 'direct'
      ? await deps.notifier.findDirect(row.key, since)
      : await deps.notifier.find(row.key, since, errand.do === 'notice' ? null : errand.threadTs)
  if (found.kind === 'unclear') return { delivery: found, found: false }
  if (found.kind === 'absent') return { delivery: { kind: 'refused', code: 'not-delivered', waitMs: 0 }, found: false }
  return { delivery: { kind: 'sent', ts: found.ts }, found: true }
}

/** The card that must be there before this can be sent. */
function cardOf(errand: Task): CardSubject | null {
  if (errand.do === 'edit') return errand.subject
  return 'under' in errand ? errand.under : null
}

async function cardLost(ports: DeliveryPorts, { row, errand }: Claimed, now: number): Promise<void> {
  const lost = cardOf(errand)
  if (errand.do === 'edit' && errand.content.type === 'request') {
    // The new card comes behind this row, and shows what this one would have.
    await repost(ports, errand.subject, false, now)
    await ports.outbox.markSent(row, now)
    return
  }
  if (lost === null) {
    // What it was to stand under is gone for good.
    await ports.outbox.markSent(row, now)
    return
  }
  const cards = await repost(ports, lost, true, now)
  // Somebody, or something, removes every card: go on telling, but not in a loop.
  await ports.outbox.giveBack(row, cards > MOST_CARDS ? now + CARD_PAUSE_MS : now, 'card-lost')
}

/** Whether the thread in which a card was posted is no longer its session's: the session's card was deleted meanwhile. */
async function isOutsideThread(ports: DeliveryPorts, errand: Task): Promise<boolean> {
  if (errand.do !== 'post' || errand.under === null) return false
  return (await ports.cards.find(errand.under))?.ts !== errand.threadTs
}

async function keep(deps: DelivererDeps, ports: DeliveryPorts, errand: Task, ts: string | null, found: boolean): Promise<void> {
  if (errand.do !== 'post' && errand.do !== 'edit') return
  const current = (await ports.cards.find(errand.subject))?.ts
  const place = ts ?? current
  // A card that was deleted while it was being edited has been given up already: its timestamp must not come back.
  if (place === undefined || (errand.do === 'edit' && place !== current)) return
  // A found card shows what was true when it was posted, and nobody knows which version that was: 0 makes the next edit real.
  const version = found ? 0 : versionOf(errand.content)
  const editedAt = errand.do === 'edit' ? deps.clock.now() : null
  await ports.cards.set(errand.subject, { channel: deps.opsChannel, ts: place, version, editedAt })
}

/** The duty to publish notices: what only a person can mend is told of once, and it is good again when one gets through. */
async function reportTopic(ports: DeliveryPorts, { row }: Claimed, delivery: Delivery, now: number): Promise<void> {
  if (delivery.kind === 'sent') {
    await report(ports, { status: 'ok', key: 'bot/notices', summary: 'A notice was published again.' }, now)
  } else if (delivery.kind === 'forbidden') {
    const next = { failures: row.tries, nextAttemptAt: now + FORBIDDEN_RETRY_MS }
    const evidence = { ...NO_EVIDENCE, class: 'sns', code: delivery.code, findings: [delivery.why], ...next }
    await report(ports, { status: 'failing', key: 'bot/notices', kind: 'notices_refused', severity: 'warning', evidence }, now)
  }
}

async function settle(deps: DelivererDeps, claimed: Claimed, { delivery, found }: Sent): Promise<void> {
  const { row, errand } = claimed
  const now = deps.clock.now()
  if (delivery.kind === 'unclear') {
    deps.log.warn('outbox', `no answer for ${row.key} (${delivery.code}); looking for it in ${GRACE_MS / 1000} s`)
    return
  }
  await deps.uow.run(async (ports) => {
    if (errand.do === 'publish' && deps.topic !== null) await reportTopic(ports, claimed, delivery, now)
    if (delivery.kind === 'refused') await ports.outbox.giveBack(row, retryAt(row, delivery.waitMs, now), delivery.code)
    else if (delivery.kind === 'forbidden') await ports.outbox.giveBack(row, now + FORBIDDEN_RETRY_MS, delivery.code)
    else if (delivery.kind === 'card-lost') await cardLost(ports, claimed, now)
    else if (await isOutsideThread(ports, errand)) await ports.outbox.giveBack(row, now, 'card-lost')
    else if (await ports.outbox.markSent(row, now)) await keep(deps, ports, errand, delivery.ts, found)
  })
  if (delivery.kind === 'forbidden') deps.log.error('outbox', `${row.key}: ${delivery.why} (${delivery.code}); it stays in the outbox`)
  if (delivery.kind === 'refused' && delivery.code !== 'not-delivered') {
    deps.log.warn('outbox', `${row.key} was refused (${delivery.code}), try ${row.tries}; it stays in the outbox`)
  }
}

/** Takes a row to send. Null: somebody else has it, or it is not its time yet. */
async function claim(deps: DelivererDeps, row: Row, now: number): Promise<Claimed | null> {
  return deps.uow.run(async (ports) => {
    const errand = await readErrand(ports, row.dispatch, now)
    if (errand.do === 'wait') {
      await ports.outbox.postpone(row, errand.until)
      return null
    }
    const claimed = await ports.outbox.claim(row, deps.clock.now(), GRACE_MS)
    return claimed === null ? null : { row: claimed, errand, wasSending: row.state === 'sending' }
  })
}

async function deliver(deps: DelivererDeps, row: Row, now: number): Promise<void> {
  const claimed = await claim(deps, row, now)
  if (claimed === null) return
  const { errand, wasSending } = claimed
  const sent = wasSending ? await lookFor(deps, claimed.row, errand) : { delivery: await send(deps, claimed.row.key, errand), found: false }
  await settle(deps, claimed, sent)
}

/** Delivers one target's outbox, one row at a time: claim, send, settle. A row that fails holds up only its own lane. */
export function createDeliverer(deps: DelivererDeps, target: Target): Source {
  return {
    name: `outbox ${target}`,
    nextDueAt: () => deps.uow.run(({ outbox }) => outbox.nextDueAt(target)),
    runDue: async (now) => {
      for (;;) {
        const at = Math.max(now, deps.clock.now())
        const rows = await deps.uow.run(({ outbox }) => outbox.due(target, at))
        if (rows.length === 0) return
        for (const row of rows) {
          await deliver(deps, row, Math.max(at, deps.clock.now())).catch((error: unknown) => {
            deps.log.error('outbox', `${row.key}: ${describeError(error)}`)
            throw error
          })
        }
      }
    },
  }
}
