import { randomBytes } from 'node:crypto'

/** Where chance comes from; tests hand in a predictable one. */
export interface Random {
  /** Unguessable bytes. */
  bytes(size: number): Uint8Array
}

export const systemRandom: Random = { bytes: (size) => randomBytes(size) }

/** An unguessable token of `size` random bytes, in base64url. */
export function randomToken(random: Random, size = 32): string {
  return Buffer.from(random.bytes(size)).toString('base64url')
}
