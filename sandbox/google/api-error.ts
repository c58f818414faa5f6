import { jsonReply } from './http-message.ts'
import type { Reply } from './http-message.ts'

interface ApiErrorInput {
  code: number
  status: string
  message: string
  details?: unknown[]
  /** The reason of the older error format, which some answers carry beside the details. */
  reason?: string
  headers?: Record<string, string>
}

const errorInfo = (reason: string, metadata: Record<string, string>) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  metadata: { service: 'sheets.googleapis.com', ...metadata },
})

/** The error envelope of Google's APIs (AIP-193). */
function apiError({ code, status, message, details, reason, headers }: ApiErrorInput): Reply {
  const errors =
    reason === undefined ? {} : { errors: [{ message, domain: reason === 'rateLimitExceeded' ? 'usageLimits' : 'global', reason }] }
  const body = { error: { code, message, ...errors, status, ...(details === undefined ? {} : { details }) } }
  return { ...jsonReply(code, body, headers), error: status }
}

export const anonymousCaller = (): Reply =>
  apiError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message:
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  })

export const unauthenticated = (): Reply =>
  apiError({
    code: 401,
    status: 'UNAUTHENTICATED',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    reason: 'authError',
    details: [errorInfo('ACCESS_TOKEN_EXPIRED', {})],
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  })

export const insufficientScope = (method: string): Reply =>
  apiError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'Request had insufficient authentication scopes.',
    reason: 'insufficientPermissions',
    details: [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', { method: `google.apps.sheets.v4.SpreadsheetsService.${method}` })],
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"' },
  })

export function serviceDisabled(project: string): Reply {
  const activationUrl = `https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=${project}`
  const message = `Google Sheets API has not been used in project ${project} before or it is disabled. Enable it by visiting ${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`
  return apiError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message,
    reason: 'accessNotConfigured',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Google developers console API activation', url: activationUrl }],
      },
      errorInfo('SERVICE_DISABLED', {
        consumer: `projects/${project}`,
        serviceTitle: 'Google Sheets API',
        containerInfo: project,
        activationUrl,
      }),
    ],
  })
}

export const notShared = (): Reply => apiError({ code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' })

export const notFound = (): Reply => apiError({ code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' })

export const officeFile = (): Reply =>
  apiError({
    code: 400,
    status: 'FAILED_PRECONDITION',
    message: 'This operation is not supported for this document. The document must not be an Office file.',
  })

export const invalidArgument = (message: string, field?: string, description?: string): Reply =>
  apiError({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message,
    ...(field === undefined
      ? {}
      : {
          details: [
            { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description: description ?? message }] },
          ],
        }),
  })

/** An honest limit of the stand-in, so that nobody takes silence for support. */
export const notSupported = (what: string): Reply =>
  apiError({ code: 501, status: 'UNIMPLEMENTED', message: `The stand-in does not support ${what}.` })

export function quotaExceeded(project: string, retryAfterS?: number): Reply {
  const retry = retryAfterS === undefined ? [] : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterS}s` }]
  return apiError({
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: `Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:${project}'.`,
    reason: 'rateLimitExceeded',
    details: [
      errorInfo('RATE_LIMIT_EXCEEDED', {
        consumer: `projects/${project}`,
        quota_limit: 'ReadRequestsPerMinutePerUser',
        quota_metric: 'sheets.googleapis.com/read_requests',
        quota_limit_value: '60',
      }),
      ...retry,
    ],
    ...(retryAfterS === undefined ? {} : { headers: { 'retry-after': String(retryAfterS) } }),
  })
}

export function serverError(code: number): Reply {
  if (code === 500) return apiError({ code, status: 'INTERNAL', message: 'Internal error encountered.' })
  if (code === 504) return apiError({ code, status: 'DEADLINE_EXCEEDED', message: 'Deadline expired before operation could complete.' })
  return apiError({ code, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' })
}
