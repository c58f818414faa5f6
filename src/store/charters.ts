import type { Charter, CharterChange } from '../services/sheets/charter.ts'
import type { CharterStore } from '../services/sheets/ports.ts'
import { nextId } from './ids.ts'
import { createHoldStore } from './holds.ts'
import { createTabStore } from './tabs.ts'
import type { Db } from './sqlite.ts'

async function upsert(db: Db, charter: Charter, now: number): Promise<void> {
  const row = {
    tab: charter.tab,
    starts_at: charter.startsAt,
    ends_at: charter.endsAt,
    status: charter.status,
    fields: JSON.stringify(charter),
    removed_at: null,
    changed_at: now,
  }
  await db
    .insertInto('charter')
    .values({ id: charter.id, ...row, first_seen_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

async function apply(db: Db, change: CharterChange, now: number): Promise<void> {
  const { charter, what } = change
  if (what === 'removed') await db.updateTable('charter').set({ removed_at: now, changed_at: now }).where('id', '=', charter.id).execute()
  else await upsert(db, charter, now)
  const fields = what === 'changed' ? change.fields : []
  const seq = await nextId(db, 'charter_change')
  await db
    .insertInto('charter_change')
    .values({ seq, charter_id: charter.id, tab: charter.tab, what, fields: JSON.stringify(fields), at: now })
    .execute()
}

/** Databases limit the parameters of one statement. */
const PARAMETERS = 500

export function createCharterStore(db: Db): CharterStore {
  return {
    ...createTabStore(db),
    ...createHoldStore(db),
    readForDiff: async (tabs, ids) => {
      const select = db.selectFrom('charter').select(['id', 'fields', 'removed_at'])
      const rows = tabs.length === 0 ? [] : await select.where('tab', 'in', [...tabs]).execute()
      const known = new Set(rows.map((row) => row.id))
      const elsewhere = ids.filter((id) => !known.has(id))
      for (let from = 0; from < elsewhere.length; from += PARAMETERS) {
        rows.push(...(await select.where('id', 'in', elsewhere.slice(from, from + PARAMETERS)).execute()))
      }
      return rows.map((row) => ({ charter: JSON.parse(row.fields) as Charter, removedAt: row.removed_at }))
    },
    apply: async (changes, now) => {
      for (const change of changes) await apply(db, change, now)
    },
    lastChanges: async () => {
      const latest = await db.selectFrom('charter_change').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst()
      if (latest === undefined) return null
      const rows = await db.selectFrom('charter_change').selectAll().where('at', '=', latest.at).orderBy('seq').execute()
      return {
        at: latest.at,
        changes: rows.map((row) => ({
          id: row.charter_id,
          tab: row.tab,
          what: row.what as CharterChange['what'],
          fields: JSON.parse(row.fields) as string[],
        })),
      }
    },
  }
}
