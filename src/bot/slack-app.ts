import { App, HTTPReceiver, SocketModeReceiver, type ReceiverEvent } from '@slack/bolt'
import type { RequestListener } from 'node:http'
import type { Config } from '../config.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ReceivedEvent } from '../services/work/inbox.ts'
import { isWanted } from './events.ts'
import { createSlackLogger } from './slack-client.ts'

export interface SlackAppDeps {
  readonly config: Config
  readonly log: Log
  readonly register: (app: App) => void
  /** Keeps an event durably; it is acknowledged when this resolves. */
  readonly receive: (event: ReceivedEvent) => Promise<void>
}

export interface SlackApp {
  /** For `/slack/events` on our own server; null in Socket Mode. */
  readonly requestListener: RequestListener | null
  /** Connects the socket; in HTTP mode there is nothing to connect. Rejects when Slack refuses the app token. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Resolves when no command, click or event is being worked on. */
  idle(): Promise<void>
}

type EventBody = Readonly<Record<string, unknown>> & { readonly event?: Readonly<Record<string, unknown>> }

/** The event of an Events API delivery, with the id that is the same at each of Slack's retries. */
function toReceived(body: EventBody): ReceivedEvent | null {
  const { event_id: id, event } = body
  if (typeof id !== 'string' || event === undefined) return null
  return { id, type: typeof event['type'] === 'string' ? event['type'] : 'unknown', event }
}

function createReceiver(config: Config, log: Log): SocketModeReceiver | HTTPReceiver {
  const logger = createSlackLogger(log)
  const { appToken, signingSecret, apiUrl } = config.slack
  if (appToken !== undefined) {
    // The receiver writes its retry settings into these options, so they are its own. Given as `clientOptions` they would
    // be ignored, and the client would talk to slack.com.
    const clientOptions = { slackApiUrl: apiUrl, timeout: 15_000 }
    return new SocketModeReceiver({ appToken: appToken.reveal(), logger, installerOptions: { clientOptions } })
  }
  return new HTTPReceiver({ signingSecret: signingSecret?.reveal() ?? '', logger, endpoints: '/slack/events' })
}

/** How many connections the app has, as Slack's `hello` says; 0 for every other message. */
function connectionsOf(data: unknown): number {
  if (typeof data !== 'string' || !data.includes('"hello"')) return 0
  try {
    const message = JSON.parse(data) as { type?: unknown; num_connections?: unknown }
    return message.type === 'hello' && typeof message.num_connections === 'number' ? message.num_connections : 0
  } catch {
    return 0
  }
}

/**
 * Bolt, with what it leaves to us: events are kept before they are acknowledged, work in flight is known, and the bot
 * starts without asking Slack anything.
 */
export function createSlackApp(deps: SlackAppDeps): SlackApp {
  const { config, log } = deps
  const receiver = createReceiver(config, log)
  const botToken = config.slack.botToken.reveal()
  const app = new App({
    receiver,
    authorize: () => Promise.resolve({ botToken }),
    clientOptions: { slackApiUrl: config.slack.apiUrl },
    logger: createSlackLogger(log),
  })
  app.error((error) => {
    log.error('slack', `a listener failed: ${describeError(error)}`)
    return Promise.resolve()
  })
  deps.register(app)
  const underWay = new Set<Promise<void>>()
  const process = app.processEvent.bind(app)
  const take = async (event: ReceiverEvent): Promise<void> => {
    const received = toReceived(event.body)
    if (received === null) return process(event)
    if (isWanted(received.event)) await deps.receive(received)
    await event.ack()
  }
  app.processEvent = (event) => {
    const work = take(event).finally(() => underWay.delete(work))
    underWay.add(work)
    return work
  }
  const socket = receiver instanceof SocketModeReceiver ? receiver : null
  socket?.client.on('ws_message', (data: unknown) => {
    const connections = connectionsOf(data)
    // Slack spreads clicks over all connections: one that is left over from a dead process swallows its share.
    if (connections > 1) log.warn('slack', `${connections} Socket Mode connections are open for this app; clicks may go to another one`)
  })
  return {
    requestListener: receiver instanceof HTTPReceiver ? receiver.requestListener : null,
    start: async () => {
      await socket?.start()
    },
    stop: async () => {
      await socket?.client.disconnect()
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
