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

async function write(store: CharterStore, validated: Validated, plan: TabPlan, now: number): Promise<void> {
  const tab = validated.tabs.find(({ source }) => source.tab.title === plan.title)
  if (tab === undefined) return
  const { title, gridId } = tab.source.tab
  await store.apply(plan.changes, now)
  await store.replaceQuarantine(title, tab.reading.quarantined, now)
  await store.removeHold(title)
  await store.saveTab({ title, gridId, contentHash: plan.contentHash, readAt: now, charters: tab.reading.charters.length })
}

/**
 * Compares what was read with what is stored and writes the difference; to be called in one transaction. A tab that did
 * not change is not written, a tab that lost too much is held.
 */
export async function applyTabs(store: CharterStore, validated: Validated, now: number): Promise<SyncOutcome> {
  const tabs = toReadTabs(validated)
  const seen = new Map((await store.tabs()).map((tab) => [tab.title, tab.contentHash]))
  const holds = await store.holds()
  const changed = new Set(tabs.filter((tab) => seen.get(tab.title) !== tab.contentHash).map((tab) => tab.title))
  // Whoever put the rows back by hand has answered the question.
  for (const { tab } of holds) if (tabs.some(({ title }) => title === tab) && !changed.has(tab)) await store.removeHold(tab)
  const problems: DataProblem[] = [...validated.problems]
  const changes: CharterChange[] = []
  for (const plan of changed.size === 0 ? [] : await plansFor(store, tabs, holds)) {
    if (!changed.has(plan.title)) continue
    if (plan.hold === null) {
      await write(store, validated, plan, now)
      changes.push(...plan.changes)
    } else {
      problems.push(await hold(store, plan, plan.hold, holds, now))
    }
  }
  const reading = { ...validated.summary, changes }
  return problems.length > 0 ? { kind: 'data', problems, ...reading } : { kind: 'synced', ...reading }
}

async function plansFor(store: CharterStore, tabs: readonly ReadTab[], holds: readonly Hold[]): Promise<TabPlan[]> {
  const approved = new Set(holds.flatMap((one) => (one.approvedBy === null ? [] : [one.contentHash])))
  const titles = tabs.map((tab) => tab.title)
  const ids = tabs.flatMap((tab) => tab.charters.map((charter) => charter.id))
  return planTabs(tabs, await store.readForDiff(titles, ids), approved)
}
