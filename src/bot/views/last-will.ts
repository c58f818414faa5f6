import type { DrawnMessage } from '../../services/messages/drawn.ts'
import type { Silence, WillFacts } from '../../services/status/last-will.ts'
import { outside } from './agent-text.ts'
import { duration, moment } from './text.ts'

/** What every last will begins with: by this it is found again. */
export const WILL_BEGINS = 'JADA Bot has been silent since'

const IN_FLIGHT = 12

/** What Slack posts when the bot no longer puts it off. */
export function willText({ since, inFlight }: WillFacts): string {
  const doing =
    inFlight.length === 0
      ? 'nothing'
      : inFlight
          .slice(0, IN_FLIGHT)
          .map((what) => outside(what, 120))
          .join(', ')
  return [
    `${WILL_BEGINS} ${moment(since)}. Slack posts this by itself, because the bot did not put it off: it, its server or its network is down.`,
    `Under way then: ${doing}. Until it is back, nothing is synced and nobody is alerted.`,
    'To look: `systemctl status jada-bot` and `journalctl -u jada-bot -n 100` on the server. To restart: `sudo systemctl restart jada-bot`.',
  ].join('\n')
}

/** The reply under a will that was posted, when the bot is back. */
export function backMessage({ since, until, wasDown }: Silence): DrawnMessage {
  const why = wasDown
    ? 'What was under way goes on where it stopped.'
    : 'The bot was running, but could not reach Slack; what it had to say comes now.'
  return { text: `Back since ${moment(until)}, silent for ${duration(until - since)}. ${why}`, blocks: [], instead: '' }
}
