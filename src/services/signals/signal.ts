/** How bad it is. `notice` asks for a set-up step; it is no alarm and writes no alert line. */
export type Severity = 'critical' | 'warning' | 'notice'

/** What is wrong, in the vocabulary of the alert log's `event`. */
export type SignalKind =
  | 'oauth_token_failure'
  | 'oauth_token_expiring'
  | 'google_configuration'
  | 'google_not_connected'
  | 'sheet_problem'
  | 'sync_failing'
  | 'sync_stale'
  | 'rows_quarantined'
  | 'model_refused'
  | 'model_unavailable'
  | 'mcp_changed'
  | 'backup_failed'
  | 'notices_refused'
  | 'host_down'
  | 'host_memory'
  | 'host_disk'
  | 'host_cpu'
  | 'host_journal'
  | 'host_clock'
  | 'host_certificate'
  | 'host_unreachable'

/** The facts behind a signal: plain data for rows, cards and log lines. No secrets, no private columns. Times are UTC milliseconds. */
export interface Evidence {
  readonly class: string | null
  readonly code: string | null
  readonly status: number | null
  readonly hint: string | null
  readonly detail: string | null
  /** Failures in a row, of this class. */
  readonly failures: number
  readonly firstFailureAt: number | null
  readonly lastSuccessAt: number | null
  /** How old the data is that people work with: the last reading, also one applied only in part. */
  readonly lastReadAt: number | null
  readonly nextAttemptAt: number | null
  /** When what is told of will happen; null: it has, or nobody knows. */
  readonly endsAt: number | null
  /** Older than people may rely on. */
  readonly stale: boolean
  /** Lines for people about the sheet: cells, tabs, columns. */
  readonly findings: readonly string[]
  /** Tab and content of a change that waits for a yes. */
  readonly holds: readonly { readonly tab: string; readonly contentHash: string }[]
  readonly enableUrl: string | null
  /** The account the connection is pinned to. */
  readonly account: string | null
}

export const NO_EVIDENCE: Evidence = {
  class: null,
  code: null,
  status: null,
  hint: null,
  detail: null,
  failures: 0,
  firstFailureAt: null,
  lastSuccessAt: null,
  lastReadAt: null,
  nextAttemptAt: null,
  endsAt: null,
  stale: false,
  findings: [],
  holds: [],
  enableUrl: null,
  account: null,
}

/** A duty of the bot, `<component>/<duty>`: at most one incident is open for each. */
export type DutyKey =
  | 'port-sheet/sync'
  | 'port-sheet/rows'
  | 'port-sheet/consent'
  | 'agent/model'
  | 'agent/mcp'
  | 'bot/backup'
  | 'bot/notices'
  | HostDuty

/** One for each check of a host. */
export type HostDuty =
  | 'host/service'
  | 'host/memory'
  | 'host/disk'
  | 'host/cpu'
  | 'host/status-checks'
  | 'host/journal'
  | 'host/clock'
  | 'host/certificate'
  | 'host/reach'

/** What a part noticed. `failing`: the duty is not done; `ok`: it was just seen done, which proves recovery. */
export type Signal =
  | {
      readonly status: 'failing'
      readonly key: DutyKey
      readonly kind: SignalKind
      readonly severity: Severity
      readonly evidence: Evidence
    }
  | { readonly status: 'ok'; readonly key: DutyKey; readonly summary: string }
