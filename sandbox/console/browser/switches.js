// @ts-check
/** @import { Act } from '../acts.ts' */
/** @import { ClaudeView, GoogleView, Parts } from '../protocol.ts' */
import { byId } from './dom.js'

/**
 * One thing a person can do to a far end.
 *
 * @typedef {object} Switch
 * @property {string} name
 * @property {string} says What it means, in one line.
 * @property {(parts: Parts) => boolean} [isOn] Without it the switch does something once.
 * @property {(parts: Parts) => boolean} [isIdle] It can do nothing now.
 * @property {(isOn: boolean) => Act} act
 */

/** @param {Extract<Act, { act: 'google' }>['do']} what @returns {Act} */
const google = (what) => ({ act: 'google', do: what, sync: byId('sync-after', HTMLInputElement).checked })

/** @param {GoogleView['fault']} kind @param {'ratelimit' | 'outage' | 'timeout' | 'html' | 'reset'} what */
const answer = (kind, what) => ({
  isOn: (/** @type {Parts} */ parts) => parts.google.fault === kind,
  act: (/** @type {boolean} */ isOn) => google(isOn ? 'clear' : what),
})

/** @param {Parts} parts */
const isDead = (parts) => parts.google.token.state !== 'alive'

/** @type {readonly (readonly [string, readonly Switch[]])[]} */
export const GOOGLE = [
  [
    'The token',
    [
      {
        name: 'Revoke access',
        says: 'Removed in the Google account: only a new consent helps.',
        isIdle: isDead,
        act: () => google('revoke'),
      },
      {
        name: 'Expires in a day',
        says: 'The bot reads it at its next sync; see /jada status.',
        isIdle: isDead,
        act: () => google('expire-soon'),
      },
    ],
  ],
  [
    'The next consent',
    [
      {
        name: 'Another account',
        says: "Google's page has the captain picked, not the office.",
        isOn: (parts) => parts.google.nextConsent.account !== undefined,
        act: () => google('other-account'),
      },
      {
        name: 'A scope unticked',
        says: 'The box for reading spreadsheets is left empty.',
        isOn: (parts) => parts.google.nextConsent.unticked === true,
        act: () => google('unticked'),
      },
    ],
  ],
  [
    'What Google answers',
    [
      {
        name: 'Works',
        says: 'Dead tokens stay dead.',
        isOn: (parts) => parts.google.fault === null,
        act: () => google('clear'),
      },
      { name: '429', says: 'Too many requests.', ...answer('429', 'ratelimit') },
      { name: '5xx', says: 'Google is in trouble: 503.', ...answer('5xx', 'outage') },
      { name: 'Timeout', says: 'Never answers.', ...answer('timeout', 'timeout') },
      { name: 'Proxy page', says: 'A Wi-Fi login page answers.', ...answer('html', 'html') },
      { name: 'Reset', says: 'The connection is cut.', ...answer('reset', 'reset') },
    ],
  ],
]

/** @param {Exclude<ClaudeView['fault'], null>} kind */
const claude = (kind) => ({
  isOn: (/** @type {Parts} */ parts) => parts.claude.fault === kind,
  act: (/** @type {boolean} */ isOn) => /** @type {Act} */ ({ act: 'claude', do: isOn ? 'clear' : kind }),
})

/** @type {readonly (readonly [string, readonly Switch[]])[]} */
export const CLAUDE = [
  [
    'What Claude answers',
    [
      {
        name: 'Works',
        says: 'By the task: see below.',
        isOn: (parts) => parts.claude.fault === null,
        act: () => ({ act: 'claude', do: 'clear' }),
      },
      { name: '529', says: 'Overloaded.', ...claude('529') },
      { name: '429', says: 'Too many requests; wait 5 s.', ...claude('429') },
      { name: '500', says: 'An error on its side.', ...claude('500') },
      { name: '401', says: 'The key is not good any more.', ...claude('401') },
      { name: '402', says: 'The credit is used up.', ...claude('402') },
      { name: '403', says: 'The key may not do this.', ...claude('403') },
      { name: 'Timeout', says: 'Never answers.', ...claude('timeout') },
      { name: 'Reset', says: 'The connection is cut.', ...claude('reset') },
      { name: 'Wi-Fi login', says: 'A page answers in its place.', ...claude('html') },
    ],
  ],
  [
    'The next reply, once',
    [
      { name: 'Lost', says: 'Done and charged, never seen.', ...claude('lost') },
      { name: 'Declines', says: 'It refuses.', ...claude('refusal') },
      { name: 'Pauses', says: 'To be sent again.', ...claude('pause_turn') },
      { name: 'Cut', says: 'At the longest reply.', ...claude('max_tokens') },
      { name: 'Cut in a call', says: 'A call without its input.', ...claude('max_tokens_in_tool_use') },
      { name: 'Memory full', says: 'The context window is full.', ...claude('context_window') },
    ],
  ],
]

/** @type {readonly (readonly [string, readonly Switch[]])[]} */
export const SLACK = [
  [
    '',
    [
      {
        name: 'Slack is down',
        says: 'The bot keeps what it has to say.',
        isOn: (parts) => !parts.slack.isUp,
        act: (isOn) => ({ act: 'slack', do: isOn ? 'up' : 'down' }),
      },
      {
        name: '429',
        says: 'Posts are put off for 2 s.',
        isOn: (parts) => parts.slack.isLimited,
        act: (isOn) => ({ act: 'slack', do: isOn ? 'unlimit' : 'limit' }),
      },
      {
        name: 'Refuse the token',
        says: 'The app was removed, or its token replaced.',
        isOn: (parts) => parts.slack.isRefusing,
        act: (isOn) => ({ act: 'slack', do: isOn ? 'accept' : 'refuse' }),
      },
      {
        name: 'Drop the socket',
        says: 'Cut once; the bot connects again.',
        isIdle: (parts) => parts.slack.connected === 0,
        act: () => ({ act: 'slack', do: 'drop' }),
      },
    ],
  ],
]
