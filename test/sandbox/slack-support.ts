import { WebClient, type WebClientOptions } from '@slack/web-api'
import { onTestFinished } from 'vitest'

import { createSlack, type Slack, type SlackOptions } from '../../sandbox/slack/slack.ts'

export const botToken = 'xoxb-sandbox'
export const appToken = 'xapp-sandbox'
export const signingSecret = 'sandbox-signing-secret'

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
