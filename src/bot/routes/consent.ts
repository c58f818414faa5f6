import type { Clock } from '../../clock.ts'
import { describeError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { randomToken, type Random } from '../../random.ts'
import type { Callback, ConsentOutcome } from '../../services/google/complete-consent.ts'
import type { Consent } from '../../services/google/connection.ts'
import { tokenHash } from '../../services/google/hash.ts'
import type { StartRequest, StartResult } from '../../services/google/start-consent.ts'
import type { TicketRight } from '../../services/google/ticket.ts'
import { consentWords } from '../views/reauth.ts'
import { page, redirect, type Reply, type Request, type Route } from './reply.ts'

export interface ConsentRouteDeps {
  readonly clock: Clock
  readonly log: Log
  readonly random: Random
  /** Where Google sends the browser back to. */
  readonly redirectUri: string
  readonly checkTicket: (ticket: string, now: number) => Promise<TicketRight>
  readonly start: (request: StartRequest, now: number) => Promise<StartResult>
  readonly complete: (callback: Callback, holds: Consent['boundTo'] | null, now: number) => Promise<ConsentOutcome>
}

/** `__Host-` ties the cookie to this host over TLS; browsers refuse the prefix on plain loopback http. */
const cookieName = (redirectUri: string): string => (redirectUri.startsWith('https:') ? '__Host-jada_consent' : 'jada_consent')

const COOKIE_LIFETIME_S = 900

function setCookie(redirectUri: string, value: string): string {
  const secure = redirectUri.startsWith('https:') ? '; Secure' : ''
  return `${cookieName(redirectUri)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_LIFETIME_S}${secure}`
}

const TICKET_WORDS: Readonly<Record<Extract<TicketRight, { kind: 'refused' }>['why'], readonly string[]>> = {
  unknown: ['This link was not made by the bot, or was cut off. Use the newest one in Slack.'],
  expired: ['This link worked for 10 minutes. An operator gets a fresh one with /jada reauth in Slack.'],
  spent: ['This link has done its work already. There is nothing more to do.'],
  'incident-closed': ['The incident this link belongs to is resolved. There is nothing more to do.'],
  'not-connected': ['Nothing is connected yet. An operator begins with /jada reauth in Slack.'],
}

function refuse(why: Extract<TicketRight, { kind: 'refused' }>['why']): Reply {
  const done = why === 'spent' || why === 'incident-closed'
  return page(done ? 410 : 403, { title: done ? 'This is done' : 'This link does not work', lines: TICKET_WORDS[why], good: done })
}

/** `GET /oauth/google/start?ticket=...`: a fresh state, a cookie for this browser, and on to Google. */
export function createStartRoute(deps: ConsentRouteDeps): Route {
  return async ({ query, cookies }) => {
    const now = deps.clock.now()
    const right = await deps.checkTicket(query.get('ticket') ?? '', now)
    if (right.kind === 'refused') return refuse(right.why)
    // Two tabs of one browser share the cookie, so that either may finish.
    const known = cookies.get(cookieName(deps.redirectUri))
    const cookie = known !== undefined && /^[\w-]{43}$/.test(known) ? known : randomToken(deps.random)
    const { mode, incidentId, ticketHash } = right
    const boundTo = { kind: 'browser' as const, value: tokenHash(cookie) }
    const started = await deps.start({ mode, incidentId, ticketHash, boundTo, redirectUri: deps.redirectUri }, now)
    if (started.kind === 'too-many') {
      return page(
        429,
        {
          title: 'Too many tries',
          lines: ['This link was opened very often within a minute. Wait a minute, then open it again.'],
          good: false,
        },
        { 'retry-after': '60' },
      )
    }
    return redirect(started.url, { 'set-cookie': setCookie(deps.redirectUri, cookie) })
  }
}

function toHolds(deps: ConsentRouteDeps, { cookies }: Request): Consent['boundTo'] | null {
  const cookie = cookies.get(cookieName(deps.redirectUri))
  return cookie === undefined ? null : { kind: 'browser', value: tokenHash(cookie) }
}

/** `GET /oauth/google/callback`: the end of a consent, and the page that says how it went. */
export function createCallbackRoute(deps: ConsentRouteDeps): Route {
  return async (request) => {
    const { query } = request
    const callback = {
      state: query.get('state') ?? undefined,
      code: query.get('code') ?? undefined,
      error: query.get('error') ?? undefined,
    }
    try {
      const outcome = await deps.complete(callback, toHolds(deps, request), deps.clock.now())
      deps.log.info('consent', `ended: ${outcome.kind}`)
      const words = consentWords(outcome)
      return page(outcome.kind === 'unknown-state' ? 400 : outcome.kind === 'other-browser' && !words.good ? 403 : 200, words)
    } catch (error) {
      deps.log.error('consent', `the callback failed: ${describeError(error)}`)
      return page(500, {
        title: 'Something went wrong',
        lines: ["It is in the bot's log. Nothing was lost: use Re-authorize in Slack once more."],
        good: false,
      })
    }
  }
}
