import type { ModalView } from '@slack/types'
import type { ConsentOutcome, Refusal } from '../../services/google/complete-consent.ts'
import type { GoogleFailure } from '../../services/google/failure.ts'
import type { ConsentMode } from '../../services/google/connection.ts'
import { ACTION, PASTE_BLOCK, PASTE_INPUT, PASTE_VIEW } from './action-ids.ts'
import type { MessageView } from './alert.ts'
import { actions, button, context, section } from './blocks.ts'
import { failureWords } from './failure.ts'
import { escape } from './text.ts'

const TITLES: Readonly<Record<ConsentMode, string>> = {
  first: 'Connect Google',
  renew: 'Re-authorize Google',
  repin: 'Connect another Google account',
}

/** The link to the bot's own start page, for one operator. */
export function startLinkView(url: string, mode: ConsentMode): MessageView {
  const what = TITLES[mode]
  const note = mode === 'repin' ? ' Whichever account consents becomes the connected one.' : ''
  return {
    text: `${what}: ${url}`,
    blocks: [
      section(`*${what}.* The link is yours alone, works for 10 minutes, and ends when it has been used.${note}`),
      actions([button(ACTION.openLink, 'Open Google', { url, style: 'primary' })]),
    ],
  }
}

/** Without a public address: Google's page in any browser, and the address it ends on pasted back here. */
export function pasteBackView(url: string, mode: ConsentMode): MessageView {
  return {
    text: `${TITLES[mode]}: open the link, then paste the address of the page you end on`,
    blocks: [
      section(
        `*${TITLES[mode]}.* The link is yours alone and works for 10 minutes.\n1. Open Google and consent.\n2. The page after that will not load; that is expected. Copy its whole address.\n3. Press Paste the address.`,
      ),
      actions([button(ACTION.openLink, '1. Open Google', { url, style: 'primary' }), button(ACTION.paste, '3. Paste the address')]),
      context("With an ssh tunnel to the bot's port the page does load; it then tells you to copy its address."),
    ],
  }
}

export function pasteModal(): ModalView {
  return {
    type: 'modal',
    callback_id: PASTE_VIEW,
    title: { type: 'plain_text', text: 'Finish the consent' },
    submit: { type: 'plain_text', text: 'Check it' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      {
        type: 'input',
        block_id: PASTE_BLOCK,
        label: { type: 'plain_text', text: 'Address of the page you ended on' },
        hint: {
          type: 'plain_text',
          text: 'Copy all of it from the address bar, also when the page did not load. It begins with http://127.0.0.1 or http://localhost.',
        },
        element: { type: 'plain_text_input', action_id: PASTE_INPUT, max_length: 3000 },
      },
    ],
  }
}

export function messageModal(text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Finish the consent' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [section(text)],
  }
}

/** Words for the person at the end of a consent: what happened, and what comes next. Plain text. */
export interface ConsentWords {
  readonly title: string
  readonly lines: readonly string[]
  readonly good: boolean
}

const AGAIN = 'Nothing was changed. To try again, use the button on the card in Slack, or /jada reauth.'

const whole = ({ class: failed, code, status }: GoogleFailure) => ({ class: failed, code, status: status ?? null })

function exchangeWords(failure: GoogleFailure): string {
  if (failure.class === 'reauth-required')
    return `Google no longer takes this consent: it was used before, or it took too long (${failure.code}).`
  return `${failureWords(whole(failure))}.`.replace(/^./, (first) => first.toUpperCase())
}

/** The sheet itself is in the way: why, and what to do about it. */
function unreadable({ hint, code }: GoogleFailure, email: string): ConsentWords {
  const [why, cure] =
    hint === 'not-found'
      ? ['the port sheet was not found', 'Check the setting JADA_SHEET_ID, and that the sheet was not deleted.']
      : hint === 'office-file'
        ? ['the port sheet is an Excel file', 'Save it as a Google Sheet, and set JADA_SHEET_ID to the new id.']
        : ['that account may not read the port sheet', 'Share the sheet with that account.']
  return {
    title: 'This account cannot read the port sheet',
    lines: [`Google let ${email} in, but ${why} (${code}).`, `${cure} Then try again. Nothing was changed.`],
    good: false,
  }
}

const REFUSALS: { readonly [K in Refusal['kind']]: (refusal: Extract<Refusal, { kind: K }>) => ConsentWords } = {
  denied: () => ({ title: 'You declined', lines: ['Google was told not to give access.', AGAIN], good: false }),
  'exchange-failed': ({ failure }) => ({
    title: 'Google did not complete the consent',
    lines: [exchangeWords(failure), AGAIN],
    good: false,
  }),
  'no-identity': () => ({
    title: 'Google did not say who you are',
    lines: ["Google's answer named no account that could be checked.", AGAIN],
    good: false,
  }),
  'wrong-account': ({ email, pinned }) => ({
    title: 'That was another account',
    lines: [
      `You consented as ${email || 'an account without an e-mail address'}, but the bot is connected to ${pinned}.`,
      'Nothing was changed. Try again and choose the right account. If the change is meant, an operator uses /jada reauth repin.',
    ],
    good: false,
  }),
  'missing-scopes': () => ({
    title: 'A permission is missing',
    lines: ['The box for seeing your spreadsheets was not ticked, and the bot cannot work without it.', `${AGAIN} Leave every box ticked.`],
    good: false,
  }),
  'no-refresh-token': () => ({
    title: 'Google gave no lasting access',
    lines: ['The access it gave ends within the hour, and the bot could not renew it.', AGAIN],
    good: false,
  }),
  'probe-failed': ({ failure, email }) =>
    failure.class === 'data'
      ? unreadable(failure, email)
      : {
          title: 'The new token could not be tried out',
          lines: [
            `Google let ${email} in, but the port sheet could not be read: ${failureWords(whole(failure))}.`,
            `${AGAIN} If it was a passing fault, that is enough.`,
          ],
          good: false,
        },
  superseded: () => ({
    title: 'Somebody was faster',
    lines: ['A newer consent is already stored, so this one was not needed. There is nothing more to do.'],
    good: true,
  }),
}

function otherBrowser(boundTo: Extract<ConsentOutcome, { kind: 'other-browser' }>['boundTo']): ConsentWords {
  if (boundTo === 'browser') {
    return {
      title: 'This browser did not begin the consent',
      lines: ['Open the link in one browser and stay in it until the end.', AGAIN],
      good: false,
    }
  }
  const where =
    boundTo === 'user'
      ? 'Copy the whole address of this page, go back to Slack, press "Paste the address" and put it there.'
      : 'Copy the whole address of this page and paste it into the terminal where you began.'
  return { title: 'Almost done: paste the address', lines: [where], good: true }
}

/** What a person is told at the end of a consent, on a page, in Slack or in a terminal. */
export function consentWords(outcome: ConsentOutcome): ConsentWords {
  if (outcome.kind === 'connected') {
    return {
      title: 'Google is connected',
      lines: [
        `${outcome.email} has consented, and the bot could read the port sheet with the new token.`,
        'A sync has been asked for. An open incident in Slack closes by itself when that sync succeeds. There is nothing more to do here.',
      ],
      good: true,
    }
  }
  if (outcome.kind === 'unknown-state') {
    return { title: 'This link is used or too old', lines: ['A consent works once, for 10 minutes.', AGAIN], good: false }
  }
  if (outcome.kind === 'other-browser') return otherBrowser(outcome.boundTo)
  const words = REFUSALS[outcome.kind] as (refusal: Refusal) => ConsentWords
  return words(outcome)
}

export function consentText(words: ConsentWords): string {
  const lines = words.lines.map((line) => escape(line).replaceAll(/\/jada reauth(?: repin)?/g, '`$&`'))
  return [`*${escape(words.title)}*`, ...lines].join('\n')
}
