import type { AuditPorts } from '../audit/audit.ts'
import type { StoredLink } from '../links/link.ts'
import type { Signature } from './evidence.ts'
import type { SignatureRequest } from './request.ts'

export interface SigningStore {
  /** Adds one in the state `requested`. The store refuses a second live one of the same charter and guest. */
  add(request: Omit<SignatureRequest, 'id'>): Promise<SignatureRequest>
  find(id: number): Promise<SignatureRequest | null>
  /** Whatever request the token was made for, final ones too. */
  findByHash(hash: string): Promise<SignatureRequest | null>
  /** All of a charter, the newest first. */
  ofCharter(charterId: string): Promise<SignatureRequest[]>
  /** Live ones, by sailing and then by number. */
  open(): Promise<SignatureRequest[]>
  /** Live ones whose time is over. */
  overdue(now: number): Promise<SignatureRequest[]>
  /** Writes what happened to it. Throws JadaError `conflict` when the stored one is not one version older. */
  save(request: SignatureRequest): Promise<void>
  saveLink(requestId: number, link: StoredLink): Promise<void>
  /** The store refuses a second one of the same request. */
  addSignature(signature: Signature): Promise<void>
  signature(requestId: number): Promise<Signature | null>
}

export interface SigningPorts extends AuditPorts {
  readonly signing: SigningStore
}
