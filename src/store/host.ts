import { FRESH_HOST_STATE, type Audit, type HostState } from '../services/host/audit.ts'
import type { HostStore } from '../services/host/ports.ts'
import type { Sample } from '../services/host/sample.ts'
import type { Db } from './sqlite.ts'

const ID = 'host'

export function createHostStore(db: Db): HostStore {
  const row = () => db.selectFrom('host_state').selectAll().where('id', '=', ID).executeTakeFirst()
  return {
    state: async () => {
      const found = await row()
      return found === undefined ? FRESH_HOST_STATE : { ...FRESH_HOST_STATE, ...(JSON.parse(found.state) as Partial<HostState>) }
    },
    last: async () => {
      const found = await row()
      return found === undefined ? null : (JSON.parse(found.audit) as Audit)
    },
    write: async (state, audit) => {
      const values = { state: JSON.stringify(state), audit: JSON.stringify(audit) }
      await db
        .insertInto('host_state')
        .values({ id: ID, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute()
    },
    samples: async (since) => {
      const rows = await db.selectFrom('host_sample').select('body').where('at', '>=', since).orderBy('at').execute()
      return rows.map(({ body }) => JSON.parse(body) as Sample)
    },
    addSample: async (sample) => {
      const body = JSON.stringify(sample)
      await db
        .insertInto('host_sample')
        .values({ at: sample.at, body })
        .onConflict((conflict) => conflict.column('at').doUpdateSet({ body }))
        .execute()
    },
  }
}
