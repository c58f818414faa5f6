import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { readRules } from '../../../src/app/config-files.ts'
import { cancelTask } from '../../../src/services/agent/people.ts'
import { revoke } from '../../../src/services/crew/crew-pages.ts'
import { tellGuest } from '../../../src/services/office/card.ts'
import { applyRules, type RulesDeps } from '../../../src/services/rules/apply.ts'
import { standingOf } from '../../../src/services/rules/rules.ts'
import type { Charter } from '../../../src/services/sheets/charter.ts'
import { decideSigning } from '../../../src/services/signing/decide.ts'
import { guestKey, isLive as isOpen } from '../../../src/services/signing/request.ts'
import { isLive } from '../../../src/services/tasks/task.ts'
import { charter, MARA, START } from '../../support/agent-desk.ts'
import { crewDeps } from '../../support/crew-samples.ts'
import { emptyDatabase, openTestDatabase, type TestDatabase } from '../../support/repo-database.ts'
import { signingDeps } from '../../support/signing-samples.ts'

const HOUR = 3_600_000
const RULES: RulesDeps = { rules: readRules(undefined), office: { crew: crewDeps(), signing: signingDeps() } }

/** The port sheet as it stands, and a bot that follows it. */
interface Office {
  readonly store: TestDatabase
  readonly sheet: Map<string, Charter>
  now: number
  /** The charters that the first sync found. */
  isFirst: boolean
}

let store: TestDatabase
beforeEach(async () => {
  store = await openTestDatabase()
})

function open(): Office {
  emptyDatabase(store)
  return { store, sheet: new Map(), now: START, isFirst: true }
}

const write = ({ store: { uow }, now }: Office, what: 'added' | 'changed' | 'restored' | 'removed', one: Charter): Promise<void> =>
  uow.run(({ charters }) => charters.apply([what === 'changed' ? { what, charter: one, fields: ['status'] } : { what, charter: one }], now))

/** Types a row, or types over the one with this id. */
async function type(office: Office, id: string, change: Partial<Charter> = {}): Promise<void> {
  const before = office.sheet.get(id)
  const known = office.store.raw.prepare('select removed_at from charter where id = ?').get(id)
  const next = before === undefined ? charter({ id, guests: 2, ...change }) : { ...before, ...change }
  office.sheet.set(id, next)
  await write(office, known === undefined ? 'added' : before === undefined ? 'restored' : 'changed', next)
}

async function remove(office: Office, id: string): Promise<void> {
  const before = office.sheet.get(id)
  if (before === undefined) return
  office.sheet.delete(id)
  await write(office, 'removed', before)
}

const TABLES = ['task', 'crew_page', 'crew_version', 'signature_request', 'outbox', 'setting', 'work', 'session']
const dump = ({ store: { raw } }: Office): unknown[] => TABLES.map((table) => raw.prepare(`select * from "${table}"`).all())

const sync = ({ store: { uow }, now }: Office): Promise<void> => uow.run((ports) => applyRules(ports, RULES, now))

async function crashingSync({ store: { uow }, now }: Office): Promise<void> {
  const crash = new Error('killed before the commit')
  await uow
    .run(async (ports) => {
      await applyRules(ports, RULES, now)
      throw crash
    })
    .catch((error: unknown) => {
      if (error !== crash) throw error
    })
}

const tasksOf = (office: Office, id: string) => office.store.uow.run(({ tasks }) => tasks.aboutCharter(id))
const requestsOf = (office: Office, id: string) => office.store.uow.run(({ signing }) => signing.ofCharter(id))
const notesOf = ({ store: { raw } }: Office, type: string): number =>
  Number(raw.prepare('select count(*) as n from outbox where dispatch like ?').get(`%"type":"${type}"%`)?.['n'])

/** Somebody does something about a charter: a guest, or an operator. */
type Act = 'send' | 'sign' | 'decline' | 'cancel a task' | 'revoke the page'

async function act(office: Office, id: string, what: Act): Promise<void> {
  const {
    store: { uow },
    now,
  } = office
  await uow.run(async (ports) => {
    if (what === 'revoke the page') return void (await revoke(ports, id, MARA, now))
    if (what === 'cancel a task') {
      const task = (await ports.tasks.aboutCharter(id)).find((one) => isLive(one))
      return void (task === undefined ? null : await cancelTask(ports, task.id, MARA, now))
    }
    const event = what === 'send' ? { do: what, by: MARA } : what === 'sign' ? { do: what } : { do: what, reason: 'No time' }
    const request = (await ports.signing.ofCharter(id)).find(isOpen)
    const next = request === undefined ? null : decideSigning(request, event, now)
    if (next === null) return
    await ports.signing.save(next)
    await tellGuest(ports, next, now)
  })
}

async function checkCharter(office: Office, id: string, isNew: boolean): Promise<void> {
  const found = await office.store.uow.run(({ charterReader }) => charterReader.find(id))
  if (found === null) return
  const standing = standingOf(RULES.rules, found.charter, found.removed, office.now)
  const [tasks, requests] = [await tasksOf(office, id), await requestsOf(office, id)]
  const pages = await office.store.uow.run(({ crewPages }) => crewPages.ofCharter(id))
  const open = requests.filter(isOpen)
  expect(pages.filter(({ state }) => state === 'live').length).toBeLessThanOrEqual(1)
  expect(new Set(open.map(({ guest }) => guestKey(guest))).size).toBe(open.length)
  for (const kind of ['crew-page', 'e-signature']) {
    const own = tasks.filter((task) => task.kind === kind && task.state !== 'cancelled' && !task.title.startsWith('Chase'))
    expect(own.length).toBeLessThanOrEqual(1)
    if (isNew) expect(own).toEqual([])
  }
  if (standing === 'cancelled') expect([open, tasks.filter((task) => isLive(task))]).toEqual([[], []])
  const [newest] = await Promise.all(
    pages.filter(({ state }) => state === 'live').map(({ id: page }) => store.uow.run(({ crewPages }) => crewPages.versions(page))),
  )
  const [content] = newest ?? []
  // Every change arrived: the page says what the sheet says.
  if (content !== undefined) {
    const { status, removed, start } = content.content
    expect([status, removed, start]).toEqual([found.charter.status, found.removed, found.charter.start])
  }
}

/** A sync whose transaction was lost, then one that was committed, then one more: as if there had been one. */
async function syncAndCheck(office: Office): Promise<void> {
  const before = dump(office)
  await crashingSync(office)
  expect(dump(office)).toEqual(before)
  await sync(office)
  const after = dump(office)
  await sync(office)
  expect(dump(office)).toEqual(after)
  const { raw } = office.store
  const last = raw.prepare('select max(seq) as seq from charter_change').get()?.['seq'] ?? null
  const cursor = raw.prepare("select value from setting where name = 'rules-cursor'").get()?.['value'] ?? null
  expect(cursor).toBe(String(last ?? 0))
  const ids = raw
    .prepare('select id from charter')
    .all()
    .map(({ id }) => String(id))
  for (const id of ids) await checkCharter(office, id, office.isFirst)
  if (office.isFirst) expect(raw.prepare('select count(*) as n from outbox').get()).toEqual({ n: 0 })
  office.isFirst = false
  const keys = raw
    .prepare('select key from task')
    .all()
    .map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
}

const IDS = ['JC-1', 'JC-2', 'JC-3']
const change: fc.Arbitrary<Partial<Charter>> = fc.constantFrom<Partial<Charter>[]>(
  { status: 'cancelled' },
  { status: 'refunded' },
  { status: 'confirmed' },
  { status: 'hold' },
  { start: 600, startsAt: charter().startsAt + HOUR, endsAt: charter().endsAt + HOUR },
  { start: 540, startsAt: charter().startsAt, endsAt: charter().endsAt },
  { captain: '' },
  { captain: 'Lee' },
  { guestNames: 'Ana Ruiz', guests: 1 },
  { guestNames: 'Ana Ruiz, Leo Ruiz, Mia Ruiz', guests: 3 },
  { guestNames: 'Ana Ruiz', guests: 4 },
  { guestNames: '' },
)
const id = fc.constantFrom(...IDS)
const step: fc.Arbitrary<(office: Office) => Promise<void>> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(id, change).map(
      ([one, more]) =>
        (office: Office) =>
          type(office, one, more),
    ),
  },
  { weight: 2, arbitrary: id.map((one) => (office: Office) => remove(office, one)) },
  { weight: 5, arbitrary: fc.constant(syncAndCheck) },
  {
    weight: 3,
    arbitrary: fc.tuple(id, fc.constantFrom<Act[]>('send', 'sign', 'decline', 'cancel a task', 'revoke the page')).map(
      ([one, what]) =>
        (office: Office) =>
          act(office, one, what),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 20 }).map((hours) => (office: Office) => {
      office.now += hours * HOUR
      return Promise.resolve()
    }),
  },
)

describe('whatever is typed into the sheet', () => {
  it('there is one page, one open request a guest and one task a kind; what is called off has none; nothing is repeated or skipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 18 }), async (steps) => {
        const office = open()
        for (const one of steps) await one(office)
        await syncAndCheck(office)
      }),
      { numRuns: 25 },
    )
  })
})

/** An office that has seen its first sync, so that what is typed now is new. */
async function begun(): Promise<Office> {
  const office = open()
  await type(office, 'JC-OLD')
  await sync(office)
  return office
}

describe('a charter', () => {
  it('that was there before the bot gets its page, and nobody is asked to sign', async () => {
    const office = await begun()
    expect([await tasksOf(office, 'JC-OLD'), await requestsOf(office, 'JC-OLD')]).toEqual([[], []])
    expect(await office.store.uow.run(({ crewPages }) => crewPages.findLive('JC-OLD'))).toMatchObject({ version: 1, madeBy: null })
  })

  it('that is called off and comes back gets its tasks once more, and is told of once', async () => {
    const office = await begun()
    await type(office, 'JC-1', { captain: '', guests: 5 })
    await sync(office)
    const states = async (): Promise<string[]> => (await tasksOf(office, 'JC-1')).map(({ kind, state }) => `${kind} ${state}`)
    expect(await states()).toEqual(['crew-page queued', 'e-signature queued'])
    for (const round of [1, 2]) {
      await type(office, 'JC-1', { status: 'cancelled' })
      await sync(office)
      await type(office, 'JC-1', { status: 'cancelled', notes: 'Refund sent' })
      await sync(office)
      expect((await states()).filter((state) => !state.endsWith('cancelled'))).toEqual([])
      await type(office, 'JC-1', { status: 'confirmed' })
      await sync(office)
      expect((await states()).filter((state) => state.endsWith('queued'))).toEqual(['crew-page queued', 'e-signature queued'])
      expect(await states()).toHaveLength(2 + round * 2)
    }
  })

  it('whose tasks are done is told to be called off once, each time', async () => {
    const office = await begun()
    await type(office, 'JC-1')
    await sync(office)
    for (const [status, told] of [
      ['cancelled', 2],
      ['canceled', 2],
      ['confirmed', 2],
      ['cancelled', 4],
    ] as const) {
      await type(office, 'JC-1', { status })
      await sync(office)
      expect(notesOf(office, 'called-off')).toBe(told)
    }
  })

  it('whose task a person cancelled does not get it back with the next change', async () => {
    const office = await begun()
    await type(office, 'JC-1', { captain: '', guests: 5 })
    await sync(office)
    const [task] = await tasksOf(office, 'JC-1')
    await office.store.uow.run((ports) => cancelTask(ports, task?.id ?? 0, MARA, office.now))
    await type(office, 'JC-1', { notes: 'New notes' })
    await sync(office)
    expect((await tasksOf(office, 'JC-1')).map(({ kind, state }) => [kind, state])).toEqual([
      ['crew-page', 'cancelled'],
      ['e-signature', 'queued'],
    ])
  })

  it('whose page is there already follows the sheet, whatever becomes of its task', async () => {
    const office = await begun()
    const shown = async (): Promise<string | undefined> =>
      office.store.uow.run(async ({ crewPages }) => {
        const page = await crewPages.findLive('JC-OLD')
        return page === null ? undefined : (await crewPages.versions(page.id))[0]?.content.notes
      })
    // The first change brings a task that waits for a session.
    await type(office, 'JC-OLD', { captain: '', notes: 'Bring ice' })
    await sync(office)
    expect(await shown()).toBe('Bring ice')
    const [task] = await tasksOf(office, 'JC-OLD')
    await office.store.uow.run((ports) => cancelTask(ports, task?.id ?? 0, MARA, office.now))
    await type(office, 'JC-OLD', { notes: 'Bring a cake' })
    await sync(office)
    expect(await shown()).toBe('Bring a cake')
  })

  it('is chased once for each date, and a change of the sheet does not end the chase', async () => {
    const office = await begun()
    await type(office, 'JC-1')
    await sync(office)
    office.now = charter().startsAt - 48 * HOUR
    const chases = async (): Promise<string[]> =>
      (await tasksOf(office, 'JC-1')).filter(({ title }) => title.startsWith('Chase')).map(({ state }) => state)
    office.now -= 1
    await sync(office)
    expect(await chases()).toEqual([])
    for (let n = 0; n < 3; n += 1) {
      office.now += HOUR
      await sync(office)
      expect(await chases()).toEqual(['queued'])
    }
    await type(office, 'JC-1', { notes: 'Bring a cake', captain: 'Lee' })
    await sync(office)
    expect(await chases()).toEqual(['queued'])
    await type(office, 'JC-1', { start: 600, startsAt: charter().startsAt + HOUR, endsAt: charter().endsAt + HOUR })
    await sync(office)
    await sync(office)
    expect(await chases()).toEqual(['queued', 'queued'])
    await type(office, 'JC-1', { status: 'cancelled' })
    await sync(office)
    await type(office, 'JC-1', { status: 'confirmed' })
    await sync(office)
    expect(await chases()).toEqual(['cancelled', 'cancelled', 'queued'])
    office.now = charter().startsAt + 2 * HOUR
    await sync(office)
    expect(await chases()).toHaveLength(3)
  })

  it('has one card for its signatures, also when they are chased', async () => {
    const office = await begun()
    await type(office, 'JC-1')
    await sync(office)
    office.now = charter().startsAt - 40 * HOUR
    await sync(office)
    await act(office, 'JC-1', 'sign')
    const tasks = await tasksOf(office, 'JC-1')
    const own = tasks.find(({ kind }) => kind === 'e-signature')?.id ?? 0
    const rows = office.store.raw.prepare('select lane, dispatch from outbox').all()
    expect(rows.filter(({ dispatch }) => String(dispatch).includes('"did":"signed"')).map(({ lane }) => lane)).toEqual([`task:${own}`])
  })
})
