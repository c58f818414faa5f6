import { createHash } from 'node:crypto'
import type { UnitOfWork } from '../../unit-of-work.ts'
import { failed, succeeded, type GoogleResult } from '../google/failure.ts'
import type { SheetsApi } from '../google/sheets-api.ts'
import { applyTabs } from './apply.ts'
import type { Column } from './columns.ts'
import type { SyncOutcome } from './outcome.ts'
import type { SheetPorts } from './ports.ts'
import { locateTabs, wantedTabs } from './tabs.ts'
import { validateTabs, type Fetched } from './validate.ts'

export interface SyncDeps {
  readonly uow: UnitOfWork<SheetPorts>
  readonly api: SheetsApi
  /** A fresh access token, made anew at each call. */
  readonly accessToken: () => Promise<GoogleResult<string>>
  readonly columns: readonly Column[]
  readonly tabPattern: string
}

const contentHash = (...parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

async function fetchWith(deps: SyncDeps, token: string, now: number): Promise<GoogleResult<Fetched>> {
  const outline = await deps.api.outline(token)
  if (!outline.ok) return outline
  const { timeZone } = outline.value
  const known = await deps.uow.run(({ charters }) => charters.tabs())
  const { located, missing } = locateTabs(wantedTabs(deps.tabPattern, now, timeZone), known, outline.value)
  if (located.length === 0) return succeeded({ timeZone, tabs: [], missing })
  const values = await deps.api.values(
    token,
    located.map((tab) => tab.current),
  )
  if (!values.ok) return values
  const tabs = located.map((tab, index) => {
    const cells = values.value[index] ?? []
    return { tab, cells, contentHash: contentHash(tab.title, timeZone, deps.columns, cells) }
  })
  return succeeded({ timeZone, tabs, missing })
}

/** Reads the sheet. A 401 means the access token went stale: refresh once, and let that answer decide. */
async function fetchSheet(deps: SyncDeps, now: number): Promise<GoogleResult<Fetched>> {
  const token = await deps.accessToken()
  if (!token.ok) return token
  const first = await fetchWith(deps, token.value, now)
  if (first.ok || first.failure.class !== 'stale-access-token') return first
  const again = await deps.accessToken()
  if (!again.ok) return again
  const second = await fetchWith(deps, again.value, now)
  // Google took the refresh token and refuses the access token it gave for it: nothing a person could mend by consenting.
  return second.ok || second.failure.class !== 'stale-access-token' ? second : failed({ ...second.failure, class: 'unknown' })
}

/**
 * One sync of the port sheet: token, outline, tabs, validate all, compare, apply in one transaction. Returns how it ended;
 * throws only when the store fails or `signal` (the deadline) aborts before the transaction.
 */
export async function syncSheet(deps: SyncDeps, now: number, signal: AbortSignal): Promise<SyncOutcome> {
  const fetched = await fetchSheet(deps, now)
  if (!fetched.ok) return { kind: 'blocked', failure: fetched.failure }
  const validated = validateTabs(deps.columns, fetched.value)
  return deps.uow.run(async ({ charters }) => {
    signal.throwIfAborted()
    return applyTabs(charters, validated, now)
  })
}
