import type { FailedAnswer } from './answer.ts'
import type { FailureClass, FailureHint, GoogleFailure } from './failure.ts'

/**
 * The error taxonomy. Sources: RFC 6749 section 5.2, Google's "OAuth 2.0 for web server applications" and the Sheets
 * API's error pages. The first row that matches decides, so the order of the rows is part of the rule.
 */
interface Row {
  readonly class: FailureClass
  readonly hint?: FailureHint
  readonly when: (answer: FailedAnswer) => boolean
}

const named =
  (...names: string[]) =>
  (answer: FailedAnswer): boolean =>
    answer.error !== undefined && names.includes(answer.error)
const reason =
  (...names: string[]) =>
  (answer: FailedAnswer): boolean =>
    answer.reasons.some((given) => names.includes(given))
const status =
  (...codes: number[]) =>
  (answer: FailedAnswer): boolean =>
    answer.status !== undefined && codes.includes(answer.status)
const says = (answer: FailedAnswer, pattern: RegExp): boolean => pattern.test(answer.description ?? '')

const TOKEN: readonly Row[] = [
  { class: 'network', hint: 'proxy', when: (answer) => answer.network === 'not-json' },
  { class: 'network', when: (answer) => answer.network !== undefined },
  // Google answers these with any status, 400 included; its libraries do not retry them there.
  { class: 'server', when: named('internal_failure', 'server_error', 'temporarily_unavailable') },
  { class: 'rate-limited', when: status(429) },
  { class: 'server', when: (answer) => answer.status === 408 || (answer.status ?? 0) >= 500 },
  {
    class: 'reauth-required',
    hint: 'session-control',
    when: (answer) => named('invalid_grant')(answer) && /^(invalid_rapt|rapt_required)$/.test(answer.subtype ?? ''),
  },
  {
    class: 'reauth-required',
    hint: 'account-deleted',
    when: (answer) => named('invalid_grant')(answer) && says(answer, /account has been deleted/i),
  },
  { class: 'reauth-required', when: named('invalid_grant') },
  {
    class: 'configuration',
    hint: 'client',
    when: named('invalid_client', 'deleted_client', 'disabled_client', 'unauthorized_client'),
  },
  { class: 'configuration', hint: 'admin-policy', when: named('access_denied', 'admin_policy_enforced', 'org_internal') },
  {
    class: 'configuration',
    hint: 'our-request',
    when: named('invalid_request', 'unsupported_grant_type', 'invalid_scope', 'redirect_uri_mismatch'),
  },
]

const SHEETS: readonly Row[] = [
  { class: 'network', hint: 'proxy', when: (answer) => answer.network === 'not-json' },
  { class: 'network', when: (answer) => answer.network !== undefined },
  { class: 'stale-access-token', when: status(401) },
  {
    class: 'rate-limited',
    when: (answer) => status(429)(answer) || reason('rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED')(answer),
  },
  {
    class: 'reauth-required',
    hint: 'scope-unticked',
    when: (answer) => status(403)(answer) && reason('ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'insufficientPermissions')(answer),
  },
  {
    class: 'configuration',
    hint: 'api-disabled',
    when: (answer) => status(403)(answer) && reason('SERVICE_DISABLED', 'accessNotConfigured')(answer),
  },
  { class: 'data', hint: 'not-shared', when: (answer) => status(403)(answer) && named('PERMISSION_DENIED')(answer) },
  { class: 'data', hint: 'not-found', when: (answer) => status(404)(answer) && answer.body === 'google' },
  { class: 'data', hint: 'office-file', when: (answer) => named('FAILED_PRECONDITION')(answer) && says(answer, /office file/i) },
  { class: 'data', hint: 'tab-renamed', when: (answer) => status(400)(answer) && says(answer, /unable to parse range/i) },
  { class: 'server', when: (answer) => answer.status === 408 || (answer.status ?? 0) >= 500 },
  { class: 'configuration', hint: 'our-request', when: named('INVALID_ARGUMENT') },
]

function code(answer: FailedAnswer): string {
  return answer.network ?? answer.reasons[0] ?? answer.error ?? (answer.status === undefined ? 'unknown' : `http-${answer.status}`)
}

/** What a failed answer of Google means. Total: what no row knows is `unknown`, and treated as a fault that may pass. */
export function classify(answer: FailedAnswer): GoogleFailure {
  const row = (answer.endpoint === 'token' ? TOKEN : SHEETS).find((candidate) => candidate.when(answer))
  return {
    endpoint: answer.endpoint,
    class: row?.class ?? 'unknown',
    code: code(answer),
    status: answer.status,
    detail: answer.body === 'google' ? answer.description : undefined,
    hint: row?.hint,
    retryAfterMs: answer.retryAfterMs,
    enableUrl: answer.enableUrl,
  }
}

/** The connection was never made: a set-up step, not a fault. */
export const NOT_CONNECTED: GoogleFailure = {
  endpoint: 'token',
  class: 'not-connected',
  code: 'no-refresh-token',
  status: undefined,
  detail: undefined,
  hint: undefined,
  retryAfterMs: undefined,
  enableUrl: undefined,
}
