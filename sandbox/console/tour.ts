import { setTimeout as pause } from 'node:timers/promises'

import type { TourPlace, TourView } from './protocol.ts'

/** What is done, what shows that it has happened, and what to say about it then. */
export interface TourStep<S> {
  readonly title: string
  readonly place: TourPlace
  /** While it is being done. */
  readonly before: string
  /** Once it has happened: what, and why. */
  readonly after: (stage: S) => string
  readonly act?: (stage: S) => Promise<void>
  /** The real event the step waits for. */
  readonly until: (stage: S) => boolean
  /** The thread to show, by its first message. */
  readonly threadTs?: (stage: S) => string | undefined
}

export interface TourDeps<S> {
  readonly steps: readonly TourStep<S>[]
  /** A fresh one for each tour. */
  readonly begin: () => S
  /** However it ended. */
  readonly finish: (stage: S) => void
  readonly changed: () => void
  /** Multiplies the pauses for reading. */
  readonly pace: number
  /** How long a step's event may take. */
  readonly atMostMs?: number
}

export interface TourControl {
  view(): TourView
  control(what: 'start' | 'pause' | 'resume' | 'next' | 'stop'): void
  /** Resolves when no tour is under way. */
  ended(): Promise<void>
}

const AT_MOST_MS = 20_000
const LOOK_MS = 30
const A_WORD_MS = 170
const A_GLANCE_MS = 1000

/** A person's time for a text. */
export const readingMs = (text: string, pace: number): number => (A_GLANCE_MS + text.split(/\s+/).length * A_WORD_MS) * pace

/** The hands of the person who watches. */
interface Watcher {
  paused: boolean
  /** Counts presses of "next". */
  skips: number
  readonly stopping: AbortController
}

const IDLE: TourView = { state: 'idle', phase: 'reading', step: 0, steps: 0, title: '', text: '', place: null, threadTs: null }

async function happen<S>({ act, until, title }: TourStep<S>, stage: S, atMostMs: number, { signal }: AbortController): Promise<void> {
  const end = performance.now() + atMostMs
  await act?.(stage)
  while (!until(stage)) {
    if (performance.now() > end) throw new Error(`"${title}" did not happen within ${atMostMs / 1000} s`)
    await pause(LOOK_MS, undefined, { signal })
  }
}

/** Until the text is read and the tour is not paused, or the person goes on. */
async function read(text: string, pace: number, watcher: Watcher): Promise<void> {
  const { skips, stopping } = watcher
  let left = readingMs(text, pace)
  while (watcher.skips === skips && (left > 0 || watcher.paused)) {
    const nap = Math.min(LOOK_MS, left > 0 ? left : LOOK_MS)
    await pause(nap, undefined, { signal: stopping.signal })
    if (!watcher.paused) left -= nap
  }
}

export function createTour<S>({ steps, begin, finish, changed, pace, atMostMs = AT_MOST_MS }: TourDeps<S>): TourControl {
  let view: TourView = { ...IDLE, steps: steps.length }
  let watcher: Watcher = { paused: false, skips: 0, stopping: new AbortController() }
  let running = Promise.resolve()
  const show = (change: Partial<TourView>): void => {
    view = { ...view, ...change }
    changed()
  }
  const play = async (stage: S, mine: Watcher): Promise<void> => {
    for (const [index, step] of steps.entries()) {
      show({ phase: 'acting', step: index + 1, title: step.title, text: step.before, place: step.place })
      await happen(step, stage, atMostMs, mine.stopping)
      mine.stopping.signal.throwIfAborted()
      const text = step.after(stage)
      show({ phase: 'reading', text, threadTs: step.threadTs?.(stage) ?? view.threadTs })
      // The last text stays until the tour is closed.
      if (index < steps.length - 1) await read(text, pace, mine)
    }
    show({ state: 'done' })
  }
  const start = (): void => {
    watcher.stopping.abort()
    const mine: Watcher = { paused: false, skips: 0, stopping: new AbortController() }
    watcher = mine
    const before = running
    view = { ...IDLE, steps: steps.length, state: 'running', phase: 'acting' }
    running = before
      .then(async () => {
        const stage = begin()
        await play(stage, mine).finally(() => finish(stage))
      })
      .catch((error: unknown) => {
        if (mine.stopping.signal.aborted) return
        show({ state: 'failed', text: `The tour cannot go on: ${error instanceof Error ? error.message : String(error)}` })
      })
    changed()
  }
  const control: TourControl['control'] = (what) => {
    if (what === 'start') return start()
    if (view.state !== 'running' && view.state !== 'paused') {
      if (what === 'stop') show({ ...IDLE, steps: steps.length })
      return undefined
    }
    if (what === 'stop') {
      watcher.stopping.abort()
      show({ ...IDLE, steps: steps.length })
      return undefined
    }
    // Whoever has paused goes on step by step.
    if (what === 'next') watcher.skips += 1
    else watcher.paused = what === 'pause'
    return show({ state: watcher.paused ? 'paused' : 'running' })
  }
  return { view: () => view, control, ended: () => running }
}
