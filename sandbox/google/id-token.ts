import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Account } from './types.ts'

export interface IdTokenInput {
  account: Account
  clientId: string
  scopes: readonly string[]
  now: number
  nonce?: string
}

/** Signs id_tokens with a key of its own. The key is small because it is made for every stand-in and protects nothing. */
export function createIdTokenSigner(): (input: IdTokenInput) => string {
  let key: KeyObject | undefined
  return ({ account, clientId, scopes, now, nonce }) => {
    key ??= generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    const iat = Math.floor(now / 1000)
    const payload = {
      iss: 'https://accounts.google.com',
      azp: clientId,
      aud: clientId,
      sub: account.sub,
      ...(scopes.some((scope) => scope.endsWith('/userinfo.email')) ? { email: account.email, email_verified: true } : {}),
      ...(scopes.some((scope) => scope.endsWith('/userinfo.profile')) ? { name: account.name } : {}),
      ...(nonce === undefined ? {} : { nonce }),
      iat,
      exp: iat + 3600,
    }
    const head = `${encode({ alg: 'RS256', kid: 'stand-in', typ: 'JWT' })}.${encode(payload)}`
    return `${head}.${sign('RSA-SHA256', Buffer.from(head), key).toString('base64url')}`
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
