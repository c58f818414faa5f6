import type { CrewDeps } from '../crew/crew-pages.ts'
import type { CrewPorts } from '../crew/ports.ts'
import type { CardStore } from '../messages/card.ts'
import type { Outbox } from '../messages/outbox.ts'
import type { SigningDeps } from '../signing/ask.ts'
import type { SigningPorts } from '../signing/ports.ts'
import type { TaskPorts } from '../tasks/ports.ts'
import type { OfficeDispatch } from './dispatch.ts'

export interface OfficePorts extends CrewPorts, SigningPorts, TaskPorts {
  readonly cards: CardStore
  readonly outbox: Outbox<OfficeDispatch>
}

/** What pages and requests are made with. There is none without a public address: nobody could open them. */
export interface Office {
  readonly crew: CrewDeps
  readonly signing: SigningDeps
}

/** The kinds of tasks that code does when nothing about them needs judgement. */
export const CREW_PAGE = 'crew-page'
export const E_SIGNATURE = 'e-signature'
