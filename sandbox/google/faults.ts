import { quotaExceeded, serverError } from './api-error.ts'
import { htmlReply, jsonReply } from './http-message.ts'
import type { Outcome, Reply } from './http-message.ts'
import { oauthError } from './oauth-error.ts'
import type { Endpoint, GoogleFault } from './types.ts'

export type FaultQueue = ReturnType<typeof createFaultQueue>

/** Faults in the order they were given: a request takes the first that fits, and uses up one of its times. */
export function createFaultQueue() {
  let queue: GoogleFault[] = []
  return {
    add(fault: GoogleFault): void {
      if (fault.times !== undefined && !(fault.times > 0)) throw new Error('times must be at least 1')
      queue.push({ ...fault })
    },
    clear(): void {
      queue = []
    },
    list: (): GoogleFault[] => queue.map((fault) => ({ ...fault })),
    take(endpoint: Endpoint): GoogleFault | undefined {
      const fault = queue.find((candidate) => candidate.endpoint === '*' || candidate.endpoint === endpoint)
      if (fault?.times !== undefined) {
        fault.times -= 1
        if (fault.times === 0) queue = queue.filter((other) => other !== fault)
      }
      return fault
    },
  }
}

/** What a fault does to a request. `act` is the normal handling, for an answer that gets lost on its way. */
export function faultOutcome(fault: GoogleFault, endpoint: Endpoint, project: string, act: () => Reply): Outcome {
  if (fault.lost === true) return { kind: 'lost', reply: act() }
  if (fault.kind === 'timeout') return { kind: 'hang' }
  if (fault.kind === 'reset') return { kind: 'reset' }
  const reply = faultReply(fault, endpoint, project)
  return { kind: 'reply', reply: { ...reply, headers: { ...reply.headers, ...fault.headers } } }
}

function faultReply(fault: GoogleFault, endpoint: Endpoint, project: string): Reply {
  const wait: Record<string, string> = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) }
  if (fault.kind === 'html') return htmlReply(fault.status ?? 200, typeof fault.body === 'string' ? fault.body : PORTAL, wait)
  if (fault.kind === 'answer') return givenReply(fault, wait)
  const reply = fault.kind === '429' ? rateLimited(endpoint, project, fault.retryAfterS) : unavailable(endpoint, fault.status ?? 503)
  return { ...reply, headers: { ...reply.headers, ...wait } }
}

function givenReply({ status, body }: GoogleFault, headers: Record<string, string>): Reply {
  if (typeof body === 'string')
    return { ...htmlReply(status ?? 200, body), headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } }
  return jsonReply(status ?? 200, body ?? {}, headers)
}

function rateLimited(endpoint: Endpoint, project: string, retryAfterS?: number): Reply {
  if (endpoint === 'sheets') return quotaExceeded(project, retryAfterS)
  if (endpoint === 'token' || endpoint === 'revoke') return oauthError(429, 'rate_limit_exceeded', 'Rate limit exceeded. Try again later.')
  return errorPage(429)
}

function unavailable(endpoint: Endpoint, status: number): Reply {
  // A 502 comes from Google's front end, which knows only pages.
  if (status === 502) return errorPage(status)
  if (endpoint === 'sheets') return serverError(status)
  if (endpoint === 'token' || endpoint === 'revoke') return oauthError(status, 'internal_failure', 'Backend Error')
  return errorPage(status)
}

const errorPage = (status: number): Reply =>
  htmlReply(
    status,
    `<!DOCTYPE html><html lang=en><title>Error ${status}</title><p><b>${status}.</b> That's an error.<p>The server encountered a temporary error and could not complete your request. Please try again in 30 seconds.`,
  )

/** What a hotel, a proxy or an airport answers in Google's place. */
const PORTAL = '<!DOCTYPE html><html lang="en"><title>Welcome to the marina Wi-Fi</title><h1>Please sign in to use the network</h1></html>'
