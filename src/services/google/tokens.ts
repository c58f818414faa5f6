import { JadaError } from '../../errors.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import { NOT_CONNECTED } from './classify.ts'
import type { GoogleClient, TokenGrant } from './client.ts'
import { CONNECTION, type Connection, type ConnectionPorts } from './connection.ts'
import { failed, succeeded, type GoogleResult } from './failure.ts'
import type { SealedBox } from '../../sealed-box.ts'
import { tokenContext } from './token-context.ts'

export interface TokenDeps {
  readonly uow: UnitOfWork<ConnectionPorts>
  readonly client: GoogleClient
  readonly box: SealedBox
}

/** Google repeats the remaining lifetime at each refresh; smaller differences are its rounding and our latency. */
const LIFETIME_SLACK_MS = 60_000

function unreadable(error: JadaError): GoogleResult<string> {
  const detail = `The stored Google token cannot be read. ${error.message} If that does not help, re-authorize.`
  return failed({ ...NOT_CONNECTED, class: 'reauth-required', code: 'token-unreadable', hint: 'secret-key', detail })
}

function openToken(deps: TokenDeps, connection: Connection): GoogleResult<string> {
  try {
    return succeeded(deps.box.open(connection.token, tokenContext(connection)))
  } catch (error) {
    if (error instanceof JadaError && error.code === 'sealed-unreadable') return unreadable(error)
    throw error
  }
}

async function saveRotation(deps: TokenDeps, connection: Connection, grant: TokenGrant, old: string, now: number): Promise<void> {
  const refreshExpiresAt = grant.refreshExpiresInMs === undefined ? connection.refreshExpiresAt : now + grant.refreshExpiresInMs
  const moved = Math.abs((refreshExpiresAt ?? 0) - (connection.refreshExpiresAt ?? 0)) > LIFETIME_SLACK_MS
  const rotated = grant.refreshToken !== undefined && grant.refreshToken !== old
  if (!rotated && !moved && !deps.box.isStale(connection.token)) return
  const token = deps.box.seal(grant.refreshToken ?? old, tokenContext(connection))
  // The same token sealed again is no generation: it must not push the real one before it out.
  const previousToken = rotated ? connection.token : connection.previousToken
  await deps.uow.run(({ connections }) => connections.rotate(connection, { token, previousToken, refreshExpiresAt, updatedAt: now }))
}

/**
 * A fresh access token from the stored refresh token, which is read anew each time. A failure never deletes anything;
 * a rotated refresh token is saved before the access token is handed out.
 */
export async function accessToken(deps: TokenDeps, now: number): Promise<GoogleResult<string>> {
  const connection = await deps.uow.run(({ connections }) => connections.read(CONNECTION))
  if (connection === null) return failed(NOT_CONNECTED)
  const refreshToken = openToken(deps, connection)
  if (!refreshToken.ok) return refreshToken
  const grant = await deps.client.refresh(refreshToken.value)
  if (!grant.ok) return grant
  await saveRotation(deps, connection, grant.value, refreshToken.value, now)
  return succeeded(grant.value.accessToken)
}
