import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library'
import { z } from 'zod'
import { classify } from './classify.ts'
import { SCOPES } from './connection.ts'
import { failed, succeeded, type GoogleFailure, type GoogleResult } from './failure.ts'
import { readFailedAnswer, type Endpoint } from './answer.ts'
import type { Secret } from '../../secret.ts'

/** What the token endpoint granted; lifetimes count from the answer. Lives only as long as the call that asked for it. */
export interface TokenGrant {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly refreshExpiresInMs: number | undefined
  readonly scopes: string
  readonly idToken: string | undefined
}

export interface GoogleClientOptions {
  readonly clientId: string
  readonly clientSecret: Secret
  /** Hosts of stand-ins; undefined: Google's own. */
  readonly authUrl: string | undefined
  readonly tokenUrl: string | undefined
  /** Per request, milliseconds. The library has no limit of its own. */
  readonly timeoutMs?: number
}

/** Google's OAuth endpoints. Failures are returned classified; nothing of the libraries' errors leaves this file. */
export interface GoogleClient {
  readonly clientId: string
  authorizeUrl(consent: { state: string; challenge: string; redirectUri: string; loginHint: string | undefined }): string
  exchange(code: string, verifier: string, redirectUri: string): Promise<GoogleResult<TokenGrant>>
  refresh(refreshToken: string): Promise<GoogleResult<TokenGrant>>
}

const DEFAULT_TIMEOUT_MS = 15_000

// `refresh_token_expires_in` is Google's own field (604799 while the consent screen is in "Testing").
const grantSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  refresh_token_expires_in: z.number().nullish(),
  scope: z.string().nullish(),
  id_token: z.string().nullish(),
})

function toFailure(endpoint: Endpoint, error: unknown): GoogleFailure {
  return classify(readFailedAnswer(endpoint, error))
}

/** Runs one call of a Google library and converts whatever it throws. The single place where their errors are seen. */
export async function guarded<T>(endpoint: Endpoint, call: () => Promise<T>): Promise<GoogleResult<T>> {
  try {
    return succeeded(await call())
  } catch (error) {
    return failed(toFailure(endpoint, error))
  }
}

function readGrant(tokens: unknown): GoogleResult<TokenGrant> {
  const parsed = grantSchema.safeParse(tokens)
  // 200 without an access token is a page of some proxy: Google's endpoint never answers so.
  if (!parsed.success) return failed(toFailure('token', new TypeError('no access token in the answer')))
  const { data } = parsed
  const lifetime = data.refresh_token_expires_in
  return succeeded({
    accessToken: data.access_token,
    refreshToken: data.refresh_token ?? undefined,
    refreshExpiresInMs: typeof lifetime === 'number' ? lifetime * 1000 : undefined,
    scopes: data.scope ?? '',
    idToken: data.id_token ?? undefined,
  })
}

function createOAuthClient(options: GoogleClientOptions): OAuth2Client {
  return new OAuth2Client({
    clientId: options.clientId,
    clientSecret: options.clientSecret.reveal(),
    endpoints: {
      ...(options.authUrl === undefined ? {} : { oauth2AuthBaseUrl: options.authUrl }),
      ...(options.tokenUrl === undefined ? {} : { oauth2TokenUrl: options.tokenUrl }),
    },
    transporterOptions: {
      timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      // One place retries, and it is the schedule of the sync. `retry: false` does not reach token requests.
      retryConfig: { retry: 0 },
      // The library's own redactor leaves the form body of a token request in the error: refresh token, code, verifier.
      errorRedactor: (answer) => {
        for (const config of [answer.config, answer.response?.config]) {
          delete config?.data
          delete config?.body
        }
        return answer
      },
    },
  })
}

export function createGoogleClient(options: GoogleClientOptions): GoogleClient {
  return {
    clientId: options.clientId,
    authorizeUrl: ({ state, challenge, redirectUri, loginHint }) =>
      createOAuthClient(options).generateAuthUrl({
        access_type: 'offline',
        prompt: 'consent',
        include_granted_scopes: false,
        scope: [...SCOPES],
        state,
        code_challenge: challenge,
        code_challenge_method: CodeChallengeMethod.S256,
        redirect_uri: redirectUri,
        ...(loginHint === undefined ? {} : { login_hint: loginHint }),
      }),
    exchange: async (code, verifier, redirectUri) => {
      const client = createOAuthClient(options)
      const answer = await guarded('token', async () => client.getToken({ code, codeVerifier: verifier, redirect_uri: redirectUri }))
      return answer.ok ? readGrant(answer.value.tokens) : answer
    },
    refresh: async (refreshToken) => {
      const client = createOAuthClient(options)
      client.setCredentials({ refresh_token: refreshToken })
      // The event carries a rotated refresh token; `credentials` afterwards holds the old one again.
      let granted: unknown
      client.on('tokens', (tokens) => {
        granted = { ...tokens }
      })
      const answer = await guarded('token', async () => client.refreshAccessToken())
      return answer.ok ? readGrant(granted) : answer
    },
  }
}
