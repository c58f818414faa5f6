import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCallbackRoute, createStartRoute, type ConsentRouteDeps } from '../../src/bot/routes/consent.ts'
import { write, type Reply, type Request } from '../../src/bot/routes/reply.ts'
import type { Log } from '../../src/log.ts'
import type { ConsentOutcome } from '../../src/services/google/complete-consent.ts'
import type { Consent } from '../../src/services/google/connection.ts'
import type { GoogleFailure } from '../../src/services/google/failure.ts'
import type { TicketRight } from '../../src/services/google/ticket.ts'
import { NOON } from './incident-samples.ts'

export interface ShownPage {
  readonly name: string
  readonly html: string
}

const OFFICE = 'office@jada.example'
const CAPTAIN = 'captain@jada.example'

const failure = (of: Partial<GoogleFailure>): GoogleFailure => ({
  endpoint: 'token',
  class: 'server',
  code: 'http-503',
  status: 503,
  detail: undefined,
  hint: undefined,
  retryAfterMs: undefined,
  enableUrl: undefined,
  ...of,
})

const incidentId = 1
const BOUND: Readonly<Record<Consent['boundTo']['kind'], true>> = { browser: true, user: true, terminal: true }

/** Every end of a consent. */
const OUTCOMES: { readonly [K in ConsentOutcome['kind']]: readonly Extract<ConsentOutcome, { kind: K }>[] } = {
  connected: [{ kind: 'connected', email: OFFICE, incidentId }],
  'unknown-state': [{ kind: 'unknown-state' }],
  'other-browser': (Object.keys(BOUND) as Consent['boundTo']['kind'][]).map((boundTo) => ({ kind: 'other-browser', boundTo })),
  denied: [{ kind: 'denied', error: 'access_denied', incidentId }],
  'exchange-failed': [
    { kind: 'exchange-failed', failure: failure({ class: 'reauth-required', code: 'invalid_grant', status: 400 }), incidentId },
  ],
  'no-identity': [{ kind: 'no-identity', incidentId }],
  'wrong-account': [{ kind: 'wrong-account', email: CAPTAIN, pinned: OFFICE, incidentId }],
  'missing-scopes': [{ kind: 'missing-scopes', missing: ['https://www.googleapis.com/auth/spreadsheets.readonly'], incidentId }],
  'no-refresh-token': [{ kind: 'no-refresh-token', incidentId }],
  'probe-failed': [
    {
      kind: 'probe-failed',
      failure: failure({ endpoint: 'sheets', class: 'data', code: 'PERMISSION_DENIED', status: 403 }),
      email: OFFICE,
      incidentId,
    },
    { kind: 'probe-failed', failure: failure({ endpoint: 'sheets' }), email: OFFICE, incidentId },
  ],
  superseded: [{ kind: 'superseded', incidentId }],
}

const TICKETS: Readonly<Record<Extract<TicketRight, { kind: 'refused' }>['why'], true>> = {
  unknown: true,
  expired: true,
  spent: true,
  'incident-closed': true,
  'not-connected': true,
}

const REQUEST: Request = { query: new URLSearchParams({ ticket: 'abc', state: 's', code: 'c' }), cookies: new Map() }

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** The routes themselves, told what they would find. */
function routeDeps(change: Partial<ConsentRouteDeps>): ConsentRouteDeps {
  return {
    clock: { now: () => NOON, monotonic: () => 0, after: () => () => undefined },
    log: SILENT,
    random: { bytes: (size) => new Uint8Array(size) },
    redirectUri: 'https://bot.jada.example/oauth/google/callback',
    checkTicket: () => Promise.resolve({ kind: 'granted', mode: 'renew', incidentId: 1, ticketHash: null }),
    start: () => Promise.resolve({ kind: 'too-many' }),
    complete: () => Promise.reject(new Error('the disk is full')),
    ...change,
  }
}

const ended = (outcome: ConsentOutcome): Promise<Reply> =>
  createCallbackRoute(routeDeps({ complete: () => Promise.resolve(outcome) }))(REQUEST)

const ticket = (why: keyof typeof TICKETS): Promise<Reply> =>
  createStartRoute(routeDeps({ checkTicket: () => Promise.resolve({ kind: 'refused', why }) }))(REQUEST)

function nameOf(outcome: ConsentOutcome): string {
  if (outcome.kind === 'other-browser') return `${outcome.kind}, ${outcome.boundTo}`
  return 'failure' in outcome ? `${outcome.kind}, ${outcome.failure.class}` : outcome.kind
}

export async function consentPages(): Promise<ShownPage[]> {
  const shown = async (name: string, reply: Promise<Reply>): Promise<ShownPage> => ({ name, html: (await reply).body })
  const outcomes = Object.values(OUTCOMES).flat()
  const whys = Object.keys(TICKETS) as (keyof typeof TICKETS)[]
  return Promise.all([
    ...outcomes.map((outcome) => shown(nameOf(outcome), ended(outcome))),
    ...whys.map((why) => shown(`ticket, ${why}`, ticket(why))),
    shown('too many tries', createStartRoute(routeDeps({}))(REQUEST)),
    shown('something went wrong', createCallbackRoute(routeDeps({}))(REQUEST)),
  ])
}

/** A page over HTTP with the headers it really has. Gives its address. */
export async function servePage(): Promise<{ address: string; stop: () => Promise<void> }> {
  const reply = await ticket('expired')
  const server = createServer((_request, response) => write(response, reply))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const stop = (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop }
}
