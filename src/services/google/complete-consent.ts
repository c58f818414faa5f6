import type { UnitOfWork } from '../../unit-of-work.ts'
import { actorOf, subjectOf } from './audit.ts'
import type { GoogleClient, TokenGrant } from './client.ts'
import { missingScopes, type Connection, type Consent, type ConsentPorts } from './connection.ts'
import type { GoogleFailure, GoogleResult } from './failure.ts'
import { tokenHash } from './hash.ts'
import { readIdentity, type Identity } from './id-token.ts'
import { verifierContext } from './start-consent.ts'
import type { SealedBox } from '../../sealed-box.ts'
import { tokenContext } from './token-context.ts'

/** What the redirect carried. `error` is Google's, such as `access_denied`. */
export interface Callback {
  readonly state: string | undefined
  readonly code: string | undefined
  readonly error: string | undefined
}

/** How a consent ended. Only `connected` changed anything; in all other cases the old token stays. */
export type ConsentOutcome =
  | { readonly kind: 'connected'; readonly email: string; readonly incidentId: number | null }
  | { readonly kind: 'unknown-state' }
  | { readonly kind: 'other-browser'; readonly boundTo: Consent['boundTo']['kind'] }
  | ({ readonly incidentId: number | null } & Refusal)

/** Why a consent that was really ours did not connect. */
export type Refusal =
  | { readonly kind: 'denied'; readonly error: string }
  | { readonly kind: 'exchange-failed'; readonly failure: GoogleFailure }
  | { readonly kind: 'no-identity' }
  | { readonly kind: 'wrong-account'; readonly email: string; readonly pinned: string }
  | { readonly kind: 'missing-scopes'; readonly missing: readonly string[] }
  | { readonly kind: 'no-refresh-token' }
  | { readonly kind: 'probe-failed'; readonly failure: GoogleFailure; readonly email: string }
  | { readonly kind: 'superseded' }

export interface CompleteDeps<Ports extends ConsentPorts> {
  readonly uow: UnitOfWork<Ports>
  readonly client: GoogleClient
  readonly box: SealedBox
  /** Reads one cell with the new token, so that what is stored is known to work. */
  readonly probe: (accessToken: string) => Promise<GoogleResult<undefined>>
  /** Runs in the transaction that stores the token: asks for the sync that will prove it. */
  readonly whenStored: (ports: Ports, consent: Consent, identity: Identity) => Promise<void>
}

interface Verified {
  readonly grant: TokenGrant & { refreshToken: string }
  readonly identity: Identity
  readonly replaces: Connection | null
}

function check(grant: TokenGrant, consent: Consent, current: Connection | null, clientId: string, now: number): Verified | Refusal {
  const identity = readIdentity(grant.idToken, clientId, now)
  if (identity === null) return { kind: 'no-identity' }
  if (current !== null && consent.mode !== 'repin' && current.sub !== identity.sub) {
    return { kind: 'wrong-account', email: identity.email, pinned: current.email }
  }
  const missing = missingScopes(grant.scopes)
  if (missing.length > 0) return { kind: 'missing-scopes', missing }
  const { refreshToken } = grant
  if (refreshToken === undefined) return { kind: 'no-refresh-token' }
  return { grant: { ...grant, refreshToken }, identity, replaces: current }
}

function toConnection(box: SealedBox, clientId: string, consent: Consent, verified: Verified, now: number): Connection {
  const { grant, identity, replaces } = verified
  const owner = { id: consent.connectionId, clientId, sub: identity.sub }
  return {
    ...owner,
    email: identity.email,
    scopes: grant.scopes,
    token: box.seal(grant.refreshToken, tokenContext(owner)),
    previousToken: replaces?.token ?? null,
    generation: consent.generation + 1,
    consentedAt: now,
    refreshExpiresAt: grant.refreshExpiresInMs === undefined ? null : now + grant.refreshExpiresInMs,
    updatedAt: now,
  }
}

async function store<Ports extends ConsentPorts>(
  deps: CompleteDeps<Ports>,
  consent: Consent,
  verified: Verified,
  now: number,
): Promise<boolean> {
  const connection = toConnection(deps.box, deps.client.clientId, consent, verified, now)
  return deps.uow.run(async (ports) => {
    // The generation of the start: a callback that comes after a newer consent must not replace that one's token.
    if (!(await ports.connections.replace(connection, consent.generation))) return false
    if (consent.ticketHash !== null) await ports.consents.spendTicket(consent.ticketHash, now)
    const actor = await actorOf(ports, consent)
    const details = { mode: consent.mode, account: connection.email }
    await ports.audit.add({ at: now, actor, act: 'reauth.done', subject: subjectOf(consent), details })
    await deps.whenStored(ports, consent, verified.identity)
    return true
  })
}

/** Somebody tried to put another account in the place of the pinned one: that is kept, whoever it was. */
async function noteWrongAccount<Ports extends ConsentPorts>(
  { uow }: CompleteDeps<Ports>,
  consent: Consent,
  { email, pinned }: Extract<Refusal, { kind: 'wrong-account' }>,
  now: number,
): Promise<void> {
  await uow.run(async (ports) => {
    const actor = await actorOf(ports, consent)
    const details = { why: 'wrong-account', account: email, pinned }
    await ports.audit.add({ at: now, actor, act: 'reauth.refused', subject: subjectOf(consent), details })
  })
}

async function exchangeAndStore<Ports extends ConsentPorts>(
  deps: CompleteDeps<Ports>,
  consent: Consent,
  code: string,
  now: number,
): Promise<Refusal | { kind: 'connected'; email: string }> {
  const verifier = deps.box.open(consent.verifier, verifierContext(consent.stateHash))
  const exchanged = await deps.client.exchange(code, verifier, consent.redirectUri)
  if (!exchanged.ok) return { kind: 'exchange-failed', failure: exchanged.failure }
  const current = await deps.uow.run(({ connections }) => connections.read(consent.connectionId))
  const verified = check(exchanged.value, consent, current, deps.client.clientId, now)
  if ('kind' in verified) {
    if (verified.kind === 'wrong-account') await noteWrongAccount(deps, consent, verified, now)
    return verified
  }
  const probed = await deps.probe(verified.grant.accessToken)
  if (!probed.ok) return { kind: 'probe-failed', failure: probed.failure, email: verified.identity.email }
  return (await store(deps, consent, verified, now)) ? { kind: 'connected', email: verified.identity.email } : { kind: 'superseded' }
}

/**
 * The end of a consent: consume the state (once, before the exchange), exchange the code, check account, scopes and refresh
 * token, read one cell, store. `holds` are the proofs of whoever brings the answer: cookie, Slack user or terminal.
 */
export async function completeConsent<Ports extends ConsentPorts>(
  deps: CompleteDeps<Ports>,
  callback: Callback,
  holds: Consent['boundTo'] | null,
  now: number,
): Promise<ConsentOutcome> {
  if (callback.state === undefined) return { kind: 'unknown-state' }
  const stateHash = tokenHash(callback.state)
  const found = await deps.uow.run(({ consents }) => consents.find(stateHash))
  if (found === null) return { kind: 'unknown-state' }
  if (holds?.kind !== found.boundTo.kind || holds.value !== found.boundTo.value) {
    return { kind: 'other-browser', boundTo: found.boundTo.kind }
  }
  const consent = await deps.uow.run(({ consents }) => consents.consume(stateHash, now))
  if (consent === null) return { kind: 'unknown-state' }
  const { incidentId } = consent
  if (callback.code === undefined) return { kind: 'denied', error: (callback.error ?? 'no code').slice(0, 60), incidentId }
  return { ...(await exchangeAndStore(deps, consent, callback.code, now)), incidentId }
}
