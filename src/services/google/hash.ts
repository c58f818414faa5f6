import { createHash } from 'node:crypto'

/** What is stored instead of a random token that somebody else holds. Such tokens need no salt: they cannot be guessed. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
