import type { Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { AlertLog, Topic } from '../services/delivery/notifier.ts'
import type { AnyAlertLine } from '../services/incidents/alert-line.ts'
import type { SlackClients } from '../bot/slack-client.ts'

export interface LastResortDeps {
  readonly clock: Clock
  readonly log: Log
  readonly clients: SlackClients
  readonly alertLog: AlertLog
  /** Null: none is set. */
  readonly topic: Topic | null
  readonly opsChannel: string
  readonly dataDir: string
}

/** `lost`: the result of a run that could not be stored, if it was one. */
export type LastResort = (lost: { job: string; outcome: string; summary: string } | null, error: unknown) => Promise<void>

const QUIET_MS = 3_600_000

const NO_TIMES = { first_failure: null, last_success: null, next_attempt: null } as const

/** As any other line of the alert log, but about no incident. */
function alertLine(message: string, reason: string, now: number): AnyAlertLine {
  return {
    timestamp: new Date(now).toISOString(),
    severity: 'CRITICAL',
    service: 'jada-agent',
    component: 'store',
    event: 'state_unwritable',
    incident: null,
    message,
    consecutive_failures: 1,
    ...NO_TIMES,
    error: { class: 'store', code: reason, status: null },
    action: "Free disk space on the server, or check the permissions of the bot's folder",
    runbook: 'docs/runbook.md#state-unwritable',
  }
}

/**
 * The one message that does not go through the outbox: when the state cannot be written (disk full, read-only), no row
 * can hold an alert, and saying nothing would be the old daemon's failure again. At most once an hour, best effort.
 */
export function createLastResort(deps: LastResortDeps): LastResort {
  let saidAt: number | null = null
  return async (lost, error) => {
    const now = deps.clock.monotonic()
    if (saidAt !== null && now - saidAt < QUIET_MS) return
    saidAt = now
    const reason = describeError(error).slice(0, 200)
    const result = lost === null ? '' : ` Not stored: ${lost.job} ended as ${lost.outcome}: ${lost.summary.slice(0, 300)}.`
    const text = `CRITICAL: JADA Bot cannot write its state in ${deps.dataDir} (${reason}). Syncs and alerts wait until it can: free disk space on the server, or check the folder's permissions.${result}`
    const line = alertLine(text, reason, deps.clock.now())
    const results = await Promise.allSettled([
      deps.clients.posts.chat.postMessage({ channel: deps.opsChannel, text }),
      deps.alertLog.append(JSON.stringify(line)),
      // The hour is its key: of a topic that knows keys nobody is told twice.
      deps.topic?.publish(line, `state-unwritable:${line.timestamp.slice(0, 13)}`),
    ])
    const [posted, written, published] = results
    if (posted.status === 'rejected') {
      deps.log.error('store', `last resort, Slack: ${describeError(posted.reason)}`)
      // Nobody was told: the next failure tries again.
      saidAt = null
    }
    if (written.status === 'rejected' || written.value.kind !== 'sent')
      deps.log.error('store', 'last resort: the alert log could not be written either')
    if (published.status === 'rejected' || (published.value !== undefined && published.value.kind !== 'sent'))
      deps.log.error('store', 'last resort: nothing could be published over SNS')
  }
}
