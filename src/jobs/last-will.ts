import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Dispatch } from '../services/delivery/dispatch.ts'
import type { DrawnMessage } from '../services/messages/drawn.ts'
import type { Outbox } from '../services/messages/outbox.ts'
import {
  AHEAD_MS,
  canCancel,
  nextWillAt,
  NO_WILL,
  planWill,
  reconcile,
  type Silence,
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
  readonly drawBack: (silence: Silence) => DrawnMessage
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

/** What is only true of this process. */
interface Mind {
  readonly startedAt: number
  /** What a dead process scheduled, and what an answer that was lost was about, is only known to Slack. */
  mustLook: boolean
}

/** Each step leaves in the store what was done, so that the next one, or another process, goes on from there. */
function createSteps({ uow, clock, log, slack, inFlight, drawBack }: LastWillDeps, mind: Mind) {
  const save = async (state: WillState): Promise<WillState> => {
    await uow.run(({ settings }) => settings.set(NAME, JSON.stringify(state)))
    return state
  }
  const later = (state: WillState, waitMs: number): Promise<WillState> => save({ ...state, retryAt: clock.now() + waitMs })
  return {
    save,
    look: async (state: WillState, now: number): Promise<WillState> => {
      const listed = await slack.list()
      if (listed === null) return later(state, RETRY_MS)
      mind.mustLook = false
      return save(reconcile(state, listed, now))
    },
    make: async (state: WillState, now: number): Promise<WillState> => {
      const made = await slack.make({ since: now, inFlight: await inFlight() }, postTime(now))
      if (made.kind === 'made') {
        const { id, postAt } = made
        return save({ ...state, wills: [...state.wills, { id, postAt, since: now }], retryAt: 0 })
      }
      log.warn('last-will', `not scheduled: ${made.code}`)
      mind.mustLook ||= made.kind === 'unclear'
      return later(state, made.kind === 'refused' ? (made.waitMs ?? REFUSED_MS) : RETRY_MS)
    },
    cancel: async (state: WillState, wills: readonly Will[]): Promise<WillState> => {
      let left = state
      for (const { id } of wills) {
        if (await slack.cancel(id)) left = await save({ ...left, wills: left.wills.filter((will) => will.id !== id) })
        else left = await later(left, RETRY_MS)
      }
      return left
    },
    /** A will that was posted is answered in its thread, once: its words and the mark that it was are one transaction. */
    answer: async (state: WillState, will: Will, now: number): Promise<WillState> => {
      const found = await slack.find(will.postAt)
      if (found.kind === 'unclear' || (found.kind === 'absent' && now - will.postAt < LOST_MS)) return later(state, RETRY_MS)
      const wasDown = will.postAt < mind.startedAt
      const next = { ...state, posted: state.posted.filter(({ id }) => id !== will.id) }
      await uow.run(async ({ settings, outbox }) => {
        await settings.set(NAME, JSON.stringify(next))
        if (found.kind === 'absent') return
        const message = drawBack({ since: will.since, until: wasDown ? mind.startedAt : now, wasDown })
        const dispatch = { kind: 'told' as const, threadTs: found.ts, message }
        await outbox.add({ key: `last-will:${will.id}`, target: 'slack', lane: NAME, dispatch }, now)
      })
      return next
    },
  }
}

/** Keeps a will scheduled ahead of the bot, so that Slack itself reports its silence. */
export function createLastWill(deps: LastWillDeps): LastWill {
  const { uow, clock } = deps
  const mind: Mind = { startedAt: clock.now(), mustLook: true }
  const steps = createSteps(deps, mind)
  let stopped = false
  const load = (): Promise<WillState> => uow.run(({ settings }) => read(settings))
  return {
    name: NAME,
    nextDueAt: async () => (stopped ? null : nextWillAt(await load(), clock.now())),
    runDue: async (now) => {
      let state = await load()
      const mayLook = mind.mustLook && state.retryAt <= now
      if (stopped || (nextWillAt(state, now) > now && !mayLook)) return
      if (mind.mustLook) state = await steps.look(state, now)
      if (mind.mustLook) return
      const plan = planWill(state, now)
      state = plan.make ? await steps.make(plan.state, now) : await steps.save(plan.state)
      if (state.retryAt <= now) state = await steps.cancel(state, planWill(state, now).cancel)
      for (const will of state.posted) state = await steps.answer(state, will, now)
    },
    withdraw: async () => {
      stopped = true
      const state = await load()
      await steps.cancel(
        state,
        state.wills.filter((will) => canCancel(will, clock.now())),
      )
    },
  }
}
