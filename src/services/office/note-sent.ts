import type { SignatureRequest } from '../signing/request.ts'
import { markReminded, markSent } from '../signing/signing.ts'
import { tellGuest } from './card.ts'
import type { OfficePorts } from './ports.ts'

/** What a person says when they have sent the message that was prepared for them. */
export interface SentWord {
  readonly requestId: number
  /** How many messages to the guest were noted when this one was prepared: 0, it was the request; more, it was a reminder. */
  readonly notedBefore: number
  readonly by: string
}

export type Noted =
  | { readonly kind: 'sent' | 'reminded'; readonly request: SignatureRequest }
  /** That this very message was sent is noted already, or another person sent the request as well. */
  | { readonly kind: 'known'; readonly request: SignatureRequest }
  /** There is no such request, or nothing can be signed any more. */
  | { readonly kind: 'over' }

/** Whether the message that this person was shown is noted already. A reminder of somebody else is another one. */
function isKnown(request: SignatureRequest, { notedBefore, by }: SentWord): boolean {
  if (notedBefore === 0) return request.sentAt !== null
  return request.reminders.slice(notedBefore - 1).some((reminder) => reminder.by === by)
}

/** A person says that they sent a message: which one it was is what they were shown, not how the request stands by now. */
export async function noteSent(ports: OfficePorts, word: SentWord, now: number): Promise<Noted> {
  const before = await ports.signing.find(word.requestId)
  if (before === null) return { kind: 'over' }
  const known = isKnown(before, word)
  const mark = word.notedBefore === 0 ? markSent : markReminded
  const request = known ? null : await mark(ports, word.requestId, word.by, now)
  if (request === null) return known ? { kind: 'known', request: before } : { kind: 'over' }
  await tellGuest(ports, request, now)
  return { kind: word.notedBefore === 0 ? 'sent' : 'reminded', request }
}
