import { LogLevel, WebClient, type Logger } from '@slack/web-api'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'

/** Bolt's and the clients' own lines go into our log, at our levels; their debug output holds payloads and stays out. */
export function createSlackLogger(log: Log): Logger {
  const line = (parts: readonly unknown[]): string => parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ')
  return {
    debug: () => undefined,
    info: (...parts) => {
      log.debug('slack', line(parts))
    },
    warn: (...parts) => {
      log.warn('slack', line(parts))
    },
    error: (...parts) => {
      log.error('slack', line(parts))
    },
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  }
}

export interface SlackClients {
  /** For messages: one attempt, because a retry after a lost answer posts twice. The outbox retries. */
  readonly posts: WebClient
  /** For everything that may be repeated. */
  readonly reads: WebClient
}

const TIMEOUT_MS = 10_000

export function createSlackClients(config: Config, log: Log): SlackClients {
  const token = config.slack.botToken.reveal()
  const shared = { slackApiUrl: config.slack.apiUrl, timeout: TIMEOUT_MS, rejectRateLimitedCalls: true, allowAbsoluteUrls: false }
  const logger = createSlackLogger(log)
  return {
    posts: new WebClient(token, { ...shared, logger, retryConfig: { retries: 0 } }),
    reads: new WebClient(token, { ...shared, logger, retryConfig: { retries: 3, minTimeout: 500, maxTimeout: 30_000 } }),
  }
}
