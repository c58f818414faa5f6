import { makeLink, resealLink, type LinkDeps, type LinkOwner } from '../links/link.ts'
import type { Charter, Field } from '../sheets/charter.ts'
import { auditOf, requestedEntry } from './audit.ts'
import { documentHash, fillAgreement, type Agreement } from './agreement.ts'
import { decideSigning } from './decide.ts'
import { readGuests, type GuestList } from './guests.ts'
import type { SigningPorts } from './ports.ts'
import { detailsOf, expiryOf, guestKey, isLive, isOverdue, isSameTrip, type SignatureRequest, type WithdrawnWhy } from './request.ts'

export interface SigningDeps extends LinkDeps {
  readonly agreement: Agreement
  /** What `sheet.yml` calls private. */
  readonly privateFields: ReadonlySet<Field>
}

export interface Asking {
  readonly charter: Charter
  /** A Slack user id; null: the bot by itself. */
  readonly by: string | null
  /** Guests to be asked once more although they declined, or signed for other details. */
  readonly again?: readonly string[]
}

/** How a charter's agreements stand after asking. */
export interface Asked {
  readonly kind: 'asked'
  readonly guests: GuestList
  readonly made: readonly SignatureRequest[]
  /** Live ones that are as they were. */
  readonly kept: readonly SignatureRequest[]
  readonly withdrawn: readonly SignatureRequest[]
  readonly signed: readonly SignatureRequest[]
  /** Signed for a date, times or a vessel that are not the charter's any more; a person decides whether to ask again. */
  readonly signedForOldDetails: readonly SignatureRequest[]
  readonly declined: readonly SignatureRequest[]
}

export type AskResult =
  | Asked
  /** The boat is out. Nothing was made or changed. */
  | { readonly kind: 'too-late' }

/** The store's number is not known yet when the link is made. */
export const ownerOf = ({ charterId, guest }: Pick<SignatureRequest, 'charterId' | 'guest'>): LinkOwner => ({
  kind: 'sign',
  subject: JSON.stringify([charterId, guest]),
})

async function make(ports: SigningPorts, deps: SigningDeps, { charter, by }: Asking, guest: string, now: number) {
  const { hash, sealed } = makeLink(deps, ownerOf({ charterId: charter.id, guest }))
  const document = fillAgreement(deps.agreement, charter, guest, deps.privateFields)
  const made = await ports.signing.add({
    charterId: charter.id,
    guest,
    state: 'requested',
    version: 1,
    link: { hash, sealed },
    details: detailsOf(charter),
    startsAt: charter.startsAt,
    expiresAt: expiryOf(charter),
    document,
    documentHash: documentHash(document),
    requestedAt: now,
    requestedBy: by,
    sentAt: null,
    sentBy: null,
    reminders: [],
    viewedAt: null,
    endedAt: null,
    declineReason: null,
    withdrawnWhy: null,
  })
  await ports.audit.add(requestedEntry(made, now))
  return made
}

/** `by` null: a rule takes it back. */
async function withdraw(ports: SigningPorts, request: SignatureRequest, why: WithdrawnWhy, by: string | null, now: number) {
  const event = isOverdue(request, now) ? ({ do: 'expire' } as const) : ({ do: 'withdraw', why } as const)
  const withdrawn = decideSigning(request, event, now)
  if (withdrawn === null) return []
  await ports.signing.save(withdrawn)
  const entry = auditOf(withdrawn, event, by, now)
  if (entry !== null) await ports.audit.add(entry)
  return withdrawn.state === 'withdrawn' ? [withdrawn] : []
}

/** As it was; its link sealed with the newest key. */
async function keep(ports: SigningPorts, deps: SigningDeps, request: SignatureRequest): Promise<SignatureRequest> {
  const link = resealLink(deps.box, ownerOf(request), request.link)
  if (link === null) return request
  await ports.signing.saveLink(request.id, link)
  return { ...request, link }
}

/** Each guest's newest request. */
function newestOf(requests: readonly SignatureRequest[]): Map<string, SignatureRequest> {
  const newest = new Map<string, SignatureRequest>()
  for (const request of requests) if (!newest.has(guestKey(request.guest))) newest.set(guestKey(request.guest), request)
  return newest
}

/**
 * Makes a request for each guest that the sheet names and that has none, and takes back those that are unsigned and not right any more. Called
 * again it changes nothing. In the caller's transaction.
 */
export async function requestSignatures(ports: SigningPorts, deps: SigningDeps, asking: Asking, now: number): Promise<AskResult> {
  const { charter } = asking
  if (now >= expiryOf(charter)) return { kind: 'too-late' }
  const guests = readGuests(charter.guestNames, charter.guests)
  const newest = newestOf(await ports.signing.ofCharter(charter.id))
  const again = new Set((asking.again ?? []).map(guestKey))
  const done = {
    made: [] as SignatureRequest[],
    kept: [] as SignatureRequest[],
    withdrawn: [] as SignatureRequest[],
    signed: [] as SignatureRequest[],
    signedForOldDetails: [] as SignatureRequest[],
    declined: [] as SignatureRequest[],
  }
  const isStill = (request: SignatureRequest): boolean =>
    isSameTrip(request.details, charter) && request.startsAt === charter.startsAt && !isOverdue(request, now)
  for (const guest of guests.names) {
    const last = newest.get(guestKey(guest))
    if (last !== undefined && isLive(last) && isStill(last)) done.kept.push(await keep(ports, deps, last))
    else if (last?.state === 'signed' && isStill(last)) done.signed.push(last)
    else if (last?.state === 'signed' && !again.has(guestKey(guest))) done.signedForOldDetails.push(last)
    else if (last?.state === 'declined' && !again.has(guestKey(guest))) done.declined.push(last)
    else {
      if (last !== undefined && isLive(last)) done.withdrawn.push(...(await withdraw(ports, last, 'changed', asking.by, now)))
      done.made.push(await make(ports, deps, asking, guest, now))
    }
  }
  // A cell that was emptied by mistake takes nobody's link away.
  const named = new Set(guests.names.map(guestKey))
  for (const [key, last] of newest)
    if (isLive(last) && !named.has(key) && named.size > 0)
      done.withdrawn.push(...(await withdraw(ports, last, 'not-named', asking.by, now)))
  return { kind: 'asked', guests, ...done }
}

/** Takes back all that is unsigned: the charter was cancelled, or is gone from the sheet. */
export async function withdrawRequests(ports: SigningPorts, charterId: string, now: number): Promise<SignatureRequest[]> {
  const live = (await ports.signing.ofCharter(charterId)).filter(isLive)
  const withdrawn: SignatureRequest[] = []
  for (const request of live) withdrawn.push(...(await withdraw(ports, request, 'cancelled', null, now)))
  return withdrawn
}
