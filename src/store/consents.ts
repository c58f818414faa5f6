import type { Consent, ConsentMode, ConsentStore } from '../services/google/connection.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

function toConsent(row: Schema['consent']): Consent {
  return {
    stateHash: row.state_hash,
    connectionId: row.connection_id,
    incidentId: row.incident_id,
    ticketHash: row.ticket_hash,
    mode: row.mode as ConsentMode,
    boundTo: { kind: row.bound_kind as Consent['boundTo']['kind'], value: row.bound_value },
    verifier: row.verifier,
    redirectUri: row.redirect_uri,
    generation: row.generation,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

export function createConsentStore(db: Db): ConsentStore {
  return {
    insert: async (consent) => {
      await db
        .insertInto('consent')
        .values({
          state_hash: consent.stateHash,
          connection_id: consent.connectionId,
          incident_id: consent.incidentId,
          ticket_hash: consent.ticketHash,
          mode: consent.mode,
          bound_kind: consent.boundTo.kind,
          bound_value: consent.boundTo.value,
          verifier: consent.verifier,
          redirect_uri: consent.redirectUri,
          generation: consent.generation,
          created_at: consent.createdAt,
          expires_at: consent.expiresAt,
          consumed_at: null,
        })
        .execute()
    },
    find: async (stateHash) => {
      const row = await db.selectFrom('consent').selectAll().where('state_hash', '=', stateHash).executeTakeFirst()
      return row === undefined ? null : toConsent(row)
    },
    consume: async (stateHash, now) => {
      const row = await db
        .updateTable('consent')
        .set({ consumed_at: now })
        .where('state_hash', '=', stateHash)
        .where('consumed_at', 'is', null)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst()
      return row === undefined ? null : toConsent(row)
    },
    countSince: async (since) => {
      const row = await db
        .selectFrom('consent')
        .select((expression) => expression.fn.countAll<number>().as('count'))
        .where('created_at', '>', since)
        .executeTakeFirstOrThrow()
      return row.count
    },
    ...createTicketStore(db),
  }
}

function createTicketStore(db: Db): Pick<ConsentStore, 'insertTicket' | 'findTicket' | 'spendTicket'> {
  return {
    insertTicket: async (ticket) => {
      await db
        .insertInto('ticket')
        .values({
          hash: ticket.hash,
          mode: ticket.mode,
          operator: ticket.operator,
          incident_id: ticket.incidentId,
          expires_at: ticket.expiresAt,
          spent_at: ticket.spentAt,
        })
        .execute()
    },
    findTicket: async (hash) => {
      const row = await db.selectFrom('ticket').selectAll().where('hash', '=', hash).executeTakeFirst()
      if (row === undefined) return null
      const { operator } = row
      return {
        hash,
        mode: row.mode as ConsentMode,
        operator,
        incidentId: row.incident_id,
        expiresAt: row.expires_at,
        spentAt: row.spent_at,
      }
    },
    spendTicket: async (hash, now) => {
      await db.updateTable('ticket').set({ spent_at: now }).where('hash', '=', hash).execute()
    },
  }
}
