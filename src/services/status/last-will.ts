/**
 * A message that Slack posts by itself when the bot no longer puts it off: the one thing that a dead bot can still say. Times are UTC
 * milliseconds.
 */
export interface Will {
  /** Slack's id of the scheduled message. */
  readonly id: string
  readonly postAt: number
  /** When it was made: the last time that the bot was seen alive by it. */
  readonly since: number
}

/** What outlives the process. */
export interface WillState {
  /** Scheduled, as far as we know; the one that is posted last is the one that counts. */
  readonly wills: readonly Will[]
  /** Posted while nobody put them off, and not answered yet. */
  readonly posted: readonly Will[]
  /** Nothing is tried before; 0: at once. */
  readonly retryAt: number
}

export const NO_WILL: WillState = { wills: [], posted: [], retryAt: 0 }

/** How far ahead it is scheduled, and how much of that may be left before the next one takes its place. */
export const AHEAD_MS = 20 * 60_000
export const RENEW_MS = 10 * 60_000
/** Slack's clock and ours differ a little, and it posts within the minute. */
const TOLERANCE_MS = 60_000
/** Slack takes nothing back that is to be posted sooner. */
const NO_RETURN_MS = 5 * 60_000

export const canCancel = ({ postAt }: Will, now: number): boolean => postAt - now > NO_RETURN_MS

/** What is to be done now. The next one is made before any other is taken back: there is never none. */
export interface WillPlan {
  readonly make: boolean
  /** To be taken back once there is a newer one. */
  readonly cancel: readonly Will[]
  readonly state: WillState
}

/**
 * The one that counts: what is posted last. What is further ahead than it was ever put is from before the clock was set back; Slack would
 * wait for too long with it.
 */
export function currentOf(wills: readonly Will[], now: number): Will | null {
  const near = wills.filter(({ postAt }) => postAt > now && postAt - now <= AHEAD_MS + TOLERANCE_MS)
  return near.reduce<Will | null>((last, will) => (last === null || will.postAt > last.postAt ? will : last), null)
}

export function planWill(before: WillState, now: number): WillPlan {
  const gone = before.wills.filter(({ postAt }) => postAt <= now)
  const wills = before.wills.filter(({ postAt }) => postAt > now)
  const current = currentOf(wills, now)
  const make = current === null || current.postAt - now <= RENEW_MS
  return {
    make,
    cancel: make ? [] : wills.filter((will) => will !== current && canCancel(will, now)),
    state: { ...before, wills, posted: [...before.posted, ...gone] },
  }
}

/** Those among what Slack holds are ours; what Slack no longer holds was posted, or taken back by somebody. */
export function reconcile(state: WillState, listed: readonly Omit<Will, 'since'>[], now: number): WillState {
  const known = new Map(state.wills.map((will) => [will.id, will]))
  const wills = listed.map((one) => known.get(one.id) ?? { ...one, since: Math.min(now, one.postAt - AHEAD_MS) })
  const ids = new Set(listed.map(({ id }) => id))
  const vanished = state.wills.filter(({ id, postAt }) => !ids.has(id) && postAt <= now + TOLERANCE_MS)
  return { ...state, wills, posted: [...state.posted, ...vanished] }
}

/** When there is something to do next. */
export function nextWillAt({ wills, posted, retryAt }: WillState, now: number): number {
  const current = currentOf(wills, now)
  const mayCancel = wills.some((will) => will !== current && canCancel(will, now))
  // One that can no longer be taken back will be posted; then it is answered.
  const renewAt = current === null ? now : Math.min(current.postAt - RENEW_MS, ...wills.map(({ postAt }) => postAt))
  const dueAt = posted.length > 0 || mayCancel ? now : renewAt
  // A wait longer than any was decided before the clock was set back.
  return retryAt - now > RENEW_MS ? dueAt : Math.max(dueAt, retryAt)
}

/** What the will says beside since when. */
export interface WillFacts {
  readonly since: number
  /** What was being done, in few plain words each. */
  readonly inFlight: readonly string[]
}

/** How long nobody heard of the bot. `wasDown`: the process that made the will ended; else it could only not reach Slack. */
export interface Silence {
  readonly since: number
  readonly until: number
  readonly wasDown: boolean
}

export type WillMade =
  | { readonly kind: 'made'; readonly id: string; readonly postAt: number }
  | { readonly kind: 'refused'; readonly code: string; readonly waitMs: number | null }
  /** Nobody knows whether it was made: it must be looked for. */
  | { readonly kind: 'unclear'; readonly code: string }

/** Slack, as the last will needs it. Expected failures are returned. */
export interface WillSlack {
  make(facts: WillFacts, postAt: number): Promise<WillMade>
  /** Those of ours that Slack holds; null: it could not be asked. */
  list(): Promise<readonly Omit<Will, 'since'>[] | null>
  /** True: it is not scheduled any more. */
  cancel(id: string): Promise<boolean>
  /** Where one is that was to be posted then; `absent`: nowhere. */
  find(postAt: number): Promise<{ kind: 'found'; ts: string } | { kind: 'absent' } | { kind: 'unclear' }>
}
