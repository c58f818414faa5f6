import type { SignalKind } from '../signals/signal.ts'
import { FAILS } from './cause-wording.ts'
import type { Incident } from './incident.ts'
import { actionOf, unmarked } from './wording.ts'

/** Why an incident may be there: one table of rules over the evidence. Nothing here guesses, and nothing asks anybody. */

/** What is known beside the incident itself. Times are UTC milliseconds. */
export interface History {
  /** When tokens before the present one were given and died, oldest first. */
  readonly deaths: readonly { readonly consentedAt: number; readonly diedAt: number }[]
  /** Whether the last two of them lived seven days. */
  readonly sevenDays: boolean
  readonly consentedAt: number | null
  /** Earlier incidents of the same duty. */
  readonly earlier: readonly Pick<Incident, 'id' | 'kind' | 'openedAt'>[]
}

export type Certainty = 'sure' | 'likely' | 'possible'

/** All plain text without markup. */
export interface Cause {
  readonly certainty: Certainty
  readonly what: string
  readonly evidence: string
  /** What cures it, without a full stop. */
  readonly cure: string
  readonly link: string | null
}

export interface Why {
  readonly causes: readonly Cause[]
  /** Which button, or what else one would try first, cannot help; null: nothing misleads. */
  readonly useless: string | null
  /** How often the same has happened in the last 30 days, this time included. */
  readonly times: number
}

const DAY_MS = 86_400_000
const CONSOLE = 'https://console.cloud.google.com/auth/audience'
const PERMISSIONS = 'https://myaccount.google.com/connections'

interface Rule {
  readonly kinds: readonly SignalKind[] | 'any'
  readonly when: (incident: Incident, history: History) => boolean
  readonly certainty: Certainty
  readonly what: string
  readonly evidence: (incident: Incident, history: History) => string
  /** Left out: what the card says. */
  readonly cure?: string
  readonly link?: string
}

const days = (ms: number): string => (ms < DAY_MS ? 'less than a day' : `${(ms / DAY_MS).toFixed(1)} days`)
const hint = (name: string) => (incident: Incident) => incident.evidence.hint === name
const failed = (name: string) => (incident: Incident) => incident.evidence.class === name

const answered = ({ evidence }: Incident): string =>
  `${evidence.code === null ? 'No code was given' : `The code is ${evidence.code}`}${evidence.status === null ? '' : ` (HTTP ${evidence.status})`}`

const lives = (_incident: Incident, { deaths }: History): string =>
  `After their consent the last two tokens lived ${deaths
    .slice(-2)
    .map(({ consentedAt, diedAt }) => days(diedAt - consentedAt))
    .join(' and ')}`

/** How long the token lived that died now; null also when another consent was given since. */
function age({ evidence, openedAt }: Incident, { consentedAt }: History): number | null {
  const ms = consentedAt === null ? -1 : (evidence.firstFailureAt ?? openedAt) - consentedAt
  return ms < 0 ? null : ms
}

const lived = (incident: Incident, history: History): string => {
  const ms = age(incident, history)
  return ms === null ? answered(incident) : `${answered(incident)}; the consent was ${days(ms)} old`
}

const PUBLISH = 'Publish the app in the Google console, then re-authorize; re-authorizing alone buys one week'
const TOKEN: readonly SignalKind[] = ['oauth_token_failure']

/** The first rules weigh more. A rule that is sure hides what is only possible. */
const RULES: readonly Rule[] = [
  {
    kinds: 'any',
    when: ({ cause }) => cause !== null,
    certainty: 'likely',
    what: 'One cause for several troubles',
    evidence: ({ symptoms }) => symptoms.map(({ key, failing }) => `${FAILS[key]}${failing ? '' : ' (it works again)'}`).join('; '),
  },
  {
    kinds: ['oauth_token_failure', 'oauth_token_expiring'],
    when: ({ evidence }, { sevenDays }) => sevenDays && (evidence.hint === null || evidence.hint === 'predicted'),
    certainty: 'sure',
    what: "Google's consent screen is in Testing; every consent lasts seven days",
    evidence: lives,
    cure: PUBLISH,
    link: CONSOLE,
  },
  {
    kinds: ['oauth_token_expiring'],
    when: ({ evidence }) => evidence.hint === null,
    certainty: 'likely',
    what: "Google's consent screen is in Testing; every consent lasts seven days",
    evidence: () => 'Google named an end with the consent, as it does for apps in Testing',
    cure: PUBLISH,
    link: CONSOLE,
  },
  {
    kinds: TOKEN,
    when: hint('session-control'),
    certainty: 'sure',
    what: 'Session control of Google Workspace ends it',
    evidence: answered,
  },
  { kinds: TOKEN, when: hint('account-deleted'), certainty: 'sure', what: 'The Google account was deleted', evidence: answered },
  {
    kinds: TOKEN,
    when: hint('secret-key'),
    certainty: 'sure',
    what: 'JADA_SECRET_KEY is not the one the token was stored with',
    evidence: answered,
  },
  { kinds: TOKEN, when: hint('scope-unticked'), certainty: 'sure', what: 'The consent left out the spreadsheets', evidence: answered },
  {
    kinds: TOKEN,
    when: (incident, history) => Math.abs((age(incident, history) ?? 0) - 7.25 * DAY_MS) <= 0.75 * DAY_MS,
    certainty: 'likely',
    what: "Google's consent screen is in Testing; every consent lasts seven days",
    evidence: lived,
    cure: PUBLISH,
    link: CONSOLE,
  },
  {
    kinds: TOKEN,
    when: () => true,
    certainty: 'possible',
    what: 'Somebody removed the access, or the password or a policy of the account changed',
    evidence: lived,
    link: PERMISSIONS,
  },
  {
    kinds: ['google_configuration'],
    when: hint('client'),
    certainty: 'sure',
    what: 'The client id or secret is wrong, or the client was deleted',
    evidence: answered,
  },
  {
    kinds: ['google_configuration'],
    when: hint('api-disabled'),
    certainty: 'sure',
    what: 'The Sheets API is off in the project of the client',
    evidence: answered,
  },
  {
    kinds: ['google_configuration'],
    when: hint('admin-policy'),
    certainty: 'sure',
    what: 'An admin of Google Workspace blocks the app',
    evidence: answered,
  },
  {
    kinds: ['google_configuration'],
    when: hint('our-request'),
    certainty: 'likely',
    what: 'A fault of the bot: Google does not take what it sends',
    evidence: answered,
  },
  {
    kinds: ['sheet_problem'],
    when: hint('not-shared'),
    certainty: 'sure',
    what: 'The sheet is not shared with the connected account',
    evidence: answered,
  },
  {
    kinds: ['sheet_problem'],
    when: hint('not-found'),
    certainty: 'likely',
    what: 'The sheet was deleted, or JADA_SHEET_ID is wrong',
    evidence: answered,
  },
  {
    kinds: ['sheet_problem'],
    when: hint('office-file'),
    certainty: 'sure',
    what: 'The file is an Excel file, which the Sheets API does not read',
    evidence: answered,
  },
  {
    kinds: ['sheet_problem'],
    when: ({ evidence }) => evidence.holds.length > 0,
    certainty: 'sure',
    what: 'More than a fifth of the charters of a tab are gone, so nothing was applied',
    evidence: ({ evidence }) => evidence.findings[0] ?? `${evidence.holds.length} held`,
  },
  {
    kinds: ['model_refused'],
    when: hint('model-key'),
    certainty: 'sure',
    what: "Claude's service does not accept our key",
    evidence: answered,
  },
  {
    kinds: ['model_refused'],
    when: hint('model-payment'),
    certainty: 'sure',
    what: 'The Anthropic account has no credit, or its bill is not paid',
    evidence: answered,
  },
  {
    kinds: ['model_refused'],
    when: hint('model-permission'),
    certainty: 'sure',
    what: 'The key may not use this model',
    evidence: answered,
  },
  {
    kinds: ['model_refused'],
    when: hint('model-name'),
    certainty: 'sure',
    what: 'Anthropic does not know the model of this playbook',
    evidence: answered,
  },
  {
    kinds: ['sync_failing'],
    when: hint('proxy'),
    certainty: 'likely',
    what: 'Something between the server and Google answers in its place',
    evidence: answered,
  },
  { kinds: ['sync_failing'], when: failed('network'), certainty: 'likely', what: 'The server cannot reach Google', evidence: answered },
  {
    kinds: ['sync_failing'],
    when: failed('rate-limited'),
    certainty: 'likely',
    what: 'Google limits our requests; another program may use the same project',
    evidence: answered,
  },
  { kinds: ['sync_failing'], when: failed('server'), certainty: 'likely', what: 'Google has trouble of its own', evidence: answered },
  {
    kinds: 'any',
    when: ({ evidence }) => evidence.findings.length > 0 && evidence.holds.length === 0,
    certainty: 'sure',
    what: 'What was found',
    evidence: ({ evidence }) => evidence.findings.slice(0, 2).join('; '),
  },
]

const RANK: Readonly<Record<Certainty, number>> = { sure: 0, likely: 1, possible: 2 }

function uselessOf({ kind, evidence }: Incident, { sevenDays }: History): string | null {
  if (kind === 'oauth_token_failure' && evidence.hint === 'account-deleted')
    return 'Another consent of the same account cannot help: it is gone.'
  if (kind === 'oauth_token_failure' && evidence.hint === 'secret-key') return 'Retrying cannot help while the key is the wrong one.'
  if (kind === 'oauth_token_failure')
    return `Retrying cannot help: Google refuses this token for good.${sevenDays ? ' Re-authorize helps for one week.' : ''}`
  if (kind === 'google_configuration' || kind === 'sheet_problem' || kind === 'rows_quarantined')
    return 'Re-authorize cannot help: the consent is good.'
  if (kind === 'sync_failing' || kind === 'sync_stale') return 'Re-authorize cannot help; Resolve would only hide it.'
  return kind === 'model_refused' || kind === 'model_unavailable' ? 'Retrying by hand cannot help: the agent tries by itself.' : null
}

/** The causes, the surest first. Pure. */
export function causesOf(incident: Incident, history: History, now: number): Why {
  const found = RULES.filter(({ kinds, when }) => (kinds === 'any' || kinds.includes(incident.kind)) && when(incident, history)).map(
    ({ certainty, what, evidence, cure, link }): Cause => ({
      certainty,
      what,
      evidence: evidence(incident, history),
      cure: cure ?? unmarked(actionOf(incident)),
      link: link ?? null,
    }),
  )
  const isSure = found.some(({ certainty }) => certainty === 'sure')
  const causes = found
    .filter(({ certainty }) => !isSure || certainty !== 'possible')
    .toSorted((one, other) => RANK[one.certainty] - RANK[other.certainty])
  const recent = history.earlier.filter(
    ({ id, kind, openedAt }) => id !== incident.id && kind === incident.kind && now - openedAt <= 30 * DAY_MS,
  )
  return { causes, useless: uselessOf(incident, history), times: recent.length + 1 }
}
