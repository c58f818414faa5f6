import { createClicks } from './clicks.ts'
import { createDispatcher } from './dispatch.ts'
import { createEvents } from './events.ts'
import { createFaults } from './faults.ts'
import type { Context } from './methods/context.ts'
import { postDue } from './methods/schedule.ts'
import { createModals } from './modals.ts'
import { createPeople } from './people.ts'
import { createResponseUrls } from './response-urls.ts'
import { createHttpServer } from './server.ts'
import { readSettings } from './settings.ts'
import { createShortcuts } from './shortcuts.ts'
import { createSockets } from './sockets.ts'
import { createTriggers } from './triggers.ts'
import type { ApiCall, EventOptions, Fields, Slack, SlackChange, SlackFault, SlackOptions } from './types.ts'
import { createWebApi } from './web-api.ts'
import { createWorkspace } from './workspace.ts'

export type * from './types.ts'

const SETTLE_MS = 1000

/** The parts, joined; `createSlack` puts the interface on top of them. */
function assemble(options: SlackOptions) {
  const settings = readSettings(options)
  const workspace = createWorkspace(settings)
  const sockets = createSockets(settings.bot.appId, settings.ackTimeoutMs, (connected) => workspace.emit({ type: 'socket', connected }))
  const dispatcher = createDispatcher(sockets, settings, options.eventsUrl)
  const events = createEvents(workspace, dispatcher)
  const triggers = createTriggers()
  const responseUrls = createResponseUrls(workspace, events)
  const address = { port: 0 }
  const context: Context = {
    workspace,
    events,
    triggers,
    sockets,
    socketBase: () => `ws://127.0.0.1:${address.port}`,
  }
  const faults = createFaults()
  const calls: ApiCall[] = []
  const webApi = createWebApi(context)
  const settle = () => postDue(workspace, events)
  const http = createHttpServer({
    faults,
    calls,
    scopes: settings.scopes,
    now: settings.now,
    settle,
    api: (method, request) => webApi.call(method, request),
    responseUrl: (id, body) => responseUrls.post(id, body),
  })
  sockets.attach(http.server)
  const hands = { workspace, dispatcher, events, triggers, responseUrls }
  return {
    settings,
    workspace,
    sockets,
    dispatcher,
    events,
    responseUrls,
    address,
    faults,
    calls,
    webApi,
    settle,
    http,
    hands,
  }
}

type Parts = ReturnType<typeof assemble>

/** Starting and stopping. */
function createLifecycle(parts: Parts): Pick<Slack, 'start' | 'stop'> {
  const { settings, responseUrls, address, settle, http, sockets } = parts
  let ticking: NodeJS.Timeout | undefined
  return {
    async start() {
      address.port = await http.listen(settings.port)
      const base = `http://127.0.0.1:${address.port}`
      responseUrls.setBase(base)
      // Somebody who only watches must see a scheduled message appear as well.
      ticking = setInterval(settle, SETTLE_MS).unref()
      return { apiUrl: `${base}/api/` }
    },
    async stop() {
      clearInterval(ticking)
      sockets.close()
      await http.close()
    },
  }
}

/** What people see. Reading it posts what has become due. */
function createWindow({ workspace, settings, calls, settle }: Parts) {
  return {
    messages(channel: string) {
      settle()
      return structuredClone(workspace.messages.top(channel))
    },
    thread(channel: string, ts: string) {
      settle()
      return structuredClone(workspace.messages.thread(channel, ts))
    },
    get scheduled() {
      settle()
      return workspace.scheduled
    },
    ephemerals: workspace.ephemerals,
    modals: workspace.modals,
    homes: workspace.homes,
    calls,
    users: settings.users,
    channels: settings.channels,
    bot: settings.bot,
    shortcuts: settings.shortcuts,
    appHome: settings.appHome,
    on: (listener: (event: SlackChange) => void) => workspace.on(listener),
  }
}

/** A stand-in for Slack: one workspace with one installed app, over real HTTP and WebSockets on the loopback. */
export function createSlack(options: SlackOptions): Slack {
  const parts = assemble(options)
  const { dispatcher, events, faults, webApi, sockets, hands } = parts
  return Object.assign(createWindow(parts), {
    ...createLifecycle(parts),
    ...createPeople(hands),
    ...createClicks(hands),
    ...createShortcuts(hands),
    ...createModals(hands),
    setEventsUrl: (url: string) => dispatcher.setEventsUrl(url),
    event: (event: Fields, more?: EventOptions) => events.raw(event, more),
    fault: (fault: SlackFault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    revokeToken: () => webApi.revoke(true),
    restoreToken: () => webApi.revoke(false),
    socket: sockets,
  })
}
