import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import { JadaError } from './errors.ts'
import type { Random } from './random.ts'
import type { Secret } from './secret.ts'

/** Encrypts what must not lie in the database as it is. `context` is authenticated: a value moved to another row does not open. */
export interface SealedBox {
  seal(value: string, context: string): string
  /** Throws JadaError `sealed-unreadable` when the key is another one, the context differs, or the value was changed. The caller says what "it" is. */
  open(sealed: string, context: string): string
  /** True when the value was sealed with an older key and should be sealed again. */
  isStale(sealed: string): boolean
  /** A keyed hash that nobody without the key can make; the first is made with the current key. */
  signatures(message: string): readonly string[]
}

const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

interface Key {
  readonly id: string
  readonly bytes: Buffer
}

function toKey(secret: Secret): Key {
  const bytes = Buffer.from(secret.reveal(), 'base64')
  return { id: createHash('sha256').update('jada-key-id').update(bytes).digest('hex').slice(0, 8), bytes }
}

/** AES-256-GCM, random 12-byte IV (NIST SP 800-38D 8.2.2), `v1.<key id>.<iv+tag+ciphertext, base64url>`. */
export function createSealedBox(deps: { key: Secret; previousKey: Secret | undefined; random: Random }): SealedBox {
  const current = toKey(deps.key)
  const keys = [current, ...(deps.previousKey === undefined ? [] : [toKey(deps.previousKey)])]
  return {
    seal: (value, context) => {
      const iv = deps.random.bytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', current.bytes, iv)
      cipher.setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
      return [VERSION, current.id, Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')].join('.')
    },
    open: (sealed, context) => openWith(keys, sealed, context),
    isStale: (sealed) => sealed.split('.')[1] !== current.id,
    signatures: (message) => keys.map((key) => createHmac('sha256', key.bytes).update(message).digest('base64url')),
  }
}

function openWith(keys: readonly Key[], sealed: string, context: string): string {
  const [version, keyId, body] = sealed.split('.')
  const key = keys.find((candidate) => candidate.id === keyId)
  if (version !== VERSION || key === undefined || body === undefined) {
    throw new JadaError('sealed-unreadable', 'It was encrypted with another key. Put the old key into JADA_SECRET_KEY_PREVIOUS.')
  }
  const bytes = Buffer.from(body, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw new JadaError('sealed-unreadable', 'It is damaged, or belongs to something else.')
  }
}
