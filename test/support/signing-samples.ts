import { Secret } from '../../src/secret.ts'
import { createSealedBox } from '../../src/sealed-box.ts'
import { systemRandom } from '../../src/random.ts'
import { parseAgreement } from '../../src/services/signing/agreement.ts'
import { requestSignatures, type Asked, type SigningDeps } from '../../src/services/signing/ask.ts'
import { hashOf, openLink } from '../../src/services/links/link.ts'
import { ownerOf } from '../../src/services/signing/ask.ts'
import type { SignatureRequest } from '../../src/services/signing/request.ts'
import type { Charter } from '../../src/services/sheets/charter.ts'
import { readAgreement, readColumns } from '../../src/app/config-files.ts'
import { charter, PRIVATE } from './agent-desk.ts'
import type { TestDatabase } from './repo-database.ts'

/** 2026-11-02 09:30 UTC: two days before the sample charter. */
export const NOW = Date.UTC(2026, 10, 2, 9, 30)
export const HOUR = 3_600_000
export const STARTS = charter().startsAt

const box = createSealedBox({ key: new Secret(Buffer.alloc(32, 5).toString('base64')), previousKey: undefined, random: systemRandom })

export function signingDeps(template?: string): SigningDeps {
  const agreement = template === undefined ? readAgreement(undefined, readColumns(undefined)) : parseAgreement(template, PRIVATE)
  return { random: systemRandom, box, agreement, privateFields: PRIVATE }
}

/** What a request's address would hold. */
export const tokenOf = (request: SignatureRequest): string => {
  const token = openLink(box, ownerOf(request), request.link)
  if (hashOf(token) !== request.link.hash) throw new Error('another token')
  return token
}

/** Asks for a charter's signatures in the real store. */
export async function ask(
  store: TestDatabase,
  change: Partial<Charter> = {},
  more: { template?: string; again?: readonly string[]; now?: number; by?: string | null } = {},
): Promise<Asked> {
  const asking = {
    charter: charter(change),
    by: more.by === undefined ? 'U0MARA' : more.by,
    ...(more.again === undefined ? {} : { again: more.again }),
  }
  const asked = await store.uow.run((ports) => requestSignatures(ports, signingDeps(more.template), asking, more.now ?? NOW))
  if (asked.kind !== 'asked') throw new Error(asked.kind)
  return asked
}

export const first = <T>(list: readonly T[]): T => {
  const [one] = list
  if (one === undefined) throw new Error('an empty list')
  return one
}

/** A line through the whole field. */
export const DRAWING = 'M40 120L90 60L140 180L200 60L260 170L320 80L380 150L440 110L520 130M100 200L500 200'

export function request(change: Partial<SignatureRequest> = {}): SignatureRequest {
  return {
    id: 1,
    charterId: 'JC-1101',
    guest: 'Ana Ruiz',
    state: 'requested',
    version: 1,
    link: { hash: 'hash', sealed: 'sealed' },
    details: { date: '2026-11-04', start: 540, end: 780, vessel: 'Meridian' },
    startsAt: STARTS,
    expiresAt: STARTS + 2 * HOUR,
    document: '# Agreement',
    documentHash: 'f'.repeat(64),
    requestedAt: NOW,
    requestedBy: 'U0MARA',
    sentAt: null,
    sentBy: null,
    reminders: [],
    viewedAt: null,
    endedAt: null,
    declineReason: null,
    withdrawnWhy: null,
    ...change,
  }
}
