import { JadaError } from '../errors.ts'
import type { Signature } from '../services/signing/evidence.ts'
import type { SigningStore } from '../services/signing/ports.ts'
import { guestKey, isLive, type SignatureRequest, type TripDetails } from '../services/signing/request.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

function toRequest(row: Schema['signature_request']): SignatureRequest {
  return {
    id: row.id,
    charterId: row.charter_id,
    guest: row.guest,
    state: row.state as SignatureRequest['state'],
    version: row.version,
    link: { hash: row.token_hash, sealed: row.token_sealed },
    details: JSON.parse(row.details) as TripDetails,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    document: row.document,
    documentHash: row.document_hash,
    requestedAt: row.requested_at,
    requestedBy: row.requested_by,
    sentAt: row.sent_at,
    sentBy: row.sent_by,
    reminders: JSON.parse(row.reminders) as SignatureRequest['reminders'],
    viewedAt: row.viewed_at,
    endedAt: row.ended_at,
    declineReason: row.decline_reason,
    withdrawnWhy: row.withdrawn_why as SignatureRequest['withdrawnWhy'],
  }
}

/** What `save` writes: what was asked for never changes. */
const toChange = (request: Omit<SignatureRequest, 'id'>) => ({
  live_key: isLive(request) ? JSON.stringify([request.charterId, guestKey(request.guest)]) : null,
  state: request.state,
  version: request.version,
  sent_at: request.sentAt,
  sent_by: request.sentBy,
  reminders: JSON.stringify(request.reminders),
  viewed_at: request.viewedAt,
  ended_at: request.endedAt,
  decline_reason: request.declineReason,
  withdrawn_why: request.withdrawnWhy,
})

async function add(db: Db, request: Omit<SignatureRequest, 'id'>): Promise<SignatureRequest> {
  const id = await nextId(db, 'signature_request')
  const row: Schema['signature_request'] = {
    id,
    charter_id: request.charterId,
    guest: request.guest,
    ...toChange(request),
    token_hash: request.link.hash,
    token_sealed: request.link.sealed,
    details: JSON.stringify(request.details),
    starts_at: request.startsAt,
    expires_at: request.expiresAt,
    document: request.document,
    document_hash: request.documentHash,
    requested_at: request.requestedAt,
    requested_by: request.requestedBy,
  }
  await db.insertInto('signature_request').values(row).execute()
  return toRequest(row)
}

async function save(db: Db, request: SignatureRequest): Promise<void> {
  const updated = await db
    .updateTable('signature_request')
    .set(toChange(request))
    .where('id', '=', request.id)
    .where('version', '=', request.version - 1)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n)
    throw new JadaError('conflict', `Signature request ${request.id} was changed by somebody else.`, { retry: 'later' })
}

const toSignature = (row: Schema['signature']): Signature => ({
  requestId: row.request_id,
  document: row.document,
  documentHash: row.document_hash,
  consent: row.consent,
  name: row.name,
  method: row.method as Signature['method'],
  drawing: row.drawing,
  at: row.at,
  address: row.address,
  userAgent: row.user_agent,
})

async function addSignature(db: Db, signature: Signature): Promise<void> {
  const { requestId, documentHash, userAgent, ...rest } = signature
  await db
    .insertInto('signature')
    .values({ request_id: requestId, document_hash: documentHash, user_agent: userAgent, ...rest })
    .execute()
}

export function createSigningStore(db: Db): SigningStore {
  const select = db.selectFrom('signature_request').selectAll()
  const optional = (row: Schema['signature_request'] | undefined): SignatureRequest | null => (row === undefined ? null : toRequest(row))
  const live = select.where('live_key', 'is not', null)
  return {
    add: (request) => add(db, request),
    find: async (id) => optional(await select.where('id', '=', id).executeTakeFirst()),
    findByHash: async (hash) => optional(await select.where('token_hash', '=', hash).executeTakeFirst()),
    ofCharter: async (charterId) => (await select.where('charter_id', '=', charterId).orderBy('id', 'desc').execute()).map(toRequest),
    open: async () => (await live.orderBy('starts_at').orderBy('id').execute()).map(toRequest),
    overdue: async (now) => (await live.where('expires_at', '<=', now).orderBy('id').execute()).map(toRequest),
    save: (request) => save(db, request),
    saveLink: async (requestId, { hash, sealed }) => {
      await db.updateTable('signature_request').set({ token_hash: hash, token_sealed: sealed }).where('id', '=', requestId).execute()
    },
    addSignature: (signature) => addSignature(db, signature),
    signature: async (requestId) => {
      const row = await db.selectFrom('signature').selectAll().where('request_id', '=', requestId).executeTakeFirst()
      return row === undefined ? null : toSignature(row)
    },
  }
}
