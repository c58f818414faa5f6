import { createHash } from 'node:crypto'
import { JadaError } from '../../errors.ts'
import { randomToken, type Random } from '../../random.ts'
import type { SealedBox } from '../../sealed-box.ts'

/** The pages that are reached by an unguessable address alone. */
export type LinkKind = 'crew' | 'sign'

/** What a link was made for: the token of one opens nothing else. `subject` is an id of ours, such as a charter's. */
export interface LinkOwner {
  readonly kind: LinkKind
  readonly subject: string
}

/** What is stored of a link: the hash finds it, and the sealed token lets an operator be shown the address again. */
export interface StoredLink {
  readonly hash: string
  readonly sealed: string
}

export interface LinkDeps {
  readonly random: Random
  readonly box: SealedBox
}

/** 32 random bytes in base64url. */
const TOKEN = /^[\w-]{43}$/

export const isToken = (text: string): boolean => TOKEN.test(text)

/** Tokens need no salt: they cannot be guessed. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

const contextOf = ({ kind, subject }: LinkOwner, hash: string): string => JSON.stringify(['link', kind, subject, hash])

export function makeLink({ random, box }: LinkDeps, owner: LinkOwner): StoredLink & { readonly token: string } {
  const token = randomToken(random)
  const hash = hashOf(token)
  return { token, hash, sealed: box.seal(token, contextOf(owner, hash)) }
}

/** The token again. Throws JadaError `link-unreadable` when the key is gone or the row was tampered with. */
export function openLink(box: SealedBox, owner: LinkOwner, { hash, sealed }: StoredLink): string {
  try {
    return box.open(sealed, contextOf(owner, hash))
  } catch (error) {
    if (!(error instanceof JadaError) || error.code !== 'sealed-unreadable') throw error
    throw new JadaError('link-unreadable', `The stored link cannot be shown again. ${error.message} Or revoke it and make a new one.`, {
      cause: error,
    })
  }
}

/** The link sealed with the current key, when it was sealed with an older one. Null: nothing to do. */
export function resealLink(box: SealedBox, owner: LinkOwner, link: StoredLink): StoredLink | null {
  if (!box.isStale(link.sealed)) return null
  return { hash: link.hash, sealed: box.seal(openLink(box, owner, link), contextOf(owner, link.hash)) }
}

/** `publicUrl` has no trailing slash. Whoever has none has no address to give, and offers no link. */
export function addressOf(publicUrl: string, kind: LinkKind, token: string): string {
  return `${publicUrl}/${kind}/${token}`
}
