import type { AddressInfo } from 'node:net'

import { App, SocketModeReceiver } from '@slack/bolt'
import { WebClient, type WebClientOptions } from '@slack/web-api'
import { onTestFinished } from 'vitest'

import { createSlack, type Slack, type SlackOptions } from '../../sandbox/slack/slack.ts'

const botToken = 'xoxb-sandbox'
export const appToken = 'xapp-sandbox'
const signingSecret = 'sandbox-signing-secret'

/** Keeps the expected refusals out of the test report. */
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as never,
  setName: () => undefined,
}

export const quietLogger = silent

export interface Workbench {
  slack: Slack
  apiUrl: string
  client: WebClient
  clock: { now: number }
  newClient: (token?: string, options?: WebClientOptions) => WebClient
}

/** A stand-in with a clock that stands still, and the real client. */
export async function setUp(options: Partial<SlackOptions> = {}): Promise<Workbench> {
  const clock = { now: Date.UTC(2026, 2, 1, 12) }
  const slack = createSlack({
    botToken,
    appToken,
    signingSecret,
    now: () => clock.now,
    ...options,
  })
  const { apiUrl } = await slack.start()
  onTestFinished(() => slack.stop())
  const newClient = (token = botToken, more: WebClientOptions = {}) =>
    new WebClient(token, {
      slackApiUrl: apiUrl,
      logger: silent,
      retryConfig: { retries: 0 },
      ...more,
    })
  return { slack, apiUrl, client: newClient(), clock, newClient }
}

/** How Slack reaches an app. */
export type Via = 'socket' | 'http'

/** Bolt's own. A client whose process stands still for longer than this gives its connection up, and what it was told is lost. */
const PING_MS = 5000

/** A real Bolt app for the stand-in at this address. */
export function createBolt(apiUrl: string, via: Via, tokens = { botToken, appToken }, clientPingTimeout = PING_MS): App {
  const shared = { token: tokens.botToken, logger: silent, clientOptions: { slackApiUrl: apiUrl } }
  // The receiver has no clientOptions of its own; without these it would call slack.com.
  const installerOptions = { clientOptions: { slackApiUrl: apiUrl } }
  if (via === 'http') return new App({ ...shared, signingSecret })
  const receiver = new SocketModeReceiver({ appToken: tokens.appToken, logger: silent, clientPingTimeout, installerOptions })
  return new App({ ...shared, receiver })
}

/** A real Bolt app, connected to the stand-in. `pingMs`: how soon it notices that its connection was cut. */
export async function startBolt({ slack, apiUrl }: Workbench, via: Via, listen: (app: App) => void, pingMs = PING_MS): Promise<void> {
  const app = createBolt(apiUrl, via, undefined, pingMs)
  listen(app)
  onTestFinished(async () => void (await app.stop()))
  if (via === 'socket') return void (await app.start())
  const server = await app.start({ port: 0, host: '127.0.0.1' })
  return slack.setEventsUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
}

/** Resolves as soon as the condition holds; the stand-in tells every change. */
export function until({ slack }: Workbench, holds: () => boolean): Promise<void> {
  if (holds()) return Promise.resolve()
  return new Promise((resolve) => {
    const off = slack.on(() => {
      if (!holds()) return
      off()
      resolve()
    })
  })
}

/** The error code of a call that Slack refuses, with its messages. */
export async function refusal(call: Promise<unknown>): Promise<{ error: string; messages: string[] }> {
  try {
    await call
  } catch (error) {
    const { data } = error as {
      data?: { error?: string; response_metadata?: { messages?: string[] } }
    }
    return {
      error: data?.error ?? String(error),
      messages: data?.response_metadata?.messages ?? [],
    }
  }
  throw new Error('the call was not refused')
}
