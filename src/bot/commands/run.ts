import type { AuditAct } from '../../services/audit/audit.ts'
import { readStatus } from '../../services/status/read-status.ts'
import { SYNC_JOB } from '../../services/work/work.ts'
import type { BotDeps, BotPorts } from '../deps.ts'
import type { MessageView } from '../views/alert.ts'
import { diffView, helpView, incidentsView, incidentView, plainView, syncResultView } from '../views/answers.ts'
import { statusView } from '../views/status.ts'
import { escape } from '../views/text.ts'
import { beginAgentCommand } from './agent.ts'
import { health, healthNow } from './health.ts'
import { incidentExport } from './incident-export.ts'
import { NOTHING, now, type Answer, type Asked } from './answer.ts'
import type { Command } from './parse.ts'

/** What a command does about the sync. */
type SyncAct = Extract<AuditAct, `sync.${string}`>

/** Commits what a command wants of the sync, once, and asks for a run. Null: this very command was handled before. */
async function demandSync<T>(
  deps: BotDeps,
  asked: Asked,
  act: SyncAct,
  before: (ports: BotPorts, at: number) => Promise<T | null>,
): Promise<{ lastRun: number; result: T | null } | null> {
  const at = deps.clock.now()
  const demanded = await deps.uow.run(async (ports) => {
    if (!(await ports.inbox.claimAct(asked.triggerId, at))) return null
    const lastRun = (await ports.runs.lastRun(SYNC_JOB))?.id ?? 0
    const result = await before(ports, at)
    if (result !== null) {
      await ports.work.demand({ job: SYNC_JOB, subject: '', dueAt: at, reason: 'operator', by: asked.user })
      await ports.audit.add({ at, actor: asked.user, act, subject: 'port-sheet' })
    }
    return { lastRun, result }
  })
  deps.wake()
  return demanded
}

async function syncNow(deps: BotDeps, asked: Asked): Promise<Answer> {
  const demanded = await demandSync(deps, asked, 'sync.now', () => Promise.resolve(true))
  if (demanded === null) return NOTHING
  return { first: plainView('Syncing the port sheet.'), later: async () => syncResultView(await deps.awaitSync(demanded.lastRun)) }
}

async function approveAll({ charters }: BotPorts, by: string, at: number): Promise<number | null> {
  const waiting = (await charters.holds()).filter((hold) => hold.approvedBy === null)
  for (const hold of waiting) await charters.approveHold(hold.tab, hold.contentHash, by, at)
  return waiting.length === 0 ? null : waiting.length
}

async function syncApply(deps: BotDeps, asked: Asked): Promise<Answer> {
  const demanded = await demandSync(deps, asked, 'sync.apply', (ports, at) => approveAll(ports, asked.user, at))
  if (demanded === null) return NOTHING
  if (demanded.result === null) return now(plainView('Nothing is held. `/jada sync diff` shows the last change.'))
  return { first: plainView('Confirmed. Applying it now.'), later: async () => syncResultView(await deps.awaitSync(demanded.lastRun)) }
}

async function reauth(deps: BotDeps, asked: Asked, repin: boolean): Promise<Answer> {
  const open = await deps.uow.run(({ incidents }) => incidents.open())
  const incident = open.find(
    ({ kind }) => kind === 'oauth_token_failure' || kind === 'google_not_connected' || kind === 'oauth_token_expiring',
  )
  return now(await deps.beginReauth({ operator: asked.user, repin, incidentId: incident?.id ?? null }))
}

async function incident(deps: BotDeps, id: number): Promise<MessageView> {
  return deps.uow.run(async ({ incidents }) => {
    const found = await incidents.find(id)
    if (found === null) return plainView(`There is no incident ${id}. \`/jada incidents\` lists them.`)
    return incidentView(found, await incidents.timeline(id), deps.onDuty, deps.clock.now())
  })
}

async function status(deps: BotDeps): Promise<MessageView> {
  const at = deps.clock.now()
  return statusView(await readStatus(deps.uow, at), await deps.readBusiness(at))
}

function unknown(typed: string, suggestion: string | null): MessageView {
  const hint = suggestion === null ? '' : ` Did you mean \`/jada ${suggestion}\`?`
  return plainView(`I do not know "${escape(typed)}".${hint} \`/jada help\` lists what I know.`)
}

/**
 * Begins a command: what it changes is committed when this resolves, so that the command may be acknowledged. Reading
 * commands do their work in `later`, after the acknowledgement.
 */
export async function beginCommand(deps: BotDeps, command: Command, asked: Asked): Promise<Answer> {
  switch (command.name) {
    case 'sync-now':
      return syncNow(deps, asked)
    case 'sync-apply':
      return syncApply(deps, asked)
    case 'reauth':
      return reauth(deps, asked, command.repin)
    case 'status':
      return { first: null, later: () => status(deps) }
    case 'health':
      return health(deps)
    case 'health-now':
      return healthNow(deps, asked)
    case 'sync-diff':
      return {
        first: null,
        later: () => deps.uow.run(async ({ charters }) => diffView(await charters.holds(), await charters.lastChanges(), deps.clock.now())),
      }
    case 'incidents':
      return { first: null, later: () => deps.uow.run(async ({ incidents }) => incidentsView(await incidents.list(15), deps.clock.now())) }
    case 'incident':
      return { first: null, later: () => incident(deps, command.id) }
    case 'incident-export':
      return { first: null, later: () => incidentExport(deps, command.id) }
    case 'help':
      return now(helpView())
    case 'quota':
    case 'tasks':
    case 'task':
    case 'task-act':
    case 'task-add':
    case 'sessions':
    case 'pause-agent':
    case 'pause-how':
    case 'resume':
    case 'mcp':
    case 'mcp-accept':
      return beginAgentCommand(deps, command, asked)
    case 'later':
      return now(plainView(`\`/jada ${escape(command.word)}\` is not set up in this version.`))
    case 'unknown':
      return now(unknown(command.typed, command.suggestion))
  }
}
