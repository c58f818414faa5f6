import type { Clock } from '../../src/clock.ts'
import type { AlertLog, Delivery, Notifier } from '../../src/services/incidents/delivery.ts'
import type { Incident, Note } from '../../src/services/incidents/incident.ts'

/**
 * What goes wrong at one call. `limited`, `refused`: certainly not there. `lost`: it arrived, the answer did not. `unclear`:
 * nothing arrived, and nobody says so. `dies-before`, `dies-after`: the process ends just before or after the message is out.
 */
export type Fault = 'limited' | 'refused' | 'lost' | 'unclear' | 'dies-before' | 'dies-after'

export const FAULTS: readonly Fault[] = ['limited', 'refused', 'lost', 'unclear', 'dies-before', 'dies-after']

/** Thrown where the process would have died: nothing after it runs. */
export class Death extends Error {
  override readonly name = 'Death'
}

export interface Posted {
  readonly key: string
  readonly what: 'card' | 'reply' | 'notice'
  readonly ts: string
  readonly threadTs: string | null
  readonly at: number
  /** The incident's version that a card shows. */
  version: number
  readonly note: Note['type'] | null
  deleted: boolean
}

export interface Channel {
  readonly notifier: Notifier
  /** Everything that ever arrived, oldest first. */
  readonly posted: Posted[]
  /** All calls, by name and key or timestamp. */
  readonly calls: string[]
  /** Faults of the next calls, used up one a call; `null`: this one goes well. */
  readonly plan: (Fault | null)[]
  /** Runs inside each post or edit, after it arrived and before its answer. */
  during: (() => Promise<void>) | null
  deleteMessage(ts: string): void
  live(): Posted[]
}

export const WAIT_MS = 30_000

/** A channel as the deliverer sees it: remembers what arrived, and fails when it is told to. */
export function createChannel(clock: Clock): Channel {
  const posted: Posted[] = []
  const calls: string[] = []
  const plan: (Fault | null)[] = []
  let serial = 0
  const channel: Channel = {
    posted,
    calls,
    plan,
    during: null,
    deleteMessage: (ts) => {
      for (const message of posted) if (message.ts === ts) message.deleted = true
    },
    live: () => posted.filter(({ deleted }) => !deleted),
    notifier: {
      postCard: (incident, key) => post({ key, what: 'card', threadTs: null, version: incident.version, note: null }),
      reply: (threadTs, _snapshot, note, key) => {
        const parent = posted.find(({ ts }) => ts === threadTs)
        if (parent === undefined || parent.what !== 'card') throw new Error(`reply to ${threadTs}, which is no card`)
        if (!parent.deleted) return post({ key, what: 'reply', threadTs, version: 0, note: note.type })
        calls.push(`reply ${key}`)
        return Promise.resolve({ kind: 'card-lost' })
      },
      postNotice: (_text, key) => post({ key, what: 'notice', threadTs: null, version: 0, note: null }),
      editCard: (incident, ts) => edit(incident, ts),
      find: (key, since, threadTs) => {
        calls.push(`find ${key}`)
        const fault = plan.shift() ?? null
        if (fault === 'dies-before' || fault === 'dies-after') throw new Death(fault)
        if (fault !== null) return Promise.resolve({ kind: 'unclear', code: fault })
        const found = channel.live().find((message) => message.key === key && message.at >= since && message.threadTs === threadTs)
        return Promise.resolve(found === undefined ? { kind: 'absent' } : { kind: 'found', ts: found.ts })
      },
    },
  }
  const failed = (fault: Fault | null, arrive: () => void): Delivery | null => {
    if (fault === null) {
      arrive()
      return null
    }
    if (fault === 'dies-before') throw new Death(fault)
    if (fault === 'limited') return { kind: 'refused', code: 'ratelimited', waitMs: WAIT_MS }
    if (fault === 'refused') return { kind: 'refused', code: 'ECONNREFUSED', waitMs: null }
    if (fault === 'unclear') return { kind: 'unclear', code: 'ETIMEDOUT' }
    arrive()
    if (fault === 'dies-after') throw new Death(fault)
    return { kind: 'unclear', code: 'ECONNRESET' }
  }
  const post = async (message: Omit<Posted, 'ts' | 'at' | 'deleted'>): Promise<Delivery> => {
    calls.push(`${message.what} ${message.key}`)
    serial += 1
    const ts = `${Math.floor(clock.now() / 1000)}.${String(serial).padStart(6, '0')}`
    const trouble = failed(plan.shift() ?? null, () => posted.push({ ...message, ts, at: clock.now(), deleted: false }))
    await channel.during?.()
    return trouble ?? { kind: 'sent', ts }
  }
  const edit = async (incident: Incident, ts: string): Promise<Delivery> => {
    calls.push(`edit ${ts} v${incident.version}`)
    const card = channel.live().find((message) => message.ts === ts && message.what === 'card')
    if (card === undefined) return { kind: 'card-lost' }
    const trouble = failed(plan.shift() ?? null, () => {
      card.version = incident.version
    })
    await channel.during?.()
    return trouble ?? { kind: 'sent', ts }
  }
  return channel
}

export interface LineFile extends AlertLog {
  readonly lines: string[]
  readonly plan: (Fault | null)[]
}

/** An alert log that fails when it is told to. */
export function createLineFile(): LineFile {
  const lines: string[] = []
  const plan: (Fault | null)[] = []
  return {
    lines,
    plan,
    append: (line) => {
      const fault = plan.shift() ?? null
      if (fault === 'dies-before') throw new Death(fault)
      if (fault !== null && fault !== 'dies-after') return Promise.resolve({ kind: 'refused', code: 'ENOSPC', waitMs: null })
      lines.push(line)
      if (fault === 'dies-after') throw new Death(fault)
      return Promise.resolve({ kind: 'sent', ts: null })
    },
    has: (line) => Promise.resolve(lines.includes(line)),
  }
}
