import { timingSafeEqual } from 'node:crypto'
import { randomToken, type Random } from '../../random.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import { subjectOf } from './audit.ts'
import { CONNECTION, type ConsentMode, type ConsentPorts } from './connection.ts'
import { tokenHash } from './hash.ts'
import type { SealedBox } from '../../sealed-box.ts'

/**
 * The `ticket` of a start link. An incident's is signed and names only the incident: it may stand in a card for weeks, is good
 * while the incident is open, and gives no right but to begin; the pinned account decides the rest. An operator's is
 * random, stored hashed, ends after ten minutes and is spent by success: it may begin a first connection or a re-pinning.
 */
export const TICKET_LIFETIME_MS = 10 * 60_000

export interface TicketDeps {
  readonly uow: UnitOfWork<ConsentPorts>
  readonly box: SealedBox
  readonly random: Random
}

const signed = (incidentId: number): string => `ticket:incident:${incidentId}`

export function incidentTicket(box: SealedBox, incidentId: number): string {
  return `i${incidentId}.${box.signatures(signed(incidentId))[0] ?? ''}`
}

const sameText = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

function incidentOf(box: SealedBox, ticket: string): number | null {
  const [, id, signature] = /^i(\d{1,15})\.([\w-]{43})$/.exec(ticket) ?? []
  if (id === undefined || signature === undefined) return null
  return box.signatures(signed(Number(id))).some((valid) => sameText(valid, signature)) ? Number(id) : null
}

/** A fresh ticket for one operator. */
export async function operatorTicket(
  deps: TicketDeps,
  request: { mode: ConsentMode; operator: string; incidentId: number | null },
  now: number,
): Promise<string> {
  const ticket = randomToken(deps.random)
  const row = { ...request, hash: tokenHash(ticket), expiresAt: now + TICKET_LIFETIME_MS, spentAt: null }
  const { operator, mode } = request
  await deps.uow.run(async ({ consents, audit }) => {
    await consents.insertTicket(row)
    await audit.add({ at: now, actor: operator, act: 'reauth.start', subject: subjectOf(request), details: { mode } })
  })
  return ticket
}

export type TicketRight =
  | { readonly kind: 'granted'; readonly mode: ConsentMode; readonly incidentId: number | null; readonly ticketHash: string | null }
  | { readonly kind: 'refused'; readonly why: 'unknown' | 'expired' | 'spent' | 'incident-closed' | 'not-connected' }

/** What a ticket allows now. `isOpen` tells whether an incident still is. */
export async function checkTicket(
  deps: TicketDeps,
  ticket: string,
  isOpen: (incidentId: number) => Promise<boolean>,
  now: number,
): Promise<TicketRight> {
  const incidentId = incidentOf(deps.box, ticket)
  if (incidentId !== null) {
    if (!(await isOpen(incidentId))) return { kind: 'refused', why: 'incident-closed' }
    const connection = await deps.uow.run(({ connections }) => connections.read(CONNECTION))
    if (connection === null) return { kind: 'refused', why: 'not-connected' }
    return { kind: 'granted', mode: 'renew', incidentId, ticketHash: null }
  }
  const found = await deps.uow.run(({ consents }) => consents.findTicket(tokenHash(ticket)))
  if (found === null) return { kind: 'refused', why: 'unknown' }
  if (found.spentAt !== null) return { kind: 'refused', why: 'spent' }
  if (found.expiresAt <= now) return { kind: 'refused', why: 'expired' }
  return { kind: 'granted', mode: found.mode, incidentId: found.incidentId, ticketHash: found.hash }
}
