import type { AgentPorts } from '../agent/ports.ts'
import type { IncidentPorts } from '../incidents/ports.ts'
import type { DigestStore } from '../messages/drawn.ts'
import type { OutboxStore } from '../messages/outbox.ts'
import type { OfficePorts } from '../office/ports.ts'
import type { Dispatch } from './dispatch.ts'

/** What delivering needs of the store: the rows, the cards, and what the cards are about. */
export interface DeliveryPorts extends IncidentPorts, Omit<OfficePorts, 'outbox'>, Pick<AgentPorts, 'sessions' | 'requests'> {
  readonly outbox: OutboxStore<Dispatch>
  readonly digests: DigestStore
}
