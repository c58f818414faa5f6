import { Refused, errorReply } from './api-error.ts'
import { proxyPage } from './http-message.ts'
import type { Reply } from './http-message.ts'
import type { ClaudeFault, FaultKind } from './types.ts'

export type FaultQueue = ReturnType<typeof createFaultQueue>

/** Faults in the order they were given: a request takes the first, and uses up one of its times. */
export function createFaultQueue() {
  let queue: ClaudeFault[] = []
  return {
    add(fault: ClaudeFault): void {
      if (fault.times !== undefined && !(fault.times > 0)) throw new Error('times must be at least 1')
      queue.push({ ...fault })
    },
    clear(): void {
      queue = []
    },
    list: (): ClaudeFault[] => queue.map((fault) => ({ ...fault })),
    take(): ClaudeFault | undefined {
      const [fault] = queue
      if (fault?.times !== undefined) {
        fault.times -= 1
        if (fault.times === 0) queue = queue.slice(1)
      }
      return fault
    },
  }
}

const REFUSED: Partial<Record<FaultKind, Refused>> = {
  '401': new Refused('authentication_error', 'invalid x-api-key'),
  '402': new Refused(
    'billing_error',
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  ),
  '403': new Refused('permission_error', 'Your API key does not have permission to use the specified resource.'),
  '429': new Refused(
    'rate_limit_error',
    "This request would exceed your organization's rate limit. Please reduce the prompt length or the maximum tokens requested, or try again later.",
  ),
  '500': new Refused('api_error', 'Internal server error'),
  '529': new Refused('overloaded_error', 'Overloaded'),
}

/** What is answered in the place of the service's work; undefined: the work is done first. */
export function faultReply(fault: ClaudeFault, requestId: string): { reply: Reply; refused?: Refused } | undefined {
  if (fault.kind === 'html') return { reply: proxyPage(fault.status ?? 200) }
  const refused = REFUSED[fault.kind]
  if (refused === undefined) return undefined
  const wait = fault.retryAfterS ?? (fault.kind === '429' ? 5 : undefined)
  return { refused, reply: errorReply(refused, requestId, wait === undefined ? {} : { 'retry-after': String(wait) }) }
}
