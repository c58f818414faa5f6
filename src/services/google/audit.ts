import type { Actor, AuditSubject } from '../audit/audit.ts'
import type { Consent, ConsentPorts } from './connection.ts'

/** What a consent is about: the incident it was begun from, or the connection itself. */
export const subjectOf = ({ incidentId }: Pick<Consent, 'incidentId'>): AuditSubject =>
  incidentId === null ? 'google' : `incident:${incidentId}`

/** Who consents, as far as the bot can know. The link of a card is for everybody who sees the card, so it names nobody. */
export async function actorOf({ consents }: Pick<ConsentPorts, 'consents'>, { boundTo, ticketHash }: Consent): Promise<Actor> {
  if (boundTo.kind === 'user') return boundTo.value
  if (boundTo.kind === 'terminal') return 'terminal'
  const ticket = ticketHash === null ? null : await consents.findTicket(ticketHash)
  return ticket?.operator ?? 'link'
}
