import type { Connection, ConnectionStore } from '../services/google/connection.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

function toConnection(row: Schema['connection']): Connection {
  return {
    id: row.id,
    clientId: row.client_id,
    sub: row.sub,
    email: row.email,
    scopes: row.scopes,
    token: row.token,
    previousToken: row.previous_token,
    generation: row.generation,
    consentedAt: row.consented_at,
    refreshExpiresAt: row.refresh_expires_at,
    updatedAt: row.updated_at,
  }
}

function toRow(connection: Connection): Schema['connection'] {
  return {
    id: connection.id,
    client_id: connection.clientId,
    sub: connection.sub,
    email: connection.email,
    scopes: connection.scopes,
    token: connection.token,
    previous_token: connection.previousToken,
    generation: connection.generation,
    consented_at: connection.consentedAt,
    refresh_expires_at: connection.refreshExpiresAt,
    updated_at: connection.updatedAt,
  }
}

export function createConnectionStore(db: Db): ConnectionStore {
  return {
    read: async (id) => {
      const row = await db.selectFrom('connection').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : toConnection(row)
    },
    replace: async (connection, expectedGeneration) => {
      const row = toRow(connection)
      if (expectedGeneration === 0) {
        const inserted = await db
          .insertInto('connection')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst()
        return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
      }
      const updated = await db
        .updateTable('connection')
        .set(row)
        .where('id', '=', connection.id)
        .where('generation', '=', expectedGeneration)
        .executeTakeFirst()
      return updated.numUpdatedRows > 0n
    },
    rotate: async ({ id, generation, token }, change) => {
      const updated = await db
        .updateTable('connection')
        .set({
          token: change.token,
          previous_token: change.previousToken,
          refresh_expires_at: change.refreshExpiresAt,
          updated_at: change.updatedAt,
        })
        .where('token', '=', token)
        .where('id', '=', id)
        .where('generation', '=', generation)
        .executeTakeFirst()
      return updated.numUpdatedRows > 0n
    },
  }
}
