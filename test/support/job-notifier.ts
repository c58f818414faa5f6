import type { Clock } from '../../src/clock.ts'
import type { AlertLog, CardContent, Delivery, Notifier, ReplyContent } from '../../src/services/delivery/notifier.ts'
import { versionOf } from '../../src/jobs/errand.ts'

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
  /** Cards of incidents, of sessions and of requests, and what is no card. */
  readonly what: 'card' | 'session' | 'request' | 'task' | 'reply' | 'notice' | 'direct' | 'drawn'
  readonly ts: string
  readonly threadTs: string | null
  readonly at: number
  /** The version that a card shows. */
  version: number
  readonly note: Extract<ReplyContent, { note: unknown }>['note']['type'] | 'answer' | null
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
      post: async (content, key, threadTs) => {
        const what = content.type === 'incident' ? 'card' : content.type
        return isGone(threadTs, `${what} ${key}`) ?? post({ key, what, threadTs, version: versionOf(content), note: null })
      },
      reply: async (threadTs, content, key) =>
        isGone(threadTs, `reply ${key}`) ??
        post({
          key,
          what: 'reply',
          threadTs,
          version: 0,
          note: 'note' in content ? content.note.type : content.type === 'answer' ? 'answer' : null,
        }),
      direct: (_incident, key) => post({ key, what: 'direct', threadTs: null, version: 0, note: null }),
      findDirect: (key, since) => channel.notifier.find(key, since, null),
      postNotice: (_text, key) => post({ key, what: 'notice', threadTs: null, version: 0, note: null }),
      edit: (content, ts) => edit(content, ts),
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
  /** What is written under a card that is gone; null: the card is there, or none is needed. */
  const isGone = (threadTs: string | null, call: string): Delivery | null => {
    if (threadTs === null) return null
    const parent = posted.find(({ ts }) => ts === threadTs)
    if (parent === undefined || (parent.what !== 'card' && parent.what !== 'session')) throw new Error(`${call} to ${threadTs}, no card`)
    if (!parent.deleted) return null
    calls.push(call)
    return { kind: 'card-lost' }
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
  const edit = async (content: CardContent, ts: string): Promise<Delivery> => {
    const version = versionOf(content)
    calls.push(`edit ${ts} v${version}`)
    const card = channel.live().find((message) => message.ts === ts && message.what !== 'reply' && message.what !== 'notice')
    if (card === undefined) return { kind: 'card-lost' }
    const trouble = failed(plan.shift() ?? null, () => {
      card.version = version
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
