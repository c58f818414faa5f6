import type { Reply } from './http-message.ts'
import { oauthError } from './oauth-error.ts'
import type { Settings } from './settings.ts'

/** Checks the client's id and secret, from the form or a Basic header. Gives the refusal, if any. */
export function readClient(form: URLSearchParams, authorization: string | undefined, settings: Settings): Reply | undefined {
  const { clientId, secret } = readBasic(authorization) ?? { clientId: form.get('client_id'), secret: form.get('client_secret') }
  if (!clientId) return oauthError(400, 'invalid_request', 'Could not determine client ID from request.')
  if (clientId !== settings.clientId) return oauthError(401, 'invalid_client', 'The OAuth client was not found.')
  if (settings.client !== 'active') return oauthError(401, `${settings.client}_client`, `The OAuth client was ${settings.client}.`)
  if (!secret) return oauthError(400, 'invalid_request', 'client_secret is missing.')
  if (secret !== settings.clientSecret) return oauthError(401, 'invalid_client', 'Unauthorized')
  return undefined
}

function readBasic(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { clientId, secret: secret.join(':') }
}
