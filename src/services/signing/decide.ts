import { isLive, isOverdue, type SignatureRequest, type SigningState, type WithdrawnWhy } from './request.ts'

/**
 * What happens to a request. `send` and `remind` are a person's, who says that they sent the message; `view`, `sign` and `decline` are the
 * guest's, by a POST of the page; the rest is ours.
 */
export type SigningEvent =
  | { readonly do: 'send' | 'remind'; readonly by: string }
  | { readonly do: 'view' | 'sign' }
  | { readonly do: 'decline'; readonly reason: string | null }
  | { readonly do: 'expire' }
  | { readonly do: 'withdraw'; readonly why: WithdrawnWhy }

type Change = Partial<SignatureRequest>

const isPerson = (by: string): boolean => by !== ''

/** A guest may open the link before whoever sent it says so: the state never goes back. */
function sent(request: SignatureRequest, by: string, now: number): Change | null {
  if (request.sentAt !== null || !isPerson(by)) return null
  return { state: request.state === 'requested' ? 'sent' : request.state, sentAt: now, sentBy: by }
}

function reminded({ sentAt, reminders }: SignatureRequest, by: string, now: number): Change | null {
  return sentAt === null || !isPerson(by) ? null : { reminders: [...reminders, { at: now, by }] }
}

/** Whoever signs or declines has seen it. */
const ended = (request: SignatureRequest, state: SigningState, now: number): Change => ({
  state,
  endedAt: now,
  viewedAt: request.viewedAt ?? now,
})

function change(request: SignatureRequest, event: SigningEvent, now: number): Change | null {
  switch (event.do) {
    case 'send':
      return sent(request, event.by, now)
    case 'remind':
      return reminded(request, event.by, now)
    case 'view':
      return request.viewedAt === null ? { state: 'viewed', viewedAt: now } : null
    case 'sign':
      return ended(request, 'signed', now)
    case 'decline':
      return { ...ended(request, 'declined', now), declineReason: event.reason }
    case 'expire':
      return isOverdue(request, now) ? { state: 'expired', endedAt: now } : null
    case 'withdraw':
      return { state: 'withdrawn', endedAt: now, withdrawnWhy: event.why }
  }
}

/** The request after the event, one version on; null: in this state, or at this time, the event changes nothing. */
export function decideSigning(request: SignatureRequest, event: SigningEvent, now: number): SignatureRequest | null {
  if (!isLive(request)) return null
  // Time is over although nobody has written it down yet.
  if (isOverdue(request, now) && event.do !== 'expire' && event.do !== 'withdraw') return null
  const changed = change(request, event, now)
  return changed === null ? null : { ...request, ...changed, version: request.version + 1 }
}
