import type { Slack } from '../slack/slack.ts'

/** Slack's own faults, which can be turned on and off. */
export interface SlackSwitches {
  /** Every call that posts or edits is answered with 429. */
  limit(yes: boolean): void
  /** The bot's token is refused. */
  refuse(yes: boolean): void
  state(): { isLimited: boolean; isRefusing: boolean }
}

const RETRY_AFTER_S = 2

export function createSlackSwitches(slack: Slack): SlackSwitches {
  let isLimited = false
  let isRefusing = false
  return {
    limit(yes) {
      slack.clearFaults()
      if (yes) slack.fault({ method: 'chat.*', kind: '429', retryAfterS: RETRY_AFTER_S })
      isLimited = yes
    },
    refuse(yes) {
      if (yes) slack.revokeToken()
      else slack.restoreToken()
      isRefusing = yes
    },
    state: () => ({ isLimited, isRefusing }),
  }
}
