import type { UnitOfWork } from '../unit-of-work.ts'
import type { AgentPorts, CharterReader } from '../services/agent/ports.ts'
import type { QuestionPorts } from '../services/answers/question.ts'
import type { AuditPorts } from '../services/audit/audit.ts'
import type { CrewPorts } from '../services/crew/ports.ts'
import type { ConsentPorts } from '../services/google/connection.ts'
import type { DeliveryPorts } from '../services/delivery/ports.ts'
import type { Dispatch } from '../services/delivery/dispatch.ts'
import type { HostPorts } from '../services/host/ports.ts'
import type { McpPorts } from '../services/mcp/ports.ts'
import type { OutboxStore } from '../services/messages/outbox.ts'
import type { SigningPorts } from '../services/signing/ports.ts'
import type { HistoryPorts } from '../services/status/history-ports.ts'
import type { HomePorts } from '../services/status/home-ports.ts'
import type { SyncAgeStore } from '../services/status/sync-age.ts'
import type { SheetPorts, SyncStateStore } from '../services/sheets/ports.ts'
import type { Housekeeping, InboxPorts, Settings } from '../services/work/inbox.ts'
import type { JobPorts } from '../services/work/work.ts'
import { createAuditTrail } from './audit.ts'
import { createCardStore } from './cards.ts'
import { createCharterReader } from './charter-reader.ts'
import { createCharterStore } from './charters.ts'
import { createConnectionStore } from './connections.ts'
import { createConsentStore } from './consents.ts'
import { createCrewPageStore } from './crew-pages.ts'
import { createDigestStore } from './digests.ts'
import { createHistoryStore } from './history.ts'
import { createHomeStore } from './homes.ts'
import { createHostStore } from './host.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createInbox, createSettings } from './inbox.ts'
import { createIncidentStore } from './incidents.ts'
import { createMcpStore } from './mcp.ts'
import { createOutboxStore } from './outbox.ts'
import { createQuestionStore } from './questions.ts'
import { createRequestStore } from './requests.ts'
import { createSessionStore } from './sessions.ts'
import { createSigningStore } from './signing.ts'
import { createSpendStore } from './spend.ts'
import type { Db } from './sqlite.ts'
import { createSyncAgeStore } from './sync-age.ts'
import { createSyncStateStore } from './sync-state.ts'
import { createTaskStore } from './tasks.ts'
import { createJobStore, createRunHistory, createWakeStore, createWork } from './work.ts'

/** Every port over one transaction. Services ask for the few they need. */
export interface AllPorts
  extends
    ConsentPorts,
    SheetPorts,
    DeliveryPorts,
    AgentPorts,
    HostPorts,
    QuestionPorts,
    McpPorts,
    CrewPorts,
    SigningPorts,
    JobPorts,
    InboxPorts,
    HomePorts,
    AuditPorts,
    HistoryPorts {
  readonly outbox: OutboxStore<Dispatch>
  readonly syncState: SyncStateStore
  readonly syncAge: SyncAgeStore
  readonly charterReader: CharterReader
  readonly settings: Settings
  readonly housekeeping: Housekeeping
}

function createPorts(db: Db, topic: boolean): AllPorts {
  const work = createWork(db)
  return {
    audit: createAuditTrail(db),
    connections: createConnectionStore(db),
    consents: createConsentStore(db),
    charters: createCharterStore(db),
    syncState: createSyncStateStore(db),
    syncAge: createSyncAgeStore(db),
    incidents: createIncidentStore(db),
    outbox: createOutboxStore(db, topic),
    cards: createCardStore(db),
    wakes: createWakeStore(work),
    work,
    runs: createRunHistory(db),
    jobs: createJobStore(db),
    inbox: createInbox(db),
    settings: createSettings(db),
    housekeeping: createHousekeeping(db),
    tasks: createTaskStore(db),
    sessions: createSessionStore(db),
    requests: createRequestStore(db),
    questions: createQuestionStore(db),
    spend: createSpendStore(db),
    charterReader: createCharterReader(db),
    mcp: createMcpStore(db),
    host: createHostStore(db),
    crewPages: createCrewPageStore(db),
    signing: createSigningStore(db),
    homes: createHomeStore(db),
    history: createHistoryStore(db),
    digests: createDigestStore(db),
  }
}

// SQLite's primary result codes for a database that cannot be written: READONLY, IOERR, CORRUPT, FULL, CANTOPEN.
const UNWRITABLE = new Set([8, 10, 11, 13, 14])

function isUnwritable(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' && UNWRITABLE.has(code & 0xff)
}

/**
 * One transaction a call. There is one connection: never open a second unit inside, it would wait for the first.
 * `unwritable` hears of it when the disk is full or broken; the error is thrown all the same. `topic`: alert lines also go to SNS.
 */
export function createUnitOfWork(db: Db, unwritable: (error: unknown) => void = () => undefined, topic = false): UnitOfWork<AllPorts> {
  return {
    run: async (body) => {
      try {
        return await db.transaction().execute((transaction) => body(createPorts(transaction, topic)))
      } catch (error) {
        if (isUnwritable(error)) unwritable(error)
        throw error
      }
    },
  }
}
