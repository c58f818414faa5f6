import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { CharterChange } from '../../../src/services/sheets/charter.ts'
import { planTabs, type ReadTab, type StoredCharter } from '../../../src/services/sheets/diff.ts'
import { locateTabs, wantedTabs } from '../../../src/services/sheets/tabs.ts'
import { charter, ZONE } from '../../support/sheet-fixtures.ts'

describe('the wanted tabs', () => {
  const noon = Date.UTC(2026, 10, 2, 20)

  test.each([
    ['{yyyy}-{MM}', ['2026-11', '2026-12']],
    ['{MMMM yyyy}', ['November 2026', 'December 2026']],
    ['{MMM yy} log', ['Nov 26 log', 'Dec 26 log']],
    ['{yyyy}', ['2026']],
    ['Port log', ['Port log']],
    ['Port {}', ['Port {}']],
  ])('of the pattern %s are this month and the next: %j', (pattern, titles) => {
    expect(wantedTabs(pattern, noon, ZONE)).toEqual(titles)
  })

  test('go over the end of the year', () => {
    expect(wantedTabs('{yyyy}-{MM}', Date.UTC(2026, 11, 31, 20), ZONE)).toEqual(['2026-12', '2027-01'])
    expect(wantedTabs('{MMMM yyyy}', Date.UTC(2026, 11, 31, 20), ZONE)).toEqual(['December 2026', 'January 2027'])
    expect(wantedTabs('{yyyy}', Date.UTC(2026, 11, 31, 20), ZONE)).toEqual(['2026', '2027'])
  })

  test('are those of the zone of the sheet, not of UTC', () => {
    const midnight = Date.UTC(2026, 11, 1)
    expect(wantedTabs('{yyyy}-{MM}', midnight, ZONE)).toEqual(['2026-11', '2026-12'])
    expect(wantedTabs('{yyyy}-{MM}', midnight + 8 * 3_600_000 - 1, ZONE)).toEqual(['2026-11', '2026-12'])
    expect(wantedTabs('{yyyy}-{MM}', midnight + 8 * 3_600_000, ZONE)).toEqual(['2026-12', '2027-01'])
    expect(wantedTabs('{yyyy}-{MM}', midnight - 1, 'Pacific/Auckland')).toEqual(['2026-12', '2027-01'])
    expect(wantedTabs('{yyyy}-{MM}', midnight, 'UTC')).toEqual(['2026-12', '2027-01'])
  })

  test('do not skip a month at the end of a long one', () => {
    expect(wantedTabs('{yyyy}-{MM}', Date.UTC(2027, 0, 31, 20), ZONE)).toEqual(['2027-01', '2027-02'])
  })
})

describe('a tab', () => {
  const outline = (...tabs: [number, string][]) => ({ timeZone: ZONE, tabs: tabs.map(([gridId, title]) => ({ gridId, title })) })
  const known = [
    { title: '2026-11', gridId: 5 },
    { title: '2026-12', gridId: 6 },
  ]

  test('is found by its title, whatever its grid', () => {
    expect(locateTabs(['2026-11', '2026-12'], known, outline([9, '2026-11'], [6, '2026-12']))).toEqual({
      located: [
        { title: '2026-11', current: '2026-11', gridId: 9 },
        { title: '2026-12', current: '2026-12', gridId: 6 },
      ],
      missing: [],
    })
  })

  test('that was renamed is found by the grid it had', () => {
    expect(locateTabs(['2026-11'], known, outline([0, 'Crew'], [5, 'Nov (final)']))).toEqual({
      located: [{ title: '2026-11', current: 'Nov (final)', gridId: 5 }],
      missing: [],
    })
  })

  test('that was renamed to another wanted title is that other one, and is not read twice', () => {
    expect(locateTabs(['2026-11', '2026-12'], known, outline([5, '2026-12']))).toEqual({
      located: [{ title: '2026-12', current: '2026-12', gridId: 5 }],
      missing: ['2026-11'],
    })
  })

  test('that nobody ever saw is missing; its grid is never guessed', () => {
    expect(locateTabs(['2027-01'], known, outline([0, 'Crew'], [5, '2026-11']))).toEqual({ located: [], missing: ['2027-01'] })
  })
})

const tab = (title: string, charters: ReadTab['charters'], quarantinedIds: string[] = []): ReadTab => ({
  title,
  contentHash: `hash of ${title}`,
  charters,
  quarantinedIds,
  hasUnknownIds: false,
})
const stored = (id: string, change: Parameters<typeof charter>[1] = {}, removedAt: number | null = null): StoredCharter => ({
  charter: charter(id, change),
  removedAt,
})
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `JC-${index + 1}`)
const told = (changes: readonly CharterChange[]) => changes.map((change) => `${change.what} ${change.charter.id}`)
const NONE: ReadonlySet<string> = new Set()

describe('the difference', () => {
  test('names what was added, changed, restored and removed, and says nothing of the rest', () => {
    const before = [...ids(6).map((id) => stored(id)), stored('JC-7', {}, Date.UTC(2026, 10, 1))]
    const after = [
      ...['JC-1', 'JC-2', 'JC-3', 'JC-4'].map((id) => charter(id)),
      charter('JC-5', { captain: 'Ana', guests: 6 }),
      charter('JC-7'),
      charter('JC-8'),
    ]
    const [plan] = planTabs([tab('2026-11', after)], before, NONE)
    expect(told(plan?.changes ?? [])).toEqual(['changed JC-5', 'restored JC-7', 'added JC-8', 'removed JC-6'])
    expect(plan?.changes[0]).toMatchObject({ fields: ['guests', 'captain'] })
    expect(plan?.hold).toBeNull()
  })

  test('of a charter that moved to another tab is a change, not a removal', () => {
    const plans = planTabs(
      [tab('2026-11', [charter('JC-1')]), tab('2026-12', [charter('JC-2', { tab: '2026-12' })])],
      [stored('JC-1'), stored('JC-2')],
      NONE,
    )
    expect(plans.map((plan) => told(plan.changes))).toEqual([[], ['changed JC-2']])
    expect(plans.map((plan) => plan.hold)).toEqual([null, null])
  })

  test('leaves a charter alone whose row is quarantined, here or in the other tab', () => {
    const plans = planTabs([tab('2026-11', [], ['JC-1']), tab('2026-12', [], ['JC-2'])], [stored('JC-1'), stored('JC-2')], NONE)
    expect(plans.map((plan) => [plan.changes, plan.hold])).toEqual([
      [[], null],
      [[], null],
    ])
  })

  test('holds a tab that lost more than a fifth, and only that tab', () => {
    const before = [...ids(10).map((id) => stored(id)), stored('JC-21', { tab: '2026-12' })]
    const plans = planTabs(
      [
        tab(
          '2026-11',
          ids(7).map((id) => charter(id)),
        ),
        tab('2026-12', [charter('JC-21', { tab: '2026-12', guests: 2 })]),
      ],
      before,
      NONE,
    )
    expect(plans[0]?.hold).toEqual({ before: 10, removed: ['JC-8', 'JC-9', 'JC-10'] })
    expect(plans[1]).toMatchObject({ hold: null, changes: [{ what: 'changed' }] })
  })

  test('lets exactly a fifth go', () => {
    const [plan] = planTabs(
      [
        tab(
          '2026-11',
          ids(8).map((id) => charter(id)),
        ),
      ],
      ids(10).map((id) => stored(id)),
      NONE,
    )
    expect(plan?.hold).toBeNull()
    expect(told(plan?.changes ?? [])).toEqual(['removed JC-9', 'removed JC-10'])
  })

  property.prop([fc.integer({ min: 1, max: 400 }), fc.nat(400)])(
    'holds exactly when five times the loss is more than there was',
    (all, lost) => {
      const gone = Math.min(all, lost)
      const [plan] = planTabs(
        [
          tab(
            '2026-11',
            ids(all - gone).map((id) => charter(id)),
          ),
        ],
        ids(all).map((id) => stored(id)),
        NONE,
      )
      expect(plan?.hold !== null).toBe(gone * 5 > all)
    },
  )

  test('counts neither what was removed before nor other tabs', () => {
    const before = [
      ...ids(5).map((id) => stored(id)),
      ...['JC-6', 'JC-7', 'JC-8', 'JC-9', 'JC-10'].map((id) => stored(id, {}, Date.UTC(2026, 9, 1))),
      stored('JC-11', { tab: '2026-10' }),
    ]
    const [plan] = planTabs(
      [
        tab(
          '2026-11',
          ids(3).map((id) => charter(id)),
        ),
      ],
      before,
      NONE,
    )
    expect(plan?.hold).toEqual({ before: 5, removed: ['JC-4', 'JC-5'] })
  })

  test('of an approved content is applied, of any other content is not', () => {
    const before = ids(4).map((id) => stored(id))
    const empty = tab('2026-11', [])
    expect(planTabs([empty], before, new Set([empty.contentHash]))[0]?.hold).toBeNull()
    expect(planTabs([empty], before, new Set(['another content']))[0]?.hold).toEqual({ before: 4, removed: ids(4) })
  })
})
