import type { Found } from '../../services/signing/signing.ts'
import { page, type Reply } from './reply.ts'

/** The pages of a signing link on which there is nothing to sign, and what to do then. */

const HIDDEN = { 'x-robots-tag': 'noindex, nofollow' }

const say = (status: number, title: string, lines: readonly string[], good = false, headers: Record<string, string> = {}): Reply =>
  page(status, { title, lines, good }, { ...HIDDEN, ...headers })

/** What a preview in a chat may show to everybody there: nobody's name and no trip. */
export const previewReply = (): Reply => say(200, 'A guest agreement', ['Open the link in a browser to read and sign it.'], true)

export const unknownReply = (): Reply =>
  say(404, 'There is no such page', [
    'Perhaps the address was cut off on the way. Open the whole link as it was sent to you, or ask whoever sent it for a new one.',
  ])

const WITHDRAWN = {
  changed: ['The date, the times or the boat of your trip changed, so this agreement is not the right one any more.'],
  'not-named': ['The list of guests changed, and this link is not used any more.'],
  cancelled: ['This trip does not take place as it was planned, so there is nothing to sign.'],
} as const

export function closedReply(found: Extract<Found, { kind: 'closed' }>): Reply {
  const ask = 'If you still want to sign, ask whoever sent you this link: they can send you a new one.'
  if (found.why === 'declined')
    return say(410, 'You declined this agreement', [
      'We have noted that, and nothing was signed.',
      'If it was a mistake, or if you would rather sign on paper, tell whoever sent you this link: they can send you a new one.',
    ])
  if (found.why === 'expired')
    return say(410, 'This link has run out', [`It could be used until two hours after the start of the trip. ${ask}`])
  return say(410, 'This link was replaced', [...WITHDRAWN[found.request.withdrawnWhy ?? 'changed'], ask])
}

export const pastReply = (): Reply =>
  say(410, 'You signed this agreement', ['The copy is not shown here any more. We keep it: ask us if you need it again.'], true)

export const foreignReply = (): Reply =>
  say(403, 'That did not come from our page', ['Nothing was signed. Open the link that was sent to you, and sign there.'])

export const tooLargeReply = (): Reply =>
  say(413, 'That was too much', ['Nothing was signed. Go back, clear the drawing, and draw it again more simply.'])

export const wrongTypeReply = (): Reply =>
  say(415, 'That was not our form', ['Nothing was signed. Open the link that was sent to you, and sign there.'])

export function tooManyReply(waitMs: number): Reply {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return say(
    429,
    'One moment, please',
    [`This page was used very often within a minute. Try again in ${seconds} s: go back, what you typed is still there.`],
    false,
    {
      'retry-after': String(seconds),
    },
  )
}
