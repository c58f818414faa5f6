import { copyFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createClaude, type Claude, type GivenAnswer, type MessagesRequest } from '../../sandbox/claude/claude.ts'
import { addTask, readWish } from '../../src/services/tasks/add-task.ts'
import { costOf } from '../../src/services/model/prices.ts'
import { migrate } from '../../src/store/migrations.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { createUnitOfWork } from '../../src/store/unit.ts'
import { charter } from './agent-desk.ts'
import { makeDataDir } from './data-dir.ts'
import { startSessionProcess, type LifeEnd, type SessionProcess } from './session-process.ts'
import { readRecords, type SessionRecords } from './session-records.ts'
import { AFTER_MIDNIGHT, BEFORE_MIDNIGHT, BERTHS, KEY, LETTERS, MARA, MODEL, PLAYBOOK, PRICES, type Life } from './session-setting.ts'

/** Where a process is killed: right before or after its n-th commit, or when the n-th outside call has had its effect and is not answered yet. */
export interface KillPoint {
  readonly at: 'before' | 'after' | 'call'
  readonly n: number
}

interface Moment {
  readonly records: SessionRecords
  /** Replies that Claude has given, and effects that a letter has had. */
  readonly replies: number
  readonly letters: number
}

/** How a story ended. */
export interface SessionEnding {
  readonly point: KillPoint
  /** The outside calls, the one that was killed in last. */
  readonly calls: readonly string[]
  /** What stood when the process died; null: the story ended before the point came. */
  readonly atKill: Moment | null
  readonly atEnd: Moment
  /** What Claude answered that was no reply, and what each reply cost. */
  readonly refusals: readonly string[]
  readonly charged: readonly number[]
  /** The keys that berths were booked with, each time. */
  readonly bookings: readonly string[]
  readonly broken: string | null
  readonly log: readonly string[]
}

export const TASKS = { story: 'Look after the charters', forAgent: 'Look again tomorrow', forPerson: 'Call the client' } as const

const use = (name: string, input: unknown): GivenAnswer['content'][number] => ({ type: 'tool_use', name, input })

const STEPS: readonly GivenAnswer['content'][] = [
  [
    use('note_progress', { text: 'I look at the charters.' }),
    use('list_charters', {}),
    use('book_berth', { text: 'Berth 4' }),
    use('ask_operator', { question: 'Which one?', choices: [] }),
  ],
  [
    use('send_letter', { text: 'Dear client' }),
    use('create_task', { for: 'agent', title: TASKS.forAgent }),
    use('create_task', { for: 'person', title: TASKS.forPerson }),
    use('finish', { outcome: 'done', summary: 'All is looked after.' }),
  ],
]

/** The model of the story: what it says depends only on the conversation. */
function think({ turns }: MessagesRequest): GivenAnswer {
  // Every conversation begins with a reply that read the task.
  const said = turns.filter(({ role }) => role === 'assistant').length - 1
  return { content: STEPS[said] ?? [], stop_reason: 'tool_use' }
}

/** The database as it stands before the story: one task, and something to read. */
export async function prepareStory(folder: string): Promise<void> {
  const database = openDatabase(folder)
  await migrate(database.db)
  await createUnitOfWork(database.db).run(async (ports) => {
    await ports.charters.apply([{ what: 'added', charter: charter() }], BEFORE_MIDNIGHT)
    const wish = readWish({ kind: PLAYBOOK.kind, title: TASKS.story }, [PLAYBOOK.kind])
    await addTask(ports, wish, { origin: { via: 'slack', by: MARA } }, BEFORE_MIDNIGHT)
  })
  await database.close()
}

interface Outside {
  readonly url: string
  readonly bookings: string[]
  letters(): number
  stop(): void
}

/** Berths are booked once for each key; letters are sent each time. `acted` is awaited after the effect and before the answer. */
async function startOutside(acted: (label: string) => Promise<void>): Promise<Outside> {
  const bookings: string[] = []
  let letters = 0
  const server = createServer((incoming, outgoing) => {
    if (incoming.method !== 'POST') {
      outgoing.end(String(letters))
      return
    }
    const isLetter = incoming.url === LETTERS
    if (isLetter) letters += 1
    else if (incoming.url === BERTHS) bookings.push(String(incoming.headers['idempotency-key']))
    void acted(isLetter ? 'letter' : 'berth').then(() => outgoing.end('done'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bookings,
    letters: () => letters,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const repliesOf = (claude: Claude): number => claude.snapshot().replies

/** Kills the first process at the point, then lets a fresh one go on, on the next day. */
async function twoLives(stage: Stage, victim: SessionProcess): Promise<{ atKill: Moment | null; end: LifeEnd; heir: SessionProcess }> {
  const { life, point, log, moment } = stage
  const kill = point.at === 'call' ? null : { at: point.at, n: point.n }
  const end = await victim.live({ ...life, now: BEFORE_MIDNIGHT, kill }, log)
  if (end.how !== 'killed') return { atKill: null, end, heir: victim }
  const atKill = moment()
  log.push('--- killed ---')
  const heir = startSessionProcess()
  return { atKill, end: await heir.live({ ...life, now: AFTER_MIDNIGHT, kill: null }, log), heir }
}

interface Stage {
  readonly life: Omit<Life, 'now' | 'kill'>
  readonly point: KillPoint
  readonly log: string[]
  readonly moment: () => Moment
}

/** Plays the story with one kill in it. Gives also the process that lived to its end: it may be the next story's victim. */
export async function playSession(
  template: string,
  point: KillPoint,
  victim: SessionProcess,
): Promise<{ ending: SessionEnding; heir: SessionProcess }> {
  const folder = makeDataDir()
  copyFileSync(join(template, 'jada.sqlite'), join(folder, 'jada.sqlite'))
  const calls: string[] = []
  let isAlive = true
  const acted = async (label: string): Promise<void> => {
    if (isAlive) calls.push(label)
    if (!isAlive || point.at !== 'call' || point.n !== calls.length) return
    isAlive = false
    await victim.kill()
  }
  const claude = createClaude({ apiKey: KEY, now: () => BEFORE_MIDNIGHT, pause: () => acted('claude') })
  claude.answerWith(think)
  const { url: claudeUrl } = await claude.start()
  const outside = await startOutside(acted)
  const log: string[] = []
  const moment = (): Moment => ({ records: readRecords(folder), replies: repliesOf(claude), letters: outside.letters() })
  const life = { folder, claudeUrl, outsideUrl: outside.url }
  const { atKill, end, heir } = await twoLives({ life, point, log, moment }, victim)
  const ending: SessionEnding = {
    point,
    calls,
    atKill,
    atEnd: moment(),
    refusals: claude.requests.flatMap(({ status, message }) => (status === 200 ? [] : `${status} ${message ?? ''}`)),
    charged: claude.requests.flatMap(({ usage }) => (usage === undefined ? [] : toCost(usage))),
    bookings: outside.bookings,
    broken: end.how === 'ended' ? null : end.how === 'broken' ? end.why : 'it was killed twice',
    log,
  }
  outside.stop()
  await claude.stop()
  rmSync(folder, { recursive: true, force: true })
  return { ending, heir }
}

function toCost(usage: NonNullable<Claude['requests'][number]['usage']>): number {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
  const price = PRICES[MODEL]
  if (price === undefined) throw new Error('no price')
  return costOf(
    { input: input_tokens, output: output_tokens, cacheWrite: cache_creation_input_tokens, cacheRead: cache_read_input_tokens },
    price,
  )
}
