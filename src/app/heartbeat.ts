import type { Cancel, Clock } from '../clock.ts'
import type { Log } from '../log.ts'

export interface HeartbeatDeps {
  readonly clock: Clock
  readonly log: Log
  /** Why the loops do not turn; nothing when they do. `since`: when they began (monotonic), for the time before their first look ends. */
  readonly problems: (since: number) => readonly string[]
}

const PERIOD_MS = 5 * 60_000

/**
 * One line every five minutes while the loops turn, and none otherwise. Whoever watches the log from outside (deploy/cloudwatch) learns from
 * its absence that the bot, or its machine, is dead. Gives what ends it.
 */
export function startHeartbeat({ clock, log, problems }: HeartbeatDeps): Cancel {
  const since = clock.monotonic()
  let cancel: Cancel
  const beat = (): void => {
    // The words are what the metric filter in deploy/cloudwatch looks for.
    if (problems(since).length === 0) log.info('heartbeat', 'alive')
    cancel = clock.after(PERIOD_MS, beat)
  }
  beat()
  return () => {
    cancel()
  }
}
