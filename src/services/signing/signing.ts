import { JadaError } from '../../errors.ts'
import { addressOf, hashOf, isToken, openLink } from '../links/link.ts'
import { documentHash } from './agreement.ts'
import { ownerOf, type SigningDeps } from './ask.ts'
import { auditOf } from './audit.ts'
import { decideSigning, type SigningEvent } from './decide.ts'
import { checkForm, consentOf, type Form, type Problem, type Signature } from './evidence.ts'
import type { SigningPorts } from './ports.ts'
import { COPY_LIFETIME_MS, isLive, isOverdue, type SignatureRequest } from './request.ts'

/** The address of a guest's page, for an operator's eyes. Throws JadaError `link-unreadable`. */
export function signAddress(deps: Pick<SigningDeps, 'box'>, publicUrl: string, request: SignatureRequest): string {
  return addressOf(publicUrl, 'sign', openLink(deps.box, ownerOf(request), request.link))
}

export type Found =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'open'; readonly request: SignatureRequest }
  /** Also one whose time is over although that is not written yet. */
  | { readonly kind: 'closed'; readonly request: SignatureRequest; readonly why: 'declined' | 'expired' | 'withdrawn' }
  | { readonly kind: 'signed'; readonly request: SignatureRequest; readonly signature: Signature }
  /** Signed long ago: the link does not show the copy any more. */
  | { readonly kind: 'past'; readonly request: SignatureRequest }

/** Whoever can write the database could change a text; then nobody is shown it as what was signed. */
function checkHash(id: number, kept: { readonly document: string; readonly documentHash: string }): void {
  if (documentHash(kept.document) !== kept.documentHash)
    throw new JadaError('document-changed', `The text of signature request ${id} is not the one that was frozen.`)
}

async function standing(ports: SigningPorts, request: SignatureRequest, now: number): Promise<Found> {
  if (isOverdue(request, now)) return { kind: 'closed', request, why: 'expired' }
  if (isLive(request)) return { kind: 'open', request }
  if (request.state !== 'signed') return { kind: 'closed', request, why: request.state as 'declined' | 'expired' | 'withdrawn' }
  const signature = await ports.signing.signature(request.id)
  if (signature === null) throw new JadaError('no-signature', `Request ${request.id} is signed, but what was signed is not there.`)
  checkHash(request.id, signature)
  return now >= request.expiresAt + COPY_LIFETIME_MS ? { kind: 'past', request } : { kind: 'signed', request, signature }
}

/** What a token leads to. Changes nothing. */
export async function findByToken(ports: SigningPorts, token: string, now: number): Promise<Found> {
  const request = isToken(token) ? await ports.signing.findByHash(hashOf(token)) : null
  return request === null ? { kind: 'unknown' } : standing(ports, request, now)
}

async function apply(ports: SigningPorts, request: SignatureRequest, event: SigningEvent, now: number): Promise<SignatureRequest | null> {
  const next = decideSigning(request, event, now)
  if (next === null) return null
  await ports.signing.save(next)
  const entry = auditOf(next, event, null, now)
  if (entry !== null) await ports.audit.add(entry)
  return next
}

async function byNumber(ports: SigningPorts, id: number, event: SigningEvent, now: number): Promise<SignatureRequest | null> {
  const request = await ports.signing.find(id)
  return request === null ? null : apply(ports, request, event, now)
}

/** A person says that they sent the message. Null: it was said before, or the request is over. */
export const markSent = (ports: SigningPorts, id: number, by: string, now: number): Promise<SignatureRequest | null> =>
  byNumber(ports, id, { do: 'send', by }, now)

/** A person says that they sent a reminder. Null: nothing was sent yet, or the request is over. */
export const markReminded = (ports: SigningPorts, id: number, by: string, now: number): Promise<SignatureRequest | null> =>
  byNumber(ports, id, { do: 'remind', by }, now)

/** The page says that a guest has it open. Null: that is known, or the request is over. */
export const view = (ports: SigningPorts, request: SignatureRequest, now: number): Promise<SignatureRequest | null> =>
  apply(ports, request, { do: 'view' }, now)

export const decline = (
  ports: SigningPorts,
  request: SignatureRequest,
  reason: string | null,
  now: number,
): Promise<SignatureRequest | null> => apply(ports, request, { do: 'decline', reason }, now)

/** Who signs, as the server saw them, and the hash of the text that their page showed. */
export interface Signer {
  readonly address: string | null
  readonly userAgent: string
  readonly shownHash: string
}

export type SignResult =
  | { readonly kind: 'signed'; readonly request: SignatureRequest; readonly signature: Signature }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  /** The page showed another text than the one that would be signed. */
  | { readonly kind: 'other-document' }
  /** Over in the meantime. */
  | { readonly kind: 'closed' }

/** Signs the frozen text. Throws JadaError `document-changed` when the stored text is not the one that was frozen. */
export async function sign(ports: SigningPorts, request: SignatureRequest, form: Form, signer: Signer, now: number): Promise<SignResult> {
  const checked = checkForm(form)
  if (!checked.ok) return { kind: 'refused', problems: checked.problems }
  checkHash(request.id, request)
  if (signer.shownHash !== request.documentHash) return { kind: 'other-document' }
  const signed = await apply(ports, request, { do: 'sign' }, now)
  if (signed === null) return { kind: 'closed' }
  const signature: Signature = {
    requestId: request.id,
    document: request.document,
    documentHash: request.documentHash,
    consent: consentOf(checked.submission),
    ...checked.submission,
    at: now,
    address: signer.address,
    userAgent: signer.userAgent,
  }
  await ports.signing.addSignature(signature)
  return { kind: 'signed', request: signed, signature }
}

/** Writes down which requests ran out, and gives them. */
export async function expireRequests(ports: SigningPorts, now: number): Promise<SignatureRequest[]> {
  const expired: SignatureRequest[] = []
  for (const request of await ports.signing.overdue(now)) {
    const next = await apply(ports, request, { do: 'expire' }, now)
    if (next !== null) expired.push(next)
  }
  return expired
}

export interface OpenCharter {
  readonly charterId: string
  readonly startsAt: number
  readonly requests: readonly SignatureRequest[]
}

/** What is still unsigned, the next sailing first. */
export async function openRequests(ports: SigningPorts, now: number): Promise<OpenCharter[]> {
  const open = (await ports.signing.open()).filter((request) => !isOverdue(request, now))
  return [...Map.groupBy(open, ({ charterId }) => charterId)]
    .map(([charterId, requests]) => ({ charterId, startsAt: Math.min(...requests.map(({ startsAt }) => startsAt)), requests }))
    .toSorted((a, b) => a.startsAt - b.startsAt || a.charterId.localeCompare(b.charterId))
}
