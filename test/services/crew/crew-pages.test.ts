import { expect, test } from 'vitest'
import {
  find,
  openPage,
  pageAddress,
  publish,
  refresh,
  revoke,
  type CrewDeps,
  type Opening,
  type Published,
  type Publishing,
} from '../../../src/services/crew/crew-pages.ts'
import type { CrewPage, CrewVersion } from '../../../src/services/crew/page.ts'
import { openTestDatabase, type TestDatabase } from '../../support/repo-database.ts'
import { newBox, newKey } from '../../support/google-world.ts'
import { charter, crewDeps, NOW, PRIVATE } from '../../support/crew-samples.ts'

const URL = 'https://bot.jada.example'
const MARA = 'U0MARA'
const DAY = 86_400_000
const HOUR = 3_600_000

interface Scene {
  store: TestDatabase
  deps: CrewDeps
  publish: (change?: Partial<Publishing>, now?: number) => Promise<Published>
  page: (change?: Partial<Publishing>, now?: number) => Promise<CrewPage>
  versions: (page: CrewPage) => Promise<CrewVersion[]>
  open: (token: string, now?: number, isViewer?: boolean) => Promise<Opening>
  token: (page: CrewPage) => string
}

async function openScene(deps: CrewDeps = crewDeps()): Promise<Scene> {
  const store = await openTestDatabase()
  const scene: Scene = {
    store,
    deps,
    publish: (change = {}, now = NOW) =>
      store.uow.run((ports) => publish(ports, deps, { charter: charter(), removed: false, readAt: NOW, by: MARA, ...change }, now)),
    page: async (change, now) => {
      const published = await scene.publish(change, now)
      if (!('page' in published)) throw new Error(published.kind)
      return published.page
    },
    versions: (page) => store.uow.run(({ crewPages }) => crewPages.versions(page.id)),
    open: (token, now = NOW, isViewer = true) =>
      store.uow.run((ports) => openPage(ports, { privateFields: PRIVATE }, { token, isViewer }, now)),
    token: (page) => pageAddress(deps, URL, page).split('/').at(-1) ?? '',
  }
  return scene
}

test('a page is made once, and the same content makes no new version', async () => {
  const scene = await openScene()
  const made = await scene.publish()
  expect(made).toMatchObject({ kind: 'made', page: { charterId: 'JC-1101', state: 'live', version: 1, madeBy: MARA, madeAt: NOW } })
  const page = await scene.page()
  expect(page.expiresAt).toBe(charter().endsAt + 7 * DAY)
  expect(await scene.publish({}, NOW + HOUR)).toMatchObject({ kind: 'same', page: { id: page.id, version: 1 } })
  // What no page shows makes no version either.
  expect(await scene.publish({ charter: charter({ grossRevenue: 1, contact: 'other@guests.example' }) })).toMatchObject({ kind: 'same' })
  expect(await scene.versions(page)).toHaveLength(1)
  expect((await scene.versions(page))[0]?.content.checklist.length).toBeGreaterThan(0)
})

test('a change keeps the old version and says what is other', async () => {
  const scene = await openScene()
  const page = await scene.page()
  const later = NOW + HOUR
  expect(await scene.publish({ charter: charter({ start: 600, captain: 'Lee' }), by: null, readAt: later }, later)).toMatchObject({
    kind: 'changed',
    changes: ['Start 09:00 → 10:00', 'Captain Sam → Lee'],
    page: { id: page.id, version: 2, link: page.link },
  })
  expect(await scene.versions(page)).toMatchObject([
    { version: 2, by: null, at: later, readAt: later, content: { start: 600, captain: 'Lee' } },
    { version: 1, by: MARA, at: NOW, changes: [], content: { start: 540, captain: 'Sam' } },
  ])
})

test('what somebody wrote stays until somebody writes again, and is masked', async () => {
  const scene = await openScene()
  const own = [{ title: 'Own', items: ['Call 619 555 7777'] }]
  const page = await scene.page({ checklist: own, notes: 'Ana pays $300 at the dock' })
  const contentNow = async () => (await scene.versions(page))[0]?.content
  expect(await contentNow()).toMatchObject({
    checklist: [{ title: 'Own', items: ['Call [phone hidden]'] }],
    officeNotes: 'Ana pays [amount hidden] at the dock',
  })
  await scene.publish({ charter: charter({ guests: 8 }) })
  expect(await contentNow()).toMatchObject({
    guests: 8,
    checklist: [{ title: 'Own' }],
    officeNotes: 'Ana pays [amount hidden] at the dock',
  })
  expect(await scene.publish({ charter: charter({ guests: 8 }), checklist: null, notes: '' })).toMatchObject({ kind: 'changed' })
  expect(await contentNow()).toMatchObject({ officeNotes: '', checklist: [{ title: 'Before the guests come' }, {}, {}] })
})

test('the checklist by code follows the charter', async () => {
  const scene = await openScene()
  await scene.page()
  expect(await scene.publish({ charter: charter({ agreement: 'signed' }) })).toMatchObject({
    changes: ['Agreement pending → signed', 'Checklist removed: "Agreement signed by every guest"'],
  })
})

test('a sync brings up to date what is there, and makes nothing', async () => {
  const scene = await openScene()
  const now = { charter: charter({ status: 'cancelled' }), removed: false, readAt: NOW }
  const sync = (current = now) => scene.store.uow.run((ports) => refresh(ports, scene.deps, NOW, current))
  expect(await sync()).toBeNull()
  await scene.page()
  expect(await sync()).toMatchObject({ kind: 'changed', changes: ['Status confirmed → cancelled'] })
  expect(await sync()).toMatchObject({ kind: 'same' })
  expect(await sync({ ...now, removed: true })).toMatchObject({ changes: ['No longer in the port sheet'] })
  await scene.store.uow.run((ports) => revoke(ports, 'JC-1101', MARA, NOW))
  expect(await sync()).toBeNull()
})

test('revoking ends a page at once; the next one has another address', async () => {
  const scene = await openScene()
  const page = await scene.page()
  const token = scene.token(page)
  expect(await scene.open(token)).toMatchObject({ kind: 'open' })
  const end = (now: number) => scene.store.uow.run((ports) => revoke(ports, 'JC-1101', MARA, now))
  expect(await end(NOW + 1)).toMatchObject({ state: 'revoked', revokedBy: MARA, revokedAt: NOW + 1 })
  expect(await end(NOW + 2)).toBeNull()
  expect(await scene.open(token)).toEqual({ kind: 'ended' })
  expect(await scene.store.uow.run((ports) => find(ports, 'JC-1101'))).toBeNull()
  const next = await scene.page()
  expect(next.id).not.toBe(page.id)
  expect(scene.token(next)).not.toBe(token)
  expect(await scene.open(scene.token(next))).toMatchObject({ kind: 'open' })
  expect(await scene.open(token)).toEqual({ kind: 'ended' })
  expect((await scene.store.uow.run(({ crewPages }) => crewPages.ofCharter('JC-1101'))).map(({ id }) => id)).toEqual([next.id, page.id])
})

test('it ends seven days after sailing to the millisecond, and comes back when the charter is put off', async () => {
  const scene = await openScene()
  const token = scene.token(await scene.page())
  const end = charter().endsAt + 7 * DAY
  expect(await scene.open(token, end - 1)).toMatchObject({ kind: 'open' })
  expect(await scene.open(token, end)).toEqual({ kind: 'ended' })
  const later = charter({ date: '2026-11-20' })
  await scene.publish({ charter: later }, end)
  expect(await scene.open(token, end)).toMatchObject({ kind: 'open', page: { expiresAt: later.endsAt + 7 * DAY } })
})

test('no page is made that nobody could open', async () => {
  const scene = await openScene()
  expect(await scene.publish({}, charter().endsAt + 7 * DAY)).toEqual({ kind: 'too-late' })
  expect(await scene.store.uow.run((ports) => find(ports, 'JC-1101'))).toBeNull()
})

test('a token that is none, or another one, opens nothing', async () => {
  const scene = await openScene()
  const token = scene.token(await scene.page())
  for (const wrong of ['', 'x', `${token.slice(1)}a`, `${token} `, `${token}'--`])
    expect(await scene.open(wrong)).toEqual({ kind: 'unknown' })
})

test('who looks is counted to the minute and by version; a program is not', async () => {
  const scene = await openScene()
  const page = await scene.page()
  const token = scene.token(page)
  const seen = async () => {
    const found = await scene.store.uow.run((ports) => find(ports, 'JC-1101'))
    return [found?.openedAt, found?.openedVersion]
  }
  await scene.open(token, NOW, false)
  expect(await seen()).toEqual([null, null])
  await scene.open(token, NOW + 1)
  await scene.open(token, NOW + 60_000)
  expect(await seen()).toEqual([NOW + 1, 1])
  await scene.open(token, NOW + 60_001)
  expect(await seen()).toEqual([NOW + 60_001, 1])
  await scene.publish({ charter: charter({ guests: 2 }) })
  expect(await seen()).toEqual([NOW + 60_001, 1])
  await scene.open(token, NOW + 60_002)
  expect(await seen()).toEqual([NOW + 60_002, 2])
})

test('the page knows how old the sheet is, and when it is behind it', async () => {
  const scene = await openScene()
  const token = scene.token(await scene.page({ readAt: NOW }))
  expect(await scene.open(token)).toMatchObject({ readAt: NOW, isBehind: false })
  const store = (change: Parameters<typeof charter>[0], at: number) =>
    scene.store.uow.run(async ({ charters, syncState }) => {
      await charters.apply([{ what: 'added', charter: charter(change) }], at)
      await syncState.write({ ...(await syncState.read()), tabs: ['2026-11'], lastReadAt: at })
    })
  await store({ crewCost: 5 }, NOW + HOUR)
  expect(await scene.open(token)).toMatchObject({ readAt: NOW + HOUR, isBehind: false })
  await store({ start: 600 }, NOW + 2 * HOUR)
  expect(await scene.open(token)).toMatchObject({ readAt: NOW, isBehind: true, versions: [{ content: { start: 540 } }] })
  await scene.publish({ charter: charter({ start: 600 }), readAt: NOW + 2 * HOUR })
  expect(await scene.open(token)).toMatchObject({ readAt: NOW + 2 * HOUR, isBehind: false })
})

test('a new key keeps the address', async () => {
  const [old, current] = [newKey(), newKey()]
  const scene = await openScene(crewDeps({ box: newBox(old) }))
  const before = await scene.page()
  const token = scene.token(before)
  const box = newBox(current, old)
  const after = await scene.store.uow.run((ports) =>
    refresh(ports, { ...scene.deps, box }, NOW, { charter: charter(), removed: false, readAt: NOW }),
  )
  if (after === null || !('page' in after)) throw new Error('no page')
  expect(pageAddress({ box: newBox(current) }, URL, after.page)).toBe(`${URL}/crew/${token}`)
  expect(await scene.store.uow.run((ports) => find(ports, 'JC-1101'))).toEqual(after.page)
})
