import type { Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { AlertLog } from '../services/delivery/notifier.ts'
import type { SlackClients } from '../bot/slack-client.ts'

export interface LastResortDeps {
  readonly clock: Clock
  readonly log: Log
  readonly clients: SlackClients
  readonly alertLog: AlertLog
  readonly opsChannel: string
  readonly dataDir: string
}

/** `lost`: the result of a run that could not be stored, if it was one. */
export type LastResort = (lost: { job: string; outcome: string; summary: string } | null, error: unknown) => Promise<void>

const QUIET_MS = 3_600_000

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
    const line = {
      timestamp: new Date(deps.clock.now()).toISOString(),
      severity: 'CRITICAL',
      service: 'jada-agent',
      component: 'store',
      event: 'state_unwritable',
      message: text,
    }
    const results = await Promise.allSettled([
      deps.clients.posts.chat.postMessage({ channel: deps.opsChannel, text }),
      deps.alertLog.append(JSON.stringify(line)),
    ])
    const [posted, written] = results
    if (posted.status === 'rejected') {
      deps.log.error('store', `last resort, Slack: ${describeError(posted.reason)}`)
      // Nobody was told: the next failure tries again.
      saidAt = null
    }
    if (written.status === 'rejected' || written.value.kind !== 'sent')
      deps.log.error('store', 'last resort: the alert log could not be written either')
  }
}
