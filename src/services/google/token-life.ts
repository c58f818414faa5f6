import { z } from 'zod'
import type { Connection } from './connection.ts'

/** How long refresh tokens have lived, and when the present one ends. */

const DAY_MS = 86_400_000

/** What Google grants while the consent screen is in "Testing" (developers.google.com/identity/protocols/oauth2#expiration). */
const TESTING_LIFE_MS = 7 * DAY_MS

const death = z.object({ generation: z.number(), consentedAt: z.number(), diedAt: z.number() })

/** A token that Google refused for good, without saying why. Times are UTC milliseconds. */
export type TokenDeath = z.output<typeof death>

/** Where the deaths are kept among the settings. */
export const DEATHS = 'token-deaths'
const KEPT = 10

export function readDeaths(text: string | null): readonly TokenDeath[] {
  if (text === null) return []
  const parsed = z.array(death).safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : []
}

/** Adds the death of a token: the first refusal of each counts. */
export function withDeath(deaths: readonly TokenDeath[], died: TokenDeath): readonly TokenDeath[] {
  return deaths.some(({ generation }) => generation === died.generation) ? deaths : [...deaths, died].slice(-KEPT)
}

/** Tokens are tried each half hour, and not while the bot is down: a refusal comes late, never early. */
const isSevenDays = ({ consentedAt, diedAt }: TokenDeath): boolean => {
  const lived = diedAt - consentedAt
  return lived >= TESTING_LIFE_MS - DAY_MS / 4 && lived <= TESTING_LIFE_MS + DAY_MS
}

/** Whether the last two tokens lived seven days: then the consent screen is in "Testing", and so will the next. */
export function dieEverySevenDays(deaths: readonly TokenDeath[]): boolean {
  const last = deaths.slice(-2)
  return last.length === 2 && last.every(isSevenDays)
}

export interface TokenEnd {
  readonly at: number
  /** `google`: it said so. `pattern`: the tokens before it tell. */
  readonly from: 'google' | 'pattern'
}

/** When the present token ends; null: nothing says that it does. Pure. */
export function tokenEnd(connection: Pick<Connection, 'consentedAt' | 'refreshExpiresAt'>, deaths: readonly TokenDeath[]): TokenEnd | null {
  if (connection.refreshExpiresAt !== null) return { at: connection.refreshExpiresAt, from: 'google' }
  return dieEverySevenDays(deaths) ? { at: connection.consentedAt + TESTING_LIFE_MS, from: 'pattern' } : null
}

/** People are told this long before. */
export const WARN_BEFORE_MS = DAY_MS
