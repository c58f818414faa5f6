import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hearIncident } from '../../src/bot/incident-thread.ts'
import type { Word } from '../../src/bot/thread-words.ts'
import type { MessageView } from '../../src/bot/views/alert.ts'
import { plainView } from '../../src/bot/views/answers.ts'
import { assignView, REFUSED, resolveView } from '../../src/bot/views/incident-acts.ts'
import { backMessage, willText } from '../../src/bot/views/last-will.ts'
import { directText, threadText } from '../../src/bot/views/note.ts'
import { claudeAnswer } from '../../src/bot/views/question-answer.ts'
import { answerView } from '../../src/bot/views/thread-answer.ts'
import { runbookSections } from '../../src/services/incidents/runbook.ts'
import { report } from '../../src/services/incidents/report.ts'
import type { Shown } from './gallery-cards.ts'
import { NO_SAILING } from './no-sailing.ts'
import { failing, incident, NOON, TOKEN_DEAD } from './incident-samples.ts'
import { emptyDatabase, openTestDatabase, type TestDatabase } from './repo-database.ts'
import { ROOT } from './repo-imports.ts'

/** What is said in an incident's thread to who writes there, and what the bot says to persons and of itself. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MARA = 'U0MARA'
const TOM = 'U0TOM'
const GUEST = 'U0GUEST'
const CHANNEL = 'C0OPS'

interface Written {
  readonly text: string
  readonly by?: string
  /** What was written before it. */
  readonly after?: readonly string[]
  /** About an incident of another kind. */
  readonly about?: 'token' | 'model'
}

/** What may be written in a thread, by what it is read as; what is answered to each is the bot's own. */
const WRITTEN: Readonly<Record<Word['word'], Readonly<Record<string, Written>>>> = {
  status: {
    open: { text: 'status' },
    'snoozed and with somebody': { text: 'status', after: ['snooze 2h'] },
    closed: { text: 'status', after: ['resolve'] },
  },
  why: { 'a dead token': { text: 'why' }, 'Claude refuses us': { text: 'why', about: 'model' } },
  timeline: { 'some hours of it': { text: 'timeline', after: ['ack', `assign <@${TOM}>`, 'snooze 2h'] } },
  question: {
    'what the runbook says': { text: 'Do I have to restart anything?' },
    'by somebody else': { text: 'Is my trip safe?', by: GUEST },
  },
  ack: {
    done: { text: 'ack' },
    already: { text: 'ack', after: ['ack'] },
    'too late': { text: 'ack', after: ['resolve'] },
    'not allowed': { text: 'ack', by: GUEST },
  },
  snooze: { 'for two hours': { text: 'snooze 2h' }, 'until the morning': { text: 'snooze until 08:00' } },
  assign: { 'to oneself': { text: 'assign me' }, 'to somebody': { text: `assign <@${TOM}>` } },
  retry: { 'a sync': { text: 'retry' }, 'nothing to try': { text: 'retry', about: 'model' } },
  resolve: { done: { text: 'resolve' }, 'too late': { text: 'resolve', after: ['resolve'] } },
  unclear: { snooze: { text: 'snooze a while' }, assign: { text: 'assign somebody' }, 'a slip': { text: 'snoze 2h' } },
  // Nothing is said to it.
  talk: {},
}

const ABOUT = {
  token: TOKEN_DEAD,
  model: failing(
    'model_refused',
    'critical',
    { class: 'refused-us', code: 'authentication_error', status: 401, hint: 'model-key', failures: 1, firstFailureAt: NOON },
    'agent/model',
  ),
} as const

const runbook = runbookSections(readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8'))
const deps = { operators: [MARA, TOM], onDuty: MARA, zone: 'America/Los_Angeles', runbook, asksClaude: false, sailing: NO_SAILING }

const THREAD = { channel: CHANNEL, threadTs: '1772452800.000100' }

/** The incident opens at noon; half an hour later the first word is written, then one each ten minutes. Gives what is said to the last. */
async function answerTo({ uow }: TestDatabase, { text, by = MARA, after = [], about = 'token' }: Written): Promise<MessageView> {
  await uow.run(async (ports) => {
    await report(ports, ABOUT[about], NOON)
    const [incident] = await ports.incidents.open()
    await ports.cards.set(`incident:${incident?.id ?? 0}`, { channel: CHANNEL, ts: THREAD.threadTs, version: 1 })
  })
  const steps = [...after.map((one) => ({ text: one, user: MARA })), { text, user: by }]
  let said = plainView('nothing')
  for (const [index, step] of steps.entries()) {
    const now = NOON + 30 * MINUTE + index * 10 * MINUTE
    await uow.run(async (ports) => {
      const heard: typeof ports.outbox = {
        ...ports.outbox,
        add: (row, at) => {
          if (row.dispatch.kind === 'answer') said = answerView(row.dispatch)
          if (row.dispatch.kind === 'reply') said = { text: threadText(row.dispatch.note, row.dispatch.snapshot, MARA) }
          return ports.outbox.add(row, at)
        },
      }
      // It was read when the sync last worked.
      const charterReader = { ...ports.charterReader, readAt: () => Promise.resolve(NOON - HOUR / 2) }
      await hearIncident({ ...ports, outbox: heard, charterReader }, deps, { ...THREAD, ...step }, String(index), now)
    })
  }
  return said
}

async function threadAnswers(): Promise<Shown[]> {
  const store = await openTestDatabase()
  const shown: Shown[] = []
  for (const [word, all] of Object.entries(WRITTEN)) {
    for (const [name, written] of Object.entries(all)) {
      emptyDatabase(store)
      shown.push({ name: `thread, ${word}, ${name}: "${written.text}"`, view: await answerTo(store, written) })
    }
  }
  return shown
}

const SEEN = { id: 12, version: 2, kind: 'oauth_token_failure' } as const

/** What only the person who clicked sees. */
const WINDOWS: Readonly<Record<string, MessageView>> = {
  'assign, who': assignView(SEEN),
  'resolve, sure': resolveView(SEEN),
  ...Object.fromEntries(Object.entries(REFUSED).map(([why, text]) => [`a click that is refused, ${why}`, plainView(text)])),
}

/** What Claude says to a question, with the line below it that is ours. */
const BY_CLAUDE: Readonly<Record<string, MessageView>> = {
  'question by Claude': answerView(
    claudeAnswer(
      'Google refuses the token for good: *invalid_grant* (signals). The last two tokens lived seven days each (causes), so the consent screen is still in Testing.\n\n- Re-authorize now: press Re-authorize on the card.\n- Then publish the app, or it ends again in a week: https://console.cloud.google.com/auth/audience',
      {
        sources: [
          { name: 'signals', told: 'signals', at: NOON - 3 * MINUTE, data: null },
          { name: 'runs', told: 'last 5 runs', at: NOON - 12 * MINUTE, data: null },
          { name: 'causes', told: 'known causes', at: null, data: null },
          { name: 'runbook', told: 'runbook section oauth-token-failure', at: null, data: null },
        ],
        links: ['https://console.cloud.google.com/auth/audience'],
      },
      NOON,
    ),
  ),
}

const SINCE = NOON - 9 * MINUTE
const IN_FLIGHT = ['session 5 on task 12', 'incident 12 (CRITICAL)', '2 unsent messages']

/** What comes without anybody having asked. */
const UNASKED: Readonly<Record<string, MessageView>> = {
  'direct message to whoever is on duty': { text: directText(incident({ id: 12 }), CHANNEL) },
  'last will, with work in flight': { text: willText({ since: SINCE, inFlight: IN_FLIGHT }) },
  'last will, with nothing in flight': { text: willText({ since: SINCE, inFlight: [] }) },
  'last will, back after it was down': { text: backMessage({ since: SINCE, until: NOON + HOUR, wasDown: true }).text },
  'last will, back after Slack could not be reached': { text: backMessage({ since: SINCE, until: NOON + HOUR, wasDown: false }).text },
}

export async function incidentThreads(): Promise<Shown[]> {
  const windows = Object.entries(WINDOWS).map(([name, view]) => ({ name, view, to: MARA }))
  const claude = Object.entries(BY_CLAUDE).map(([name, view]) => ({ name: `thread, ${name}`, view }))
  return [...(await threadAnswers()), ...claude, ...windows, ...Object.entries(UNASKED).map(([name, view]) => ({ name, view }))]
}
