import type { ModalView } from '@slack/types'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { AgentLimits } from '../services/agent/limits.ts'
import type { QuestionPorts } from '../services/answers/question.ts'
import type { Configured } from '../services/mcp/read-servers.ts'
import type { McpPorts } from '../services/mcp/ports.ts'
import type { Dispatch } from '../services/delivery/dispatch.ts'
import type { ConsentOutcome } from '../services/google/complete-consent.ts'
import type { HostPorts } from '../services/host/ports.ts'
import type { Incident } from '../services/incidents/incident.ts'
import type { OutboxStore } from '../services/messages/outbox.ts'
import type { SignatureRequest } from '../services/signing/request.ts'
import type { Business } from '../services/status/business.ts'
import type { HomePorts } from '../services/status/home-ports.ts'
import type { StatusPorts } from '../services/status/read-status.ts'
import type { InboxPorts } from '../services/work/inbox.ts'
import type { RunRecord, WorkPorts } from '../services/work/work.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { AccessRules } from './access.ts'
import type { MessageView } from './views/alert.ts'
import type { TaskKind } from './views/task-modal.ts'

export interface BotPorts extends StatusPorts, HostPorts, QuestionPorts, WorkPorts, InboxPorts, HomePorts, Omit<McpPorts, 'outbox'> {
  readonly outbox: OutboxStore<Dispatch>
}

/** What the agent's commands show and obey. */
export interface AgentSettings {
  /** The playbooks there are; what only a person can do is always a kind besides. */
  readonly kinds: readonly TaskKind[]
  /** The MCP servers of `mcp.json`, and which playbooks use them. */
  readonly mcp: Configured
  readonly limits: AgentLimits
  /** What answers in threads may cost a day, in millionths of a dollar. */
  readonly questionBudget: number
  /** False: no key for Claude is set, so no session can begin. */
  readonly hasKey: boolean
}

/** What Slack's commands, clicks and modals need. */
export interface BotDeps {
  readonly uow: UnitOfWork<BotPorts>
  readonly clock: Clock
  readonly log: Log
  readonly access: AccessRules
  readonly onDuty: string
  /** The zone of the people. */
  readonly zone: string
  readonly agent: AgentSettings
  /** Work or messages were added: look at once. */
  readonly wake: () => void
  /** Opens a modal for whoever the trigger id belongs to, within three seconds of their click or command. */
  readonly openModal: (triggerId: string, view: ModalView) => Promise<void>
  /** Waits a little for the first sync after the run `runId`; null: it has not ended yet. */
  readonly awaitSync: (runId: number) => Promise<RunRecord | null>
  /** The same for the first audit after the run `runId`. */
  readonly awaitAudit: (runId: number) => Promise<RunRecord | null>
  /** How things stand for the office. */
  readonly readBusiness: (now: number) => Promise<Business>
  /** A fresh way to consent for one operator, as the message to show only to them. */
  readonly beginReauth: (request: { operator: string; repin: boolean; incidentId: number | null }) => Promise<MessageView>
  /** A person's name as Slack shows it; null: Slack does not say. */
  readonly nameOf: (user: string) => Promise<string | null>
  /** A guest's page, for the operator who writes to them; null: there is no address to give. */
  readonly signAddress: (request: SignatureRequest) => string | null
  /** The end of a consent whose address an operator pasted. */
  readonly finishPasted: (operator: string, address: string) => Promise<ConsentOutcome>
  /** True when the card's button is a link, so that its click needs no answer. */
  readonly cardHasLink: (incident: Incident) => boolean
}
