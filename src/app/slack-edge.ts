import { listenToActions } from '../bot/actions.ts'
import { listenToAgentActions } from '../bot/agent-actions.ts'
import { listenToHome } from '../bot/home.ts'
import { listenToGuestActions } from '../bot/guest-actions.ts'
import { listenToCommands } from '../bot/commands/listen.ts'
import type { AgentSettings, BotDeps } from '../bot/deps.ts'
import { keepEvent } from '../bot/events.ts'
import { listenToTaskModal } from '../bot/make-task.ts'
import { listenToPaste } from '../bot/paste.ts'
import { createSlackApp, type SlackApp } from '../bot/slack-app.ts'
import type { SlackClients } from '../bot/slack-client.ts'
import { pause } from '../clock.ts'
import { AUDIT_JOB, SYNC_JOB, type JobName, type RunRecord } from '../services/work/work.ts'
import { readBusiness, type SailingDeps } from '../services/status/sailings.ts'
import type { Core } from './core.ts'

const LOOKS = 100
const BETWEEN_LOOKS_MS = 250

/** Waits for the job's first end after the run `runId`, up to 25 s: as long as somebody looks at a screen. */
async function awaitRun({ uow, clock }: Core, job: JobName, runId: number): Promise<RunRecord | null> {
  for (let look = 0; look < LOOKS; look += 1) {
    const run = await uow.run(({ runs }) => runs.finishedAfter(job, runId))
    if (run !== null) return run
    await pause(clock, BETWEEN_LOOKS_MS)
  }
  return null
}

/** A name is worth one question, and not worth failing for. */
async function displayName({ reads }: SlackClients, user: string): Promise<string | null> {
  try {
    const { user: found } = await reads.users.info({ user })
    return found?.profile?.display_name || found?.real_name || found?.name || null
  } catch {
    return null
  }
}

export interface EdgeParts {
  readonly core: Core
  readonly clients: SlackClients
  /** The playbooks there are, and the servers whose tools they name. */
  readonly kinds: AgentSettings['kinds']
  readonly mcp: AgentSettings['mcp']
  readonly signAddress: BotDeps['signAddress']
  readonly sailing: SailingDeps
  readonly wake: () => void
}

/** Slack's commands, clicks, modals and events, joined to the services. */
export function createSlackEdge({ core, clients, kinds, mcp, signAddress, sailing, wake }: EdgeParts): SlackApp {
  const { config, uow, clock, log, consent } = core
  const { operators, opsChannel, onDuty } = config.slack
  const deps: BotDeps = {
    uow,
    clock,
    log,
    access: { operators, opsChannel },
    onDuty,
    zone: config.zone,
    agent: {
      kinds,
      mcp,
      limits: config.agent.limits,
      questionBudget: config.agent.questionBudget,
      hasKey: config.agent.apiKey !== undefined,
    },
    wake,
    openModal: async (triggerId, view) => {
      await clients.reads.views.open({ trigger_id: triggerId, view })
    },
    nameOf: (user) => displayName(clients, user),
    awaitSync: (runId) => awaitRun(core, SYNC_JOB, runId),
    awaitAudit: (runId) => awaitRun(core, AUDIT_JOB, runId),
    signAddress,
    readBusiness: (now) => readBusiness(uow, sailing, now),
    beginReauth: (request) => consent.begin(request),
    finishPasted: (operator, address) => consent.finishPasted({ kind: 'user', value: operator }, address),
    cardHasLink: ({ id, kind }) => (kind === 'oauth_token_failure' || kind === 'oauth_token_expiring') && consent.incidentLink(id) !== null,
  }
  return createSlackApp({
    config,
    log,
    receive: async (event) => {
      if (await uow.run((ports) => keepEvent(ports, event, operators, clock.now()))) wake()
    },
    register: (app) => {
      listenToCommands(app, deps)
      listenToActions(app, deps)
      listenToAgentActions(app, deps)
      listenToGuestActions(app, deps)
      listenToTaskModal(app, deps)
      listenToHome(app, deps)
      listenToPaste(app, deps, clients.reads)
    },
  })
}
