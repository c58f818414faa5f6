import { jsonReply } from './http-message.ts'
import type { Reply } from './http-message.ts'

const STATUS = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  overloaded_error: 529,
} as const

export type ErrorType = keyof typeof STATUS

/** A request that is refused, in the words of the service. */
export class Refused extends Error {
  readonly type: ErrorType

  constructor(type: ErrorType, message: string) {
    super(message)
    this.type = type
  }
}

export const invalid = (message: string): Refused => new Refused('invalid_request_error', message)

export function errorReply(refused: Refused, requestId: string, headers: Record<string, string> = {}): Reply {
  const { type, message } = refused
  return jsonReply(
    STATUS[type],
    { type: 'error', error: { type, message }, request_id: requestId },
    { 'request-id': requestId, ...headers },
  )
}
