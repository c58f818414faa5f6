import { JadaError } from '../errors.ts'
import type { NextIncident } from '../services/incidents/decide.ts'
import type { Incident, Note } from '../services/incidents/incident.ts'
import type { IncidentStore } from '../services/incidents/ports.ts'
import { nextId } from './ids.ts'
import type { Db } from './sqlite.ts'

/** Rows of earlier versions lack these. */
const LATER_FIELDS: Partial<Incident> = { reminders: 0, remindAt: null, opens: [], cause: null, symptoms: [] }

const toIncident = (row: { body: string }): Incident => ({ ...LATER_FIELDS, ...(JSON.parse(row.body) as Incident) })

const optional = (row: { body: string } | undefined): Incident | null => (row === undefined ? null : toIncident(row))

/** Live: open, or closed by a person without proof and so to be opened again. */
const liveKey = (incident: Incident): string | null => (incident.state !== 'resolved' || !incident.proven ? incident.key : null)

async function save(db: Db, next: NextIncident): Promise<Incident> {
  if (!('id' in next)) {
    const incident: Incident = { ...next, id: await nextId(db, 'incident') }
    const { id, key, state, version } = incident
    const row = { id, key, live_key: liveKey(incident), state, version, body: JSON.stringify(incident), opened_at: incident.openedAt }
    await db.insertInto('incident').values(row).execute()
    return incident
  }
  const { id, state, version } = next
  const updated = await db
    .updateTable('incident')
    .set({ live_key: liveKey(next), state, version, body: JSON.stringify(next) })
    .where('id', '=', id)
    .where('version', '=', version - 1)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n) throw new JadaError('conflict', `Incident ${id} was changed by somebody else.`, { retry: 'later' })
  return next
}

export function createIncidentStore(db: Db): IncidentStore {
  const select = db.selectFrom('incident').select('body')
  return {
    latest: async (key) => optional(await select.where('key', '=', key).orderBy('id', 'desc').limit(1).executeTakeFirst()),
    find: async (id) => optional(await select.where('id', '=', id).executeTakeFirst()),
    list: async (limit) => (await select.orderBy('id', 'desc').limit(limit).execute()).map(toIncident),
    open: async () => (await select.where('state', '!=', 'resolved').orderBy('id').execute()).map(toIncident),
    save: (next) => save(db, next),
    addNote: async (incidentId, note, at) => {
      const seq = await nextId(db, `timeline:${incidentId}`)
      await db
        .insertInto('timeline')
        .values({ incident_id: incidentId, seq, at, note: JSON.stringify(note) })
        .execute()
      return seq
    },
    timeline: async (incidentId) => {
      const rows = await db.selectFrom('timeline').selectAll().where('incident_id', '=', incidentId).orderBy('seq').execute()
      return rows.map((row) => ({ incidentId, seq: row.seq, at: row.at, note: JSON.parse(row.note) as Note }))
    },
  }
}
