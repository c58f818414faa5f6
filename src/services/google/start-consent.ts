import { OAuth2Client } from 'google-auth-library'
import { randomToken, type Random } from '../../random.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import { actorOf, subjectOf } from './audit.ts'
import type { GoogleClient } from './client.ts'
import { CONNECTION, type Consent, type ConsentMode, type ConsentPorts } from './connection.ts'
import { tokenHash } from './hash.ts'
import type { SealedBox } from '../../sealed-box.ts'

export const CONSENT_LIFETIME_MS = 10 * 60_000

/** More starts than this within a minute are a script, not operators. */
const STARTS_A_MINUTE = 20

export interface StartDeps {
  readonly uow: UnitOfWork<ConsentPorts>
  readonly client: GoogleClient
  readonly box: SealedBox
  readonly random: Random
}

export interface StartRequest {
  readonly mode: ConsentMode
  readonly incidentId: number | null
  readonly ticketHash: string | null
  readonly boundTo: Consent['boundTo']
  readonly redirectUri: string
}

export type StartResult = { readonly kind: 'started'; readonly url: string } | { readonly kind: 'too-many' }

export const verifierContext = (stateHash: string): string => JSON.stringify(['verifier', stateHash])

/** Mints state and PKCE verifier (RFC 7636) for one consent and gives Google's address. Consumes nothing: link scanners open links. */
export async function startConsent(deps: StartDeps, request: StartRequest, now: number): Promise<StartResult> {
  const state = randomToken(deps.random)
  const stateHash = tokenHash(state)
  const { codeVerifier, codeChallenge } = await new OAuth2Client().generateCodeVerifierAsync()
  if (codeChallenge === undefined) throw new TypeError('no PKCE challenge')
  const started = await deps.uow.run(async ({ connections, consents, audit }) => {
    if ((await consents.countSince(now - 60_000)) >= STARTS_A_MINUTE) return null
    const connection = await connections.read(CONNECTION)
    const consent: Consent = {
      ...request,
      stateHash,
      connectionId: CONNECTION,
      verifier: deps.box.seal(codeVerifier, verifierContext(stateHash)),
      generation: connection?.generation ?? 0,
      createdAt: now,
      expiresAt: now + CONSENT_LIFETIME_MS,
    }
    await consents.insert(consent)
    // Of a browser, its operator's ticket was written down; whatever opens the link of a card may be a scanner.
    if (consent.boundTo.kind !== 'browser') {
      const actor = await actorOf({ consents }, consent)
      await audit.add({ at: now, actor, act: 'reauth.start', subject: subjectOf(consent), details: { mode: consent.mode } })
    }
    return { email: connection?.email }
  })
  if (started === null) return { kind: 'too-many' }
  const loginHint = request.mode === 'renew' ? started.email : undefined
  return {
    kind: 'started',
    url: deps.client.authorizeUrl({ state, challenge: codeChallenge, redirectUri: request.redirectUri, loginHint }),
  }
}
