import type { Cancel, Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'

/** Something that has due work now and then. */
export interface Source {
  readonly name: string
  /** When there is something to do next (UTC ms); null: nothing waits. */
  nextDueAt(): Promise<number | null>
  /** Does all that is due at `now`; may start long work and return. */
  runDue(now: number): Promise<void>
}

export interface WakeLoopDeps {
  readonly clock: Clock
  readonly log: Log
  readonly sources: readonly Source[]
  /** Called when the wall clock jumped by this much against the monotonic one. */
  readonly clockJumped: (deltaMs: number) => Promise<void>
}

export interface WakeLoop {
  start(): void
  /** Looks at once: somebody has just added work. */
  wake(): void
  stop(): void
  /** Resolves when no source is being looked at. */
  idle(): Promise<void>
  /** Monotonic milliseconds of the last finished look of the source that is silent longest; null before each has looked. */
  lastLookAt(): number | null
}

/** Other processes (the terminal scripts) add work too, and nobody wakes us for it. */
const LONGEST_SLEEP_MS = 5000
const JUMP_MS = 30_000

interface Looker {
  look(): void
  /** The look under way, if there is one. */
  current(): Promise<void> | null
  stop(): void
}

/** Looks after one source: never twice at once, and once more when asked during a look. */
function createLooker(source: Source, deps: WakeLoopDeps, looked: () => void): Looker {
  let timer: Cancel | undefined
  let looking: Promise<void> | null = null
  let again = false
  let stopped = false
  const once = async (): Promise<void> => {
    await source.runDue(deps.clock.now())
    const dueAt = await source.nextDueAt()
    const sleepMs = Math.min(Math.max((dueAt ?? Infinity) - deps.clock.now(), 1), LONGEST_SLEEP_MS)
    looked()
    if (!stopped) timer = deps.clock.after(sleepMs, look)
  }
  const look = (): void => {
    if (stopped) return
    if (looking !== null) {
      again = true
      return
    }
    timer?.()
    looking = once()
      .catch((error: unknown) => {
        deps.log.error('loop', `${source.name}: ${describeError(error)}`)
        if (!stopped) timer = deps.clock.after(LONGEST_SLEEP_MS, look)
      })
      .then(() => {
        looking = null
        if (!again) return
        again = false
        look()
      })
  }
  return {
    look,
    current: () => looking,
    stop: () => {
      stopped = true
      timer?.()
    },
  }
}

/**
 * The one loop: sleeps until the earliest due row, never longer than a few seconds, so that a wrong or jumping wall
 * clock can delay nothing for long. All waits are rows; a timer here is only a hint when to look.
 */
export function createWakeLoop(deps: WakeLoopDeps): WakeLoop {
  let before = { wall: deps.clock.now(), steady: deps.clock.monotonic() }
  const lastLooks = new Map<string, number>()
  const looked = (source: string): void => {
    const wall = deps.clock.now()
    const steady = deps.clock.monotonic()
    const jump = wall - before.wall - (steady - before.steady)
    before = { wall, steady }
    lastLooks.set(source, steady)
    if (Math.abs(jump) < JUMP_MS) return
    deps.log.warn('loop', `the clock jumped by ${Math.round(jump / 1000)} s`)
    deps.clockJumped(jump).then(wakeAll, (error: unknown) => {
      deps.log.error('loop', `after the clock jumped: ${describeError(error)}`)
    })
  }
  const lookers = deps.sources.map((source) => createLooker(source, deps, () => looked(source.name)))
  const wakeAll = (): void => {
    for (const looker of lookers) looker.look()
  }
  return {
    start: wakeAll,
    wake: wakeAll,
    stop: () => {
      for (const looker of lookers) looker.stop()
    },
    idle: async () => {
      for (;;) {
        const looks = lookers.flatMap((looker) => looker.current() ?? [])
        if (looks.length === 0) return
        await Promise.all(looks)
      }
    },
    lastLookAt: () => (lastLooks.size < deps.sources.length ? null : Math.min(...lastLooks.values())),
  }
}
