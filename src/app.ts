import { createAgent, readAgentFiles } from './app/agent.ts'
import { asksClaude, createAnswers } from './app/answers.ts'
import { dailyBackup, newestBackup } from './app/backup.ts'
import { createBusinessReader } from './app/business.ts'
import { openCore, type Core, type Overrides } from './app/core.ts'
import { readColumns, readRunbook } from './app/config-files.ts'
import { createHost } from './app/host.ts'
import { createLoops, type Loops } from './app/jobs.ts'
import { createLastResort } from './app/last-resort.ts'
import { loopProblems } from './app/loop-health.ts'
import { metricsRoute } from './app/metrics.ts'
import { createOffice, type OfficeParts } from './app/office.ts'
import { noticeNewSettings } from './app/new-settings.ts'
import { createOverview } from './app/overview.ts'
import { createSlackEdge } from './app/slack-edge.ts'
import { createNotifier } from './bot/notifier.ts'
import { createCallbackRoute, createStartRoute, type ConsentRouteDeps } from './bot/routes/consent.ts'
import { createHealthRoute } from './bot/routes/health.ts'
import { createRunbookRoute, RUNBOOK_PATH } from './bot/routes/runbook.ts'
import { createHttpServer, type HttpServer } from './bot/routes/server.ts'
import { createTaskRoute, type TaskRouteDeps } from './bot/routes/tasks.ts'
import type { SlackApp } from './bot/slack-app.ts'
import { createSlackClients, type SlackClients } from './bot/slack-client.ts'
import { drainEvents } from './bot/events.ts'
import { BOT_USER } from './bot/incident-thread.ts'
import { pause } from './clock.ts'
import type { Config } from './config.ts'
import { describeError } from './errors.ts'
import { createCronTicker } from './jobs/cron.ts'
import { awaitDigest } from './jobs/digest.ts'
import type { Agent } from './services/agent/agent.ts'
import { createAlertLog } from './services/delivery/alert-log.ts'
import { createTopic } from './services/delivery/topic.ts'
import { sweepKeyFiles } from './services/host/key-files.ts'
import { syncSheet } from './services/sheets/sync.ts'
import { lockDataDir } from './store/sqlite.ts'

export interface App {
  readonly core: Core
  /** Resolves when the loops turn and the port is open; Slack is connected in the background and retried. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Resolves when nothing is being worked on: for tests that move the clock. */
  idle(): Promise<void>
  readonly loops: Loops
  /** Why the loops do not turn, in words; nothing when they do. Until each has looked once they count as looking since `since` (monotonic). */
  readonly health: (since: number) => readonly string[]
}

/** No lease has a living owner: the lock on the data folder says that this is the only process. */
async function startAgent({ uow, clock }: Core): Promise<void> {
  await uow.run(async ({ sessions, work }) => {
    await sessions.releaseAll()
    await work.ensure({ job: 'agent-poll', subject: '', dueAt: clock.now(), reason: 'cron', by: null })
  })
}

interface Served {
  readonly slack: SlackApp
  readonly loops: Loops
  readonly office: OfficeParts
  readonly runbook: ReadonlyMap<string, string>
}

function createServer(core: Core, { slack, loops, office, runbook }: Served, tasks: Pick<TaskRouteDeps, 'kinds' | 'wake'>): HttpServer {
  const { config, uow, clock, log, random, consent } = core
  const routeDeps: ConsentRouteDeps = {
    clock,
    log,
    random,
    redirectUri: consent.publicRedirectUri,
    checkTicket: (ticket, now) => consent.checkTicket(ticket, now),
    start: (request, now) => consent.start(request, now),
    complete: (callback, holds, now) => consent.complete(callback, holds, now),
  }
  return createHttpServer({
    log,
    port: config.http.port,
    host: config.http.host,
    slackEvents: slack.requestListener,
    routes: {
      '/healthz': createHealthRoute(() => loopProblems(loops.loop.lastLookAt(), clock.monotonic())),
      '/oauth/google/start': createStartRoute(routeDeps),
      '/oauth/google/callback': createCallbackRoute(routeDeps),
      [RUNBOOK_PATH]: createRunbookRoute(runbook),
      ...office.routes,
    },
    pages: office.pages,
    api: {
      '/metrics': metricsRoute(core, () => loops.loop.lastLookAt()),
      '/api/tasks': createTaskRoute({ uow, clock, log, token: config.apiToken, ...tasks }),
    },
  })
}

const SLACK_RETRY_MS = 30_000
const LAST_WORK_MS = 10_000

/** Slack may be down when the bot starts: the loops go on, and the connection is tried until it stands. */
async function connectSlack(core: Core, slack: SlackApp, clients: SlackClients, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      // Messages need the bot token, which the connection does not: a wrong one must be known before the first alert.
      const { user_id: botUser } = await clients.reads.auth.test()
      if (botUser !== undefined) await core.uow.run(({ settings }) => settings.set(BOT_USER, botUser))
      await slack.start()
      core.log.info('slack', core.config.slack.appToken === undefined ? 'listening on /slack/events' : 'connected over Socket Mode')
      return
    } catch (error) {
      core.log.error('slack', `cannot connect: ${describeError(error)}; trying again in ${SLACK_RETRY_MS / 1000} s`)
    }
    await pause(core.clock, SLACK_RETRY_MS, stopping)
  }
}

/** Joins all parts. Nothing runs, and nothing outside is touched but the database, before `start`. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const columns = readColumns(config.configDir)
  const runbook = readRunbook()
  const files = readAgentFiles(config)
  const wake = (): void => {
    loops.loop.wake()
  }
  const core = await openCore(config, overrides, wake, (error) => void lastResort(null, error))
  const { clock, log, uow, google } = core
  const clients = createSlackClients(config, log)
  const alertLog = createAlertLog(config.alertLog)
  const topic = config.sns === undefined ? null : createTopic(config.sns)
  const { opsChannel, onDuty } = config.slack
  const lastResort = createLastResort({ clock, log, clients, alertLog, topic, opsChannel, dataDir: config.dataDir })
  const runbookAddress = config.http.publicUrl === undefined ? null : `${config.http.publicUrl}${RUNBOOK_PATH}`
  const linksFor = (incidentId: number) => ({ reauthorize: core.consent.incidentLink(incidentId), runbook: runbookAddress })
  const syncDeps = { uow, api: google.api, accessToken: core.accessToken, columns, tabPattern: config.sheet.tab }
  const office = createOffice(core, columns, wake)
  const readBusiness = createBusinessReader(core, office.sailing)
  const agent = await createAgent(core, files, { columns, office: office.office })
  const loops: Loops = createLoops({
    config,
    uow,
    clock,
    log,
    alertLog,
    ticker: overrides.ticker ?? createCronTicker(log),
    notifier: createNotifier({ clients, clock, opsChannel, onDuty, linksFor, readBusiness, pageAddress: office.pageAddress }),
    sync: (now, signal) => syncSheet(syncDeps, now, signal),
    rules: office.rules,
    agent,
    host: createHost(config, clock, overrides.collector),
    answers: createAnswers(core, files, { model: agent?.model ?? null, runbook, runbookAddress }),
    backUp: (now) => dailyBackup(config, now),
    newestBackupAt: () => newestBackup(config),
    topic,
    drainEvents: () =>
      drainEvents({
        uow,
        clock,
        log,
        operators: config.slack.operators,
        onDuty,
        zone: config.zone,
        runbook,
        runbookAddress,
        sailing: office.sailing,
        asksClaude: asksClaude(config),
        wake,
      }),
    overview: createOverview(core, clients, office.sailing, overrides.lastWill !== false),
    cannotStore: lastResort,
  })
  const health = (since: number): readonly string[] => loopProblems(loops.loop.lastLookAt() ?? since, clock.monotonic())
  const { signAddress, sailing } = office
  const slack = createSlackEdge({ core, clients, kinds: files.playbooks, mcp: files, signAddress, sailing, wake })
  const server = createServer(core, { slack, loops, office, runbook }, { kinds: files.playbooks, wake })
  return { core, loops, health, ...createLifecycle({ core, loops, slack, clients, server, agent }) }
}

interface Parts {
  readonly core: Core
  readonly loops: Loops
  readonly slack: SlackApp
  readonly clients: SlackClients
  readonly server: HttpServer
  readonly agent: Agent | null
}

function createLifecycle({ core, loops, slack, clients, server, agent }: Parts): Pick<App, 'start' | 'stop' | 'idle'> {
  const { log, uow, clock, config } = core
  const stopping = new AbortController()
  let lock: { release(): void } | null = null
  const idle = async (): Promise<void> => {
    await slack.idle()
    await loops.runner.idle()
    await loops.loop.idle()
  }
  return {
    idle,
    start: async () => {
      lock = lockDataDir(config.dataDir)
      const interrupted = await uow.run(({ jobs }) => jobs.recover(clock.now()))
      if (interrupted > 0) log.info('loop', `${interrupted} interrupted ${interrupted === 1 ? 'run is' : 'runs are'} done again`)
      const keys = await sweepKeyFiles(config.host.runDir)
      if (keys > 0) log.warn('host', `removed the key files of ${keys} broken-off ${keys === 1 ? 'connection' : 'connections'}`)
      await noticeNewSettings(core)
      await startAgent(core)
      await uow.run((ports) => awaitDigest(ports, config.zone, clock.now()))
      const port = await server.start()
      log.info('http', `listening on ${config.http.host}:${port}`)
      loops.scheduler.start()
      await loops.scheduler.catchUp()
      loops.loop.start()
      void connectSlack(core, slack, clients, stopping.signal)
    },
    stop: async () => {
      stopping.abort()
      loops.scheduler.stop()
      loops.loop.stop()
      loops.runner.stop()
      await slack.stop().catch(() => undefined)
      await server.stop()
      // An answer that waits for something slow is not worth delaying a restart.
      await Promise.race([idle(), pause(clock, LAST_WORK_MS)])
      // No child is left behind; a call that was cut by this is asked about after the next start.
      await agent?.attachments?.stop()
      await Promise.race([loops.lastWill?.withdraw(), pause(clock, LAST_WORK_MS)]).catch(() => undefined)
      await core.database.close()
      lock?.release()
    },
  }
}
