import type { ChecklistSection, CrewContent, CrewPage, CrewVersion } from '../services/crew/page.ts'
import type { CrewPageStore } from '../services/crew/ports.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

function toPage(row: Schema['crew_page']): CrewPage {
  return {
    id: row.id,
    charterId: row.charter_id,
    state: row.state as CrewPage['state'],
    link: { hash: row.token_hash, sealed: row.token_sealed },
    version: row.version,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    ownChecklist: row.own_checklist === null ? null : (JSON.parse(row.own_checklist) as ChecklistSection[]),
    officeNotes: row.office_notes,
    madeBy: row.made_by,
    madeAt: row.made_at,
    revokedBy: row.revoked_by,
    revokedAt: row.revoked_at,
    openedAt: row.opened_at,
    openedVersion: row.opened_version,
  }
}

/** What `save` writes. */
const toChange = (page: Omit<CrewPage, 'id'>) => ({
  live_charter_id: page.state === 'live' ? page.charterId : null,
  state: page.state,
  version: page.version,
  starts_at: page.startsAt,
  expires_at: page.expiresAt,
  own_checklist: page.ownChecklist === null ? null : JSON.stringify(page.ownChecklist),
  office_notes: page.officeNotes,
  revoked_by: page.revokedBy,
  revoked_at: page.revokedAt,
})

async function add(db: Db, page: Omit<CrewPage, 'id'>): Promise<CrewPage> {
  const id = await nextId(db, 'crew_page')
  const row: Schema['crew_page'] = {
    id,
    charter_id: page.charterId,
    ...toChange(page),
    token_hash: page.link.hash,
    token_sealed: page.link.sealed,
    made_by: page.madeBy,
    made_at: page.madeAt,
    opened_at: page.openedAt,
    opened_version: page.openedVersion,
  }
  await db.insertInto('crew_page').values(row).execute()
  return { ...page, id }
}

const toVersion = (row: Schema['crew_version']): CrewVersion => ({
  version: row.version,
  content: JSON.parse(row.content) as CrewContent,
  changes: JSON.parse(row.changes) as string[],
  readAt: row.read_at,
  by: row.changed_by,
  at: row.at,
})

export function createCrewPageStore(db: Db): CrewPageStore {
  const select = db.selectFrom('crew_page').selectAll()
  const optional = (row: Schema['crew_page'] | undefined): CrewPage | null => (row === undefined ? null : toPage(row))
  return {
    add: (page) => add(db, page),
    findLive: async (charterId) => optional(await select.where('live_charter_id', '=', charterId).executeTakeFirst()),
    findByHash: async (hash) => optional(await select.where('token_hash', '=', hash).executeTakeFirst()),
    ofCharter: async (charterId) => (await select.where('charter_id', '=', charterId).orderBy('id', 'desc').execute()).map(toPage),
    save: async (page) => {
      await db.updateTable('crew_page').set(toChange(page)).where('id', '=', page.id).execute()
    },
    saveLink: async (pageId, { hash, sealed }) => {
      await db.updateTable('crew_page').set({ token_hash: hash, token_sealed: sealed }).where('id', '=', pageId).execute()
    },
    markOpened: async (pageId, version, at) => {
      await db.updateTable('crew_page').set({ opened_at: at, opened_version: version }).where('id', '=', pageId).execute()
    },
    addVersion: async (pageId, { version, content, changes, readAt, by, at }) => {
      await db
        .insertInto('crew_version')
        .values({
          page_id: pageId,
          version,
          content: JSON.stringify(content),
          changes: JSON.stringify(changes),
          read_at: readAt,
          changed_by: by,
          at,
        })
        .execute()
    },
    versions: async (pageId) =>
      (await db.selectFrom('crew_version').selectAll().where('page_id', '=', pageId).orderBy('version', 'desc').execute()).map(toVersion),
  }
}
