import { describe, expect, test } from 'vitest'
import type { CrewPage } from '../../src/services/crew/page.ts'
import { openTestDatabase } from '../support/repo-database.ts'
import { NOW, version } from '../support/crew-samples.ts'

type NewPage = Omit<CrewPage, 'id'>

const page = (change: Partial<NewPage> = {}): NewPage => ({
  charterId: 'JC-1101',
  state: 'live',
  link: { hash: 'hash-1', sealed: 'sealed-1' },
  version: 1,
  startsAt: NOW,
  expiresAt: NOW + 1,
  ownChecklist: [{ title: 'A', items: ['b'] }],
  officeNotes: 'n',
  madeBy: null,
  madeAt: NOW,
  revokedBy: null,
  revokedAt: null,
  openedAt: null,
  openedVersion: null,
  ...change,
})

const other = { hash: 'hash-2', sealed: 'sealed-2' }

test('what was written is read again', async () => {
  const { uow } = await openTestDatabase()
  const added = await uow.run(({ crewPages }) => crewPages.add(page()))
  expect(added).toEqual({ ...page(), id: 1 })
  await uow.run(async ({ crewPages }) => {
    expect(await crewPages.findLive('JC-1101')).toEqual(added)
    expect(await crewPages.findByHash('hash-1')).toEqual(added)
    expect(await crewPages.findByHash('sealed-1')).toBeNull()
    const saved: CrewPage = { ...added, version: 2, startsAt: 1, expiresAt: 9, ownChecklist: null, officeNotes: '' }
    await crewPages.save(saved)
    await crewPages.markOpened(1, 2, NOW)
    await crewPages.saveLink(1, { hash: 'hash-1', sealed: 'sealed again' })
    const now = { ...saved, link: { hash: 'hash-1', sealed: 'sealed again' }, openedAt: NOW, openedVersion: 2 }
    expect(await crewPages.findLive('JC-1101')).toEqual(now)
    // Somebody looking meanwhile is not forgotten by a save of an older reading.
    await crewPages.save(saved)
    expect(await crewPages.findLive('JC-1101')).toEqual(now)
  })
})

test('versions are kept, the newest first', async () => {
  const { uow } = await openTestDatabase()
  const [first, second] = [version(1), version(2, { changes: ['Start 09:00 → 10:00'], readAt: null, by: 'U0MARA' })]
  await uow.run(async ({ crewPages }) => {
    await crewPages.addVersion(1, first)
    await crewPages.addVersion(1, second)
    await crewPages.addVersion(2, first)
    expect(await crewPages.versions(1)).toEqual([second, first])
  })
})

describe('the database itself refuses', () => {
  test.each<[string, Partial<NewPage>]>([
    ['a second live page of a charter', { link: other }],
    ['a token that another page has', { charterId: 'JC-1102' }],
    ['a revoked page that says not when', { charterId: 'JC-1102', link: other, state: 'revoked' }],
    ['a live page that says when it was revoked', { charterId: 'JC-1102', link: other, revokedAt: NOW }],
    ['another state', { charterId: 'JC-1102', link: other, state: 'expired' as 'live' }],
    ['version 0', { charterId: 'JC-1102', link: other, version: 0 }],
    ['an end before the start', { charterId: 'JC-1102', link: other, expiresAt: NOW }],
    ['a view of no version', { charterId: 'JC-1102', link: other, openedAt: NOW }],
    ['a view of a version that is not there', { charterId: 'JC-1102', link: other, openedAt: NOW, openedVersion: 2 }],
  ])('%s', async (_what, change) => {
    const { uow } = await openTestDatabase()
    await uow.run(({ crewPages }) => crewPages.add(page()))
    await expect(uow.run(({ crewPages }) => crewPages.add(page(change)))).rejects.toThrow(/constraint/i)
    await uow.run(({ crewPages }) => crewPages.add(page({ charterId: 'JC-1103', link: { hash: 'hash-3', sealed: 's' } })))
  })

  test('the same version twice', async () => {
    const { uow } = await openTestDatabase()
    await uow.run(({ crewPages }) => crewPages.addVersion(1, version(1)))
    await expect(uow.run(({ crewPages }) => crewPages.addVersion(1, version(1)))).rejects.toThrow(/constraint/i)
  })

  test('not a second page after the first was revoked', async () => {
    const { uow } = await openTestDatabase()
    await uow.run(async ({ crewPages }) => {
      const first = await crewPages.add(page())
      await crewPages.save({ ...first, state: 'revoked', revokedAt: NOW, revokedBy: 'U0MARA' })
      await crewPages.add(page({ link: other }))
    })
  })
})
