import { alertView, type MessageView } from '../../src/bot/views/alert.ts'
import { threadText } from '../../src/bot/views/note.ts'
import type { FailureHint } from '../../src/services/google/failure.ts'
import { decideAct, decideSignal, type Decision } from '../../src/services/incidents/decide.ts'
import type { Act, ConsentRefusal, Incident, Note } from '../../src/services/incidents/incident.ts'
import { decideAudit, FRESH_HOST_STATE } from '../../src/services/host/audit.ts'
import { known, unknown } from '../../src/services/host/figure.ts'
import type { Reading } from '../../src/services/host/reading.ts'
import type { CheckName } from '../../src/services/host/rules.ts'
import { decideReport } from '../../src/services/incidents/fold.ts'
import type { Signal, SignalKind } from '../../src/services/signals/signal.ts'
import type { Business } from '../../src/services/status/business.ts'
import { journalWith, wellCloud, wellReading } from './host-samples.ts'
import { failing, NETWORK_DOWN, NOON, ok, TOKEN_DEAD, type Failing } from './incident-samples.ts'

/** One message of the gallery. `to`: an answer that only this person sees; without it a message in the channel. */
export interface Shown {
  readonly name: string
  readonly view: MessageView
  readonly to?: string
}

const HOUR = 3_600_000
const MARA = 'U0MARA'
const OFFICE = 'office@jada.example'
const LINKS = { reauthorize: 'https://bot.jada.example/oauth/google/start?ticket=abc' }

const AT_SHEET = { lastSuccessAt: NOON - 1_800_000, lastReadAt: NOON - 1_800_000, failures: 1, firstFailureAt: NOON, account: OFFICE }
const token = (evidence: Partial<Failing['evidence']>): Failing =>
  failing('oauth_token_failure', 'critical', { ...TOKEN_DEAD.evidence, ...evidence })
const settings = (code: string, status: number | null, evidence: Partial<Failing['evidence']>): Failing =>
  failing('google_configuration', 'critical', {
    ...AT_SHEET,
    class: 'configuration',
    code,
    status,
    nextAttemptAt: NOON + HOUR,
    ...evidence,
  })
const sheet = (evidence: Partial<Failing['evidence']>): Failing =>
  failing('sheet_problem', 'warning', { ...AT_SHEET, class: 'data', nextAttemptAt: NOON + 1_800_000, ...evidence })

const model = (
  kind: 'model_refused' | 'model_unavailable',
  severity: Failing['severity'],
  evidence: Partial<Failing['evidence']>,
): Failing => failing(kind, severity, { failures: 1, firstFailureAt: NOON, nextAttemptAt: NOON + HOUR, ...evidence }, 'agent/model')

/** Ten minutes ago it was so for the first time. What was found is in the words of the audit itself. */
const host = (kind: SignalKind, severity: Failing['severity'], check: CheckName, change: Partial<Reading>): Failing =>
  failing(
    kind,
    severity,
    {
      class: 'host',
      code: check,
      failures: 2,
      firstFailureAt: NOON - 600_000,
      lastSuccessAt: NOON - 1_200_000,
      findings: [foundOf(check, remote(change))],
    },
    `host/${check}`,
  )

const remote = (change: Partial<Reading>): Reading => wellReading(NOON, { source: 'lightsail', cloud: wellCloud(), ...change })

const foundOf = (check: CheckName, reading: Reading): string =>
  decideAudit(reading, [], FRESH_HOST_STATE).audit.checks.find(({ name }) => name === check)?.text ?? ''

/** It was started after it had failed. */
const STARTED = known(
  { active: 'active', sub: 'running', result: 'success', restarts: 0, since: NOON - 1_200_000, memoryBytes: 144 * 1024 * 1024 },
  NOON,
)

/** What the audits say when it is good again. */
const goodOf = (check: CheckName): string => `${foundOf(check, remote({ unit: STARTED, journal: known(journalWith({}), NOON) }))}.`

const MB = 1024 * 1024
const unseen = unknown('SSH: the host refused the certificate', NOON)

const EXPIRING = failing(
  'oauth_token_expiring',
  'warning',
  { ...AT_SHEET, failures: 0, firstFailureAt: null, hint: 'predicted', endsAt: NOON + 24 * HOUR },
  'port-sheet/consent',
)

/** What each kind looks like when it is first reported. */
const SIGNALS: Readonly<Record<SignalKind, Failing>> = {
  oauth_token_failure: TOKEN_DEAD,
  oauth_token_expiring: EXPIRING,
  google_configuration: settings('invalid_client', 401, { hint: 'client', detail: 'The OAuth client was not found.' }),
  google_not_connected: failing('google_not_connected', 'notice', {
    class: 'not-connected',
    code: 'no-refresh-token',
    firstFailureAt: NOON,
  }),
  sheet_problem: sheet({
    code: 'missing-tab',
    findings: ['The tab "2026-03" is missing. Create it, or change JADA_SHEET_TAB.'],
  }),
  sync_failing: failing('sync_failing', 'warning', { ...NETWORK_DOWN.evidence, nextAttemptAt: NOON + 1_800_000 }),
  sync_stale: failing('sync_stale', 'warning', {
    lastSuccessAt: NOON - 2.5 * HOUR,
    lastReadAt: NOON - 2.5 * HOUR,
    stale: true,
    account: OFFICE,
  }),
  rows_quarantined: failing(
    'rows_quarantined',
    'warning',
    {
      class: 'data',
      code: 'rows-quarantined',
      failures: 2,
      findings: [
        'tab 2026-03, cell B14: Date: "31.2." is not a date; type it as 2026-11-05, or format the cell as a date',
        'tab 2026-03, cell O17: Port Fee: "tbd" is not an amount of money',
      ],
    },
    'port-sheet/rows',
  ),
  model_refused: model('model_refused', 'critical', {
    class: 'refused-us',
    code: 'authentication_error',
    status: 401,
    hint: 'model-key',
  }),
  model_unavailable: model('model_unavailable', 'warning', {
    class: 'busy',
    code: 'overloaded_error',
    status: 529,
    failures: 4,
    firstFailureAt: NOON - 600_000,
    nextAttemptAt: NOON + 300_000,
  }),
  mcp_changed: failing(
    'mcp_changed',
    'warning',
    { code: 'mcp-changed', failures: 1, firstFailureAt: NOON, findings: ['wiki: the tool search_pages has changed its description'] },
    'agent/mcp',
  ),
  backup_failed: failing(
    'backup_failed',
    'warning',
    {
      class: 'host',
      code: 'EACCES',
      failures: 1,
      firstFailureAt: NOON,
      lastSuccessAt: NOON - 24 * HOUR,
      nextAttemptAt: NOON + 24 * HOUR,
      findings: ["EACCES: permission denied, mkdir 'backups'"],
    },
    'bot/backup',
  ),
  notices_refused: failing(
    'notices_refused',
    'warning',
    {
      class: 'sns',
      code: 'AuthorizationErrorException',
      failures: 1,
      nextAttemptAt: NOON + HOUR / 4,
      findings: ['our AWS user may not publish to the topic: allow it sns:Publish there'],
    },
    'bot/notices',
  ),
  host_down: host('host_down', 'critical', 'service', {
    unit: known({ active: 'failed', sub: 'failed', result: 'oom-kill', restarts: 3, since: NOON - 720_000, memoryBytes: null }, NOON),
  }),
  host_memory: host('host_memory', 'critical', 'memory', {
    memory: known({ totalBytes: 914 * MB, availableBytes: 37 * MB }, NOON),
    journal: known(journalWith({ outOfMemory: 2 }), NOON),
  }),
  host_disk: host('host_disk', 'warning', 'disk', { disk: known({ totalBytes: 39_000 * MB, availableBytes: 6200 * MB }, NOON) }),
  host_cpu: host('host_cpu', 'warning', 'cpu', { cloud: wellCloud(NOON, { cpu: known(97, NOON), burst: known(14, NOON) }) }),
  host_journal: host('host_journal', 'critical', 'journal', { journal: known(journalWith({ tokenError: 41 }), NOON) }),
  host_clock: host('host_clock', 'warning', 'clock', { clock: known({ skewMs: 94_000, synchronized: false }, NOON) }),
  host_certificate: host('host_certificate', 'warning', 'certificate', {
    certificate: known({ host: 'bot.jada.example', endsAt: NOON + 9 * 24 * HOUR }, NOON),
  }),
  host_unreachable: host('host_unreachable', 'warning', 'reach', { unit: unseen, journal: unseen }),
}

/** Every kind there is: what is not in the list above does not compile. */
export const signalKinds = (): SignalKind[] => Object.keys(SIGNALS) as SignalKind[]

/** What makes a refusal of Claude's service special. */
const MODEL_HINTS: Readonly<Record<string, Failing>> = {
  'model-key': SIGNALS.model_refused,
  'model-payment': model('model_refused', 'critical', { class: 'refused-us', code: 'billing_error', status: 402, hint: 'model-payment' }),
  'model-permission': model('model_refused', 'critical', {
    class: 'refused-us',
    code: 'permission_error',
    status: 403,
    hint: 'model-permission',
  }),
  'model-name': model('model_refused', 'critical', { class: 'refused-us', code: 'not_found_error', status: 404, hint: 'model-name' }),
}

const HOLD = { tab: '2026-03', contentHash: 'f'.repeat(64) }

/** What makes a failure special; each says what to do in words of its own. */
const HINTS: Readonly<Record<FailureHint, Failing>> = {
  'session-control': token({ code: 'invalid_grant', hint: 'session-control', detail: 'reauth related error (invalid_rapt)' }),
  'account-deleted': token({ hint: 'account-deleted', detail: 'Account has been deleted' }),
  'secret-key': token({ code: 'token-unreadable', status: null, hint: 'secret-key', detail: null }),
  'scope-unticked': token({ code: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', status: 403, hint: 'scope-unticked', detail: 'Insufficient scopes.' }),
  client: SIGNALS.google_configuration,
  'our-request': settings('INVALID_ARGUMENT', 400, { hint: 'our-request', detail: 'Unable to parse range.' }),
  'admin-policy': settings('admin_policy_enforced', 400, { hint: 'admin-policy', detail: 'The admin does not allow this app.' }),
  'api-disabled': settings('SERVICE_DISABLED', 403, {
    hint: 'api-disabled',
    detail: 'Google Sheets API has not been used in this project before, or it is disabled.',
    enableUrl: 'https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=104200000000',
  }),
  'not-shared': sheet({ code: 'PERMISSION_DENIED', status: 403, hint: 'not-shared', detail: 'The caller does not have permission' }),
  'not-found': sheet({
    code: 'NOT_FOUND',
    status: 404,
    hint: 'not-found',
    failures: 2,
    firstFailureAt: NOON - HOUR / 2,
    lastSuccessAt: NOON - HOUR,
    lastReadAt: NOON - HOUR,
    detail: 'Requested entity was not found.',
  }),
  'office-file': sheet({ code: 'FAILED_PRECONDITION', status: 400, hint: 'office-file', detail: 'This document is an Office file.' }),
  'tab-renamed': sheet({ code: 'INVALID_ARGUMENT', status: 400, hint: 'tab-renamed', detail: 'Unable to parse range: 2026-03' }),
  proxy: failing('sync_failing', 'warning', { ...NETWORK_DOWN.evidence, class: 'unknown', code: 'not-json', status: 200, hint: 'proxy' }),
}

/** Other cards worth seeing. */
const MORE: Readonly<Record<string, Failing>> = {
  'never read': token({ lastReadAt: null, lastSuccessAt: null }),
  'a header that changed': sheet({
    code: 'header-drift',
    findings: [
      'The header of the tab "2026-03" changed (missing: Vessel, Captain; twice: Notes). Rename the columns back, or add the new names to sheet.yml.',
    ],
  }),
  'a change that is held': sheet({
    code: 'held',
    holds: [HOLD],
    findings: [
      '9 of 21 charters would disappear from the tab "2026-03" (JC-1101, JC-1102, JC-1103, JC-1104, JC-1105 and 4 more). Nothing of that tab is applied until an operator confirms.',
    ],
  }),
  'many rows left out': failing(
    'rows_quarantined',
    'warning',
    {
      class: 'data',
      code: 'rows-quarantined',
      failures: 7,
      findings: [4, 6, 7, 9, 12, 15, 20].map(
        (row) => `tab 2026-03, cell C${row}: Start: "noonish" is not a time; type it as 9:30 AM or 9:30 PM`,
      ),
    },
    'port-sheet/rows',
  ),
  'one row left out': failing(
    'rows_quarantined',
    'warning',
    {
      class: 'data',
      code: 'rows-quarantined',
      failures: 1,
      findings: ['tab 2026-03, cell A8: the id JC-1104 stands in row 5 as well'],
    },
    'port-sheet/rows',
  ),
  'a rate limit': failing('sync_failing', 'warning', {
    ...NETWORK_DOWN.evidence,
    class: 'rate-limited',
    code: 'RATE_LIMIT_EXCEEDED',
    status: 429,
    detail: 'Quota exceeded for read requests per minute.',
  }),
}

/** When people act, when it is tried again, and when it was seen working: the host only after two good audits. */
const LATER = NOON + 4 * 60_000
const TRIED = NOON + HOUR
const mendedAt = ({ key }: Pick<Incident, 'key'>): number => (key.startsWith('host/') ? NOON + HOUR / 2 : NOON + 12 * 60_000)
const saved = (next: Incident | Omit<Incident, 'id'>): Incident => ({ id: 12, ...next })

function must(decision: Decision): Incident {
  if (decision === null || 'refused' in decision) throw new Error('this story cannot be told')
  return saved(decision.next)
}

const opened = (signal: Failing): Incident => must(decideSignal(null, signal, NOON))
const acted = (incident: Incident, act: Act): Incident => must(decideAct(incident, act, LATER))
/** The next try has failed as well. */
const again = (incident: Incident, { evidence, ...signal }: Failing): Incident => {
  const next = evidence.nextAttemptAt === null ? {} : { failures: evidence.failures + 1, nextAttemptAt: TRIED + 4 * HOUR }
  return must(decideSignal(incident, { ...signal, evidence: { ...evidence, ...next } }, TRIED))
}
const SUMMARIES: Partial<Record<SignalKind, string>> = {
  google_not_connected: '21 charters added.',
  rows_quarantined: 'All rows of the port sheet can be read.',
  model_refused: 'Claude answers again; waiting sessions go on.',
  model_unavailable: 'Claude answers again; waiting sessions go on.',
  host_down: goodOf('service'),
  host_memory: goodOf('memory'),
  host_disk: goodOf('disk'),
  host_cpu: goodOf('cpu'),
  host_journal: goodOf('journal'),
  host_clock: goodOf('clock'),
  host_certificate: 'The certificate of bot.jada.example is good for 89 days more.',
  host_unreachable: goodOf('reach'),
  mcp_changed: 'An operator accepted the tools of wiki as they are now.',
  backup_failed: '/var/lib/jada-bot/backups/jada-20260302-120000.sqlite: 1.2 MB, 3412 rows in 31 tables, read back and whole.',
  notices_refused: 'A notice was published again.',
}
const summaryOf = ({ kind }: Pick<Incident, 'kind'>): string => SUMMARIES[kind] ?? '2 charters added, 1 changed.'
const recovered = (incident: Incident): Incident => must(decideSignal(incident, ok(summaryOf(incident), incident.key), mendedAt(incident)))
const closed = (signal: Failing): Incident => acted(opened(signal), { do: 'resolve', by: MARA, version: 1 })

/** How a card got where it is: through the very decisions that the bot makes. */
const STORIES = {
  open: opened,
  acknowledged: (signal: Failing) => acted(opened(signal), { do: 'ack', by: MARA, version: 1 }),
  snoozed: (signal: Failing) => acted(opened(signal), { do: 'snooze', by: MARA, version: 1, until: LATER + HOUR }),
  recovering: (signal: Failing) => acted(opened(signal), { do: 'consented', email: OFFICE }),
  'still failing': (signal: Failing) => again(opened(signal), signal),
  resolved: (signal: Failing) => recovered(opened(signal)),
  'closed, not proven': closed,
  reopened: (signal: Failing) => again(closed(signal), signal),
  'closed, then seen working': (signal: Failing) => recovered(closed(signal)),
} as const

type Story = keyof typeof STORIES

const LIFE: readonly Story[] = ['open', 'acknowledged', 'snoozed', 'resolved', 'closed, not proven']
/** A card that was opened again looks as an open one does: two kinds show that. */
const WHOLE: readonly Story[] = [...LIFE, 'reopened', 'closed, then seen working']
/** A consent can cure it. */
const CURABLE: readonly Story[] = [...WHOLE, 'recovering', 'still failing']

/** Which states each kind can be in. A kind that is not here, or a state that no kind has, fails the types or the test. */
export const KIND_STORIES: Readonly<Record<SignalKind, readonly Story[]>> = {
  oauth_token_failure: CURABLE,
  oauth_token_expiring: CURABLE,
  google_configuration: LIFE,
  google_not_connected: ['open', 'recovering', 'resolved'],
  sheet_problem: LIFE,
  sync_failing: LIFE,
  sync_stale: LIFE,
  rows_quarantined: WHOLE,
  model_refused: LIFE,
  model_unavailable: LIFE,
  mcp_changed: LIFE,
  backup_failed: LIFE,
  notices_refused: LIFE,
  host_down: LIFE,
  host_memory: LIFE,
  host_disk: LIFE,
  host_cpu: LIFE,
  host_journal: LIFE,
  host_clock: LIFE,
  host_certificate: LIFE,
  host_unreachable: LIFE,
}

export const ALL_STORIES = Object.keys(STORIES) as Story[]

/** What the card says of the office is of the same reading as the card itself. */
function businessOf({ evidence, lastSeenAt, key, symptoms }: Incident): Business {
  const isTold = key.startsWith('port-sheet/') && (evidence.firstFailureAt !== null || evidence.lastReadAt !== null)
  const isRead = symptoms.some((one) => one.key === 'port-sheet/sync' && !one.failing)
  const readAt = isRead ? lastSeenAt : isTold ? evidence.lastReadAt : NOON - HOUR / 2
  const isOld = readAt === null || lastSeenAt - readAt > 2 * HOUR
  return { now: lastSeenAt, readAt, nextSailsAt: NOON + 5 * HOUR, stalePages: isOld ? 2 : 0 }
}

const card = (incident: Incident): MessageView => alertView(incident, { ...LINKS, business: businessOf(incident) })

/** The network is cut: the sync's card is joined by Claude and the host, and they work again one by one. */
const CUT_NETWORK = {
  signals: [
    SIGNALS.sync_failing,
    model('model_unavailable', 'warning', { class: 'unreachable', code: 'ENOTFOUND', firstFailureAt: NOON - 1_500_000, failures: 4 }),
    failing(
      'host_unreachable',
      'warning',
      { class: 'host', code: 'reach', hint: 'network', failures: 3, firstFailureAt: NOON - 1_200_000 },
      'host/reach',
    ),
  ],
  recoveries: [
    ok('2 charters added, 1 changed.', 'port-sheet/sync'),
    ok('Claude answers again; waiting sessions go on.', 'agent/model'),
    ok('All 7 figures could be read.', 'host/reach'),
  ],
}

/** Memory runs short, and then the kernel ends the service. */
const OUT_OF_MEMORY: readonly Failing[] = [
  { ...SIGNALS.host_memory, severity: 'warning' },
  { ...SIGNALS.host_down, evidence: { ...SIGNALS.host_down.evidence, hint: 'oom-kill' } },
]

/** The first incident of the signals, as it stands after them. */
function after(signals: readonly Signal[]): Incident {
  const [first, ...rest] = signals.map((signal, index) => ({ signal, at: NOON + index * 60_000 }))
  const opening = first === undefined ? null : decideSignal(null, first.signal, first.at)
  let incident = { id: 7, ...opening?.next } as Incident
  for (const { signal, at } of rest) {
    const [transition] = decideReport({ current: null, open: [incident] }, signal, at).transitions
    incident = Object.assign({}, incident, transition?.next)
  }
  return incident
}

function foldedCards(): Shown[] {
  const { signals, recoveries } = CUT_NETWORK
  return [
    { name: 'a cut network, three duties', view: card(after(signals)) },
    { name: 'a cut network, one works again', view: card(after([...signals, ...recoveries.slice(0, 1)])) },
    { name: 'a cut network, over', view: card(after([...signals, ...recoveries])) },
  ]
}

export function alertCards(): Shown[] {
  const kinds = Object.keys(KIND_STORIES) as SignalKind[]
  const lives = kinds.flatMap((kind) =>
    KIND_STORIES[kind].map((story) => ({ name: `${kind}, ${story}`, view: card(STORIES[story](SIGNALS[kind])) })),
  )
  const hints = Object.entries({ ...HINTS, ...MODEL_HINTS }).map(([hint, signal]) => ({
    name: `${signal.kind}, ${hint}`,
    view: card(opened(signal)),
  }))
  const more = Object.entries(MORE).map(([name, signal]) => ({ name: `${signal.kind}, ${name}`, view: card(opened(signal)) }))
  const asked = {
    name: 'oauth_token_failure, without a public address',
    view: alertView(opened(TOKEN_DEAD), { reauthorize: null, business: businessOf(opened(TOKEN_DEAD)) }),
  }
  return [...lives, ...hints, ...more, asked, ...foldedCards()]
}

const REFUSALS: Readonly<Record<ConsentRefusal, string | null>> = {
  denied: null,
  'wrong-account': 'captain@jada.example',
  'missing-scopes': null,
  'no-refresh-token': null,
  'probe-failed': OFFICE,
  'not-shared': OFFICE,
  'exchange-failed': null,
  'no-identity': null,
  superseded: null,
}

export const REFUSAL_REASONS = Object.keys(REFUSALS) as ConsentRefusal[]

interface Told {
  readonly note: Note
  readonly of: Incident
  readonly name?: string
}

const dead = opened(TOKEN_DEAD)
const told = (note: Note, of: Incident = dead): Told[] => [{ note, of }]

/** Every kind of note in a thread, with the incident it is said about. */
const NOTES: Readonly<Record<Note['type'], readonly Told[]>> = {
  evidence: Object.entries({ ...SIGNALS, ...MORE }).map(([name, signal]) => ({ note: { type: 'evidence' }, of: opened(signal), name })),
  changed: [
    { note: { type: 'changed', from: 'sync_failing', escalated: true }, of: dead, name: 'worse' },
    { note: { type: 'changed', from: 'oauth_token_failure', escalated: false }, of: opened(SIGNALS.sync_failing), name: 'better' },
  ],
  reopened: told({ type: 'reopened' }),
  'still-failing': [
    { note: { type: 'still-failing' }, of: dead, name: 'next try known' },
    { note: { type: 'still-failing' }, of: opened(SIGNALS.sync_stale), name: 'next try unknown' },
  ],
  acknowledged: told({ type: 'acknowledged', by: MARA }),
  snoozed: told({ type: 'snoozed', by: MARA, until: LATER + HOUR }),
  assigned: told({ type: 'assigned', by: MARA, to: 'U0TOM' }),
  reminded: [
    { note: { type: 'reminded', number: 1, direct: false }, of: dead, name: 'in the thread' },
    { note: { type: 'reminded', number: 2, direct: true }, of: dead, name: 'and written to' },
  ],
  retried: told({ type: 'retried', by: MARA }),
  woken: told({ type: 'woken' }),
  consented: told({ type: 'consented', email: OFFICE }),
  'consent-refused': REFUSAL_REASONS.map((reason) => ({
    note: { type: 'consent-refused', reason, account: REFUSALS[reason] },
    of: dead,
    name: reason,
  })),
  recovered: (['oauth_token_failure', 'google_not_connected', 'rows_quarantined'] as const).map((kind) => ({
    note: { type: 'recovered', summary: summaryOf({ kind }) },
    of: recovered(opened(SIGNALS[kind])),
    name: kind,
  })),
  'closed-unproven': told({ type: 'closed-unproven', by: MARA }, closed(TOKEN_DEAD)),
  folded: [
    { note: { type: 'folded', kind: 'model_unavailable', escalated: false }, of: after(CUT_NETWORK.signals.slice(0, 2)) },
    { note: { type: 'folded', kind: 'host_down', escalated: true }, of: after(OUT_OF_MEMORY), name: 'worse' },
  ],
  split: told({ type: 'split', kinds: ['model_unavailable', 'host_unreachable'] }, after(CUT_NETWORK.signals)),
  'partly-recovered': told(
    { type: 'partly-recovered', key: 'port-sheet/sync', summary: '2 charters added, 1 changed.' },
    after([...CUT_NETWORK.signals, ...CUT_NETWORK.recoveries.slice(0, 1)]),
  ),
  'proven-later': told({ type: 'proven-later', summary: '2 charters added, 1 changed.' }, recovered(closed(TOKEN_DEAD))),
}

export const NOTE_TYPES = Object.keys(NOTES) as Note['type'][]

export function threadNotes(): Shown[] {
  return Object.entries(NOTES).flatMap(([type, all]) =>
    all.map(({ note, of, name }) => ({
      name: name === undefined ? type : `${type}, ${name}`,
      view: { text: threadText(note, of, MARA) },
    })),
  )
}
