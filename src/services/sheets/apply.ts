import { isDeepStrictEqual } from 'node:util'
import { planTabs, type ReadTab, type TabPlan } from './diff.ts'
import type { CharterChange } from './charter.ts'
import type { DataProblem, SyncOutcome } from './outcome.ts'
import type { CharterStore, Hold } from './ports.ts'
import type { Validated } from './validate.ts'

function toReadTabs(validated: Validated): ReadTab[] {
  return validated.tabs.map(({ source, reading }) => ({
    title: source.tab.title,
    contentHash: source.contentHash,
    charters: reading.charters,
    quarantinedIds: reading.quarantined.flatMap((row) => row.id ?? []),
    hasUnknownIds: reading.quarantined.some((row) => row.id === null),
  }))
}

async function hold(
  store: CharterStore,
  plan: TabPlan,
  reason: Pick<Hold, 'before' | 'removed'>,
  holds: readonly Hold[],
  now: number,
): Promise<DataProblem> {
  const { title: tab, contentHash } = plan
  const known = holds.some((one) => one.tab === tab && one.contentHash === contentHash)
  if (!known) await store.saveHold({ tab, contentHash, ...reason, createdAt: now })
  return { code: 'held', tab, contentHash, ...reason }
}

type SoundTab = Validated['tabs'][number]

async function write(store: CharterStore, { source, reading }: SoundTab, plan: TabPlan, now: number): Promise<void> {
  const { title, gridId } = source.tab
  await store.apply(plan.changes, now)
  await store.replaceQuarantine(title, reading.quarantined, now)
  await store.saveTab({ title, gridId, contentHash: plan.contentHash, readAt: now, charters: reading.charters.length })
}

async function plansFor(store: CharterStore, tabs: readonly ReadTab[], holds: readonly Hold[]): Promise<TabPlan[]> {
  const approved = new Set(holds.flatMap((one) => (one.approvedBy === null ? [] : [one.contentHash])))
  const titles = tabs.map((tab) => tab.title)
  const ids = tabs.flatMap((tab) => tab.charters.map((charter) => charter.id))
  return planTabs(tabs, await store.readForDiff(titles, ids), approved)
}

/** Whether a tab is stored just as it was read. Its content alone cannot tell: an id that came or went in another tab matters too. */
async function findUnchanged(store: CharterStore): Promise<(tab: SoundTab, plan: TabPlan) => boolean> {
  const seen = new Map((await store.tabs()).map((tab) => [tab.title, tab.contentHash]))
  const rows = await store.quarantine()
  return ({ reading }, { title, contentHash, changes }) => {
    const quarantined = reading.quarantined.toSorted((one, other) => one.row - other.row)
    const stored = rows.filter((row) => row.tab === title)
    return seen.get(title) === contentHash && changes.length === 0 && isDeepStrictEqual(quarantined, stored)
  }
}

/**
 * Compares what was read with what is stored and writes the difference; to be called in one transaction. A tab that did
 * not change is not written, a tab that lost too much is held.
 */
export async function applyTabs(store: CharterStore, validated: Validated, now: number): Promise<SyncOutcome> {
  const holds = await store.holds()
  const isUnchanged = await findUnchanged(store)
  // A month that is not read any more cannot be confirmed any more either.
  for (const { tab } of holds) if (!validated.wanted.includes(tab)) await store.removeHold(tab)
  const left = new Set((await store.quarantine()).map((row) => row.tab))
  for (const tab of left) if (!validated.wanted.includes(tab)) await store.replaceQuarantine(tab, [], now)
  const problems: DataProblem[] = [...validated.problems]
  const changes: CharterChange[] = []
  for (const plan of await plansFor(store, toReadTabs(validated), holds)) {
    if (plan.hold !== null) {
      problems.push(await hold(store, plan, plan.hold, holds, now))
      continue
    }
    // An operator said yes, or whoever put the rows back by hand has answered the question.
    if (holds.some(({ tab }) => tab === plan.title)) await store.removeHold(plan.title)
    const tab = validated.tabs.find(({ source }) => source.tab.title === plan.title)
    if (tab === undefined || isUnchanged(tab, plan)) continue
    await write(store, tab, plan, now)
    changes.push(...plan.changes)
  }
  const reading = { ...validated.summary, changes }
  return problems.length > 0 ? { kind: 'data', problems, ...reading } : { kind: 'synced', ...reading }
}
