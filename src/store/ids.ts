import { sql } from 'kysely'
import type { Db } from './sqlite.ts'

/** The next number of a series, within the caller's transaction. */
export async function nextId(db: Db, name: string): Promise<number> {
  const row = await db
    .insertInto('counter')
    .values({ name, value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: sql`counter.value + 1` }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value
}
