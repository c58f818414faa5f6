import type { Fault } from './words.ts'

const secondsOf = (delays: readonly number[]): string => delays.join(', ')

const PASSES =
  'This passes by itself: a WARNING comes only after more than 3 failures in a row. Type sync again, three more times, to see it.'

/** What was done and what will happen next, in plain words. */
export function forecast(fault: Fault, times: number | null, confirmDelaysS: readonly number[]): string[] {
  const long = times === null ? 'until you type clear' : `for the next ${times === 1 ? 'sync' : `${times} syncs`}`
  const dead = `Google answers "invalid_grant" from now on. The bot makes sure with three more tries (after ${secondsOf(confirmDelaysS)} s here; 5, 15 and 45 s in real life), then posts a CRITICAL card.`
  switch (fault) {
    case 'revoke':
      return ["Somebody removed the bot's access in the Google account: its token is dead.", dead]
    case 'expire':
      return ['The token has passed its lifetime, as it does every 7 days while the consent screen is in "Testing".', dead]
    case 'ratelimit':
      return [`Google Sheets answers 429 ${long}.`, PASSES]
    case 'outage':
      return [`Google answers 503 ${long}.`, PASSES]
    case 'html':
      return ['Every request to Google ends at a Wi-Fi login page, until you type clear.', PASSES]
    case 'timeout':
      return ['Google takes requests and never answers, until you type clear. The bot gives each one 15 s.', PASSES]
    case 'clear':
      return ['Google works again. A token that died stays dead: only a consent helps then.']
  }
}

/** Nobody wants to wait for the regular cycle. */
export const SYNC_AT_ONCE = 'The regular sync comes every 30 min; so as not to wait, @mara asks for one now with /jada sync now.'
