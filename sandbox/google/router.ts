import { AUTHORIZE_PATH, createAuthorizeEndpoint } from './authorize-endpoint.ts'
import { faultOutcome } from './faults.ts'
import type { FaultQueue } from './faults.ts'
import { notFoundReply } from './http-message.ts'
import type { Call, Outcome, Reply } from './http-message.ts'
import { createIdTokenSigner } from './id-token.ts'
import { createRevokeEndpoint } from './revoke-endpoint.ts'
import type { Settings } from './settings.ts'
import { createSheetsEndpoint } from './sheets-endpoint.ts'
import type { SpreadsheetStore } from './spreadsheet-store.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import type { TokenStore } from './token-store.ts'
import type { Endpoint, GoogleFault, RequestRecord } from './types.ts'

export const TOKEN_PATH = '/token'
export const REVOKE_PATH = '/revoke'

interface Deps {
  readonly settings: Settings
  readonly tokens: TokenStore
  readonly spreadsheets: SpreadsheetStore
  readonly faults: FaultQueue
  readonly now: () => number
  readonly changed: (what: string) => void
  readonly record: (request: RequestRecord) => void
}

/** From a request to its outcome, faults first, with one record each. */
export function createRouter(deps: Deps): (call: Call) => Outcome {
  const handlers: Record<Exclude<Endpoint, 'other'>, (call: Call, now: number) => Reply> = {
    authorize: createAuthorizeEndpoint(deps),
    token: createTokenEndpoint({ ...deps, signIdToken: createIdTokenSigner() }),
    revoke: createRevokeEndpoint(deps),
    sheets: createSheetsEndpoint(deps),
  }
  return (call) => {
    const now = deps.now()
    const endpoint = endpointOf(call)
    const act = () => (endpoint === 'other' ? notFoundReply(call.url.pathname) : handlers[endpoint](call, now))
    const fault = deps.faults.take(endpoint)
    const outcome: Outcome =
      fault === undefined ? { kind: 'reply', reply: act() } : faultOutcome(fault, endpoint, deps.settings.projectNumber, act)
    deps.record(recordOf(call, endpoint, now, outcome, fault))
    return outcome
  }
}

function endpointOf({ method, url: { pathname } }: Call): Endpoint {
  if (pathname === AUTHORIZE_PATH && method === 'GET') return 'authorize'
  if (pathname === `${AUTHORIZE_PATH}/consent` && method === 'POST') return 'authorize'
  if (pathname === TOKEN_PATH && method === 'POST') return 'token'
  if (pathname === REVOKE_PATH && method === 'POST') return 'revoke'
  return pathname.startsWith('/v4/') ? 'sheets' : 'other'
}

function recordOf(call: Call, endpoint: Endpoint, at: number, outcome: Outcome, fault?: GoogleFault): RequestRecord {
  const reply = outcome.kind === 'reply' || outcome.kind === 'lost' ? outcome.reply : undefined
  const grantType = endpoint === 'token' ? /(?:^|&)grant_type=(\w+)/.exec(call.body)?.[1] : undefined
  return {
    at,
    endpoint,
    method: call.method,
    path: call.url.pathname,
    query: [...new Set(call.url.searchParams.keys())],
    status: outcome.kind === 'reply' ? outcome.reply.status : 0,
    ...(grantType === undefined ? {} : { grantType }),
    ...(reply?.error === undefined ? {} : { error: reply.error }),
    ...(fault === undefined ? {} : { fault: fault.lost === true ? 'lost' : fault.kind }),
  }
}
