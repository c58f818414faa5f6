import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Dispatch } from '../services/delivery/dispatch.ts'
import type { Outbox } from '../services/messages/outbox.ts'
import {
  AHEAD_MS,
  nextWillAt,
  NO_WILL,
  planWill,
  reconcile,
  type Will,
  type WillSlack,
  type WillState,
} from '../services/status/last-will.ts'
import type { Settings } from '../services/work/inbox.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { Source } from './wake-loop.ts'

export interface LastWillDeps {
  readonly uow: UnitOfWork<{ readonly settings: Settings; readonly outbox: Outbox<Dispatch> }>
  readonly clock: Clock
  readonly log: Log
  readonly slack: WillSlack
  /** What is being done, in few plain words each. */
  readonly inFlight: () => Promise<readonly string[]>
  /** The words of the reply under a will that was posted. `wasDown`: this process is not the one that made it. */
  readonly backText: (silence: { since: number; until: number; wasDown: boolean }) => string
}

export interface LastWill extends Source {
  /** A clean stop is no silence: what is scheduled is taken back. */
  withdraw(): Promise<void>
}

const NAME = 'last-will'
const RETRY_MS = 30_000
const REFUSED_MS = 5 * 60_000
/** Not in the channel so long after its time: somebody deleted it, or it never came. */
const LOST_MS = 10 * 60_000

/** Slack wants whole seconds. */
const postTime = (now: number): number => Math.ceil((now + AHEAD_MS) / 1000) * 1000

const read = async (settings: Settings): Promise<WillState> => {
  const text = await settings.get(NAME)
  return text === null || text === '' ? NO_WILL : (JSON.parse(text) as WillState)
}

/** Keeps a will scheduled ahead of the bot, so that Slack itself reports its silence. */
export function createLastWill({ uow, clock, log, slack, inFlight, backText }: LastWillDeps): LastWill {
  const startedAt = clock.now()
  // What a dead process scheduled, and what an answer that was lost was about, is only known to Slack.
  let mustLook = true
  let stopped = false
  const load = (): Promise<WillState> => uow.run(({ settings }) => read(settings))
  const save = async (state: WillState): Promise<WillState> => {
    await uow.run(({ settings }) => settings.set(NAME, JSON.stringify(state)))
    return state
  }
  const look = async (state: WillState, now: number): Promise<WillState | null> => {
    const listed = await slack.list()
    if (listed === null) return null
    mustLook = false
    return save(reconcile(state, listed, now))
  }
  const make = async (state: WillState, now: number): Promise<WillState> => {
    const postAt = postTime(now)
    const made = await slack.make({ since: now, inFlight: await inFlight() }, postAt)
    if (made.kind === 'made') return save({ ...state, wills: [...state.wills, { id: made.id, postAt: made.postAt, since: now }], retryAt: 0 })
    log.warn('last-will', `not scheduled: ${made.code}`)
    mustLook ||= made.kind === 'unclear'
    const waitMs = made.kind === 'refused' ? (made.waitMs ?? REFUSED_MS) : RETRY_MS
    return save({ ...state, retryAt: clock.now() + waitMs })
  }
  const cancel = async (state: WillState, wills: readonly Will[]): Promise<WillState> => {
    let left = state
    for (const { id } of wills) {
      if (await slack.cancel(id)) left = await save({ ...left, wills: left.wills.filter((will) => will.id !== id) })
      else left = await save({ ...left, retryAt: clock.now() + RETRY_MS })
    }
    return left
  }
  /** A will that was posted is answered in its thread, once: its words and the mark that it was are one transaction. */
  const answer = async (state: WillState, will: Will, now: number): Promise<WillState> => {
    const found = await slack.find(will.postAt)
    if (found.kind === 'unclear' || (found.kind === 'absent' && now - will.postAt < LOST_MS)) {
      return save({ ...state, retryAt: now + RETRY_MS })
    }
    const wasDown = will.postAt < startedAt
    const until = wasDown ? startedAt : now
    const next = { ...state, posted: state.posted.filter(({ id }) => id !== will.id) }
    await uow.run(async ({ settings, outbox }) => {
      await settings.set(NAME, JSON.stringify(next))
      if (found.kind === 'absent') return
      const text = backText({ since: will.since, until, wasDown })
      const dispatch = { kind: 'notice' as const, text, by: null, threadTs: found.ts }
      await outbox.add({ key: `last-will:${will.id}`, target: 'slack', lane: NAME, dispatch }, now)
    })
    return next
  }
  return {
    name: NAME,
    nextDueAt: async () => (stopped ? null : nextWillAt(await load(), clock.now())),
    runDue: async (now) => {
      let state = await load()
      if (stopped || (nextWillAt(state, now) > now && !(mustLook && state.retryAt <= now))) return
      if (mustLook) {
        const looked = await look(state, now)
        if (looked === null) {
          await save({ ...state, retryAt: clock.now() + RETRY_MS })
          return
        }
        state = looked
      }
      const plan = planWill(state, now)
      state = plan.make ? await make(plan.state, now) : await save(plan.state)
      if (state.retryAt <= now) state = await cancel(state, planWill(state, now).cancel)
      for (const will of state.posted) state = await answer(state, will, now)
    },
    withdraw: async () => {
      stopped = true
      await cancel(await load(), (await load()).wills)
    },
  }
}
