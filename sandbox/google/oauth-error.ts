import { jsonReply } from './http-message.ts'
import type { Reply } from './http-message.ts'

/** An error answer of the token and revocation endpoints (RFC 6749 5.2). */
export function oauthError(status: number, error: string, description?: string): Reply {
  return { ...jsonReply(status, { error, ...(description === undefined ? {} : { error_description: description }) }), error }
}
