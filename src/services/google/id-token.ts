import { z } from 'zod'

export interface Identity {
  readonly sub: string
  readonly email: string
}

const claimsSchema = z.object({
  iss: z.enum(['https://accounts.google.com', 'accounts.google.com']),
  aud: z.string(),
  sub: z.string().min(1),
  exp: z.number(),
  email: z.string().optional(),
})

/** Google's clock and ours may differ by this much. */
const SKEW_S = 300

/**
 * Who consented. The token came straight from the token endpoint over TLS, so its signature needs no check
 * (OpenID Connect Core 3.1.3.7, step 6); issuer, audience and expiry do. Null: it does not hold.
 */
export function readIdentity(idToken: string | undefined, clientId: string, now: number): Identity | null {
  const payload = idToken?.split('.')[1]
  if (payload === undefined) return null
  let claims: unknown
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  } catch {
    return null
  }
  const parsed = claimsSchema.safeParse(claims)
  if (!parsed.success || parsed.data.aud !== clientId || parsed.data.exp + SKEW_S < now / 1000) return null
  return { sub: parsed.data.sub, email: parsed.data.email ?? '' }
}
