import { gaxios } from 'google-auth-library'
import { redact } from '../../log.ts'

/** Which of Google's services answered: its token endpoint (RFC 6749 errors) or the Sheets API (AIP-193 errors). */
export type Endpoint = 'token' | 'sheets'

/** The parts of a failed answer that decide what it means. Made from a library's error, which is then dropped: it holds tokens. */
export interface FailedAnswer {
  readonly endpoint: Endpoint
  readonly status: number | undefined
  /** RFC 6749 `error`, or AIP-193 `error.status`. */
  readonly error: string | undefined
  readonly description: string | undefined
  readonly subtype: string | undefined
  /** `error.details[].reason` and the older `error.errors[].reason`. */
  readonly reasons: readonly string[]
  readonly enableUrl: string | undefined
  readonly retryAfterMs: number | undefined
  /** A network error's code: ENOTFOUND, TimeoutError. */
  readonly network: string | undefined
  readonly body: 'google' | 'other' | 'none'
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function parseBody(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

function retryAfter(headers: Pick<Headers, 'get'>, details: readonly Json[]): number | undefined {
  const header = headers.get('retry-after') ?? ''
  const asked = /^\d+$/.test(header) ? Number(header) * 1000 : 0
  const info = details.map((detail) => /^(\d+(?:\.\d+)?)s$/.exec(text(detail['retryDelay']) ?? '')?.[1] ?? '0')
  const longest = Math.max(asked, ...info.map((seconds) => Math.ceil(Number(seconds) * 1000)))
  return longest > 0 ? longest : undefined
}

function readBody(body: Json): Pick<FailedAnswer, 'error' | 'description' | 'subtype' | 'reasons' | 'enableUrl'> & { details: Json[] } {
  const { error } = body
  if (!isObject(error)) {
    const subtype = text(body['error_subtype'])
    return { error: text(error), description: text(body['error_description']), subtype, reasons: [], enableUrl: undefined, details: [] }
  }
  const details = Array.isArray(error['details']) ? error['details'].filter(isObject) : []
  const older = Array.isArray(error['errors']) ? error['errors'].filter(isObject) : []
  const reasons = [...details, ...older].flatMap((entry) => text(entry['reason']) ?? [])
  const metadata = details.map((detail) => detail['metadata']).filter(isObject)
  const enableUrl = metadata.flatMap((entry) => text(entry['activationUrl']) ?? [])[0]
  return { error: text(error['status']), description: text(error['message']), subtype: undefined, reasons, enableUrl, details }
}

const noBody = { error: undefined, description: undefined, subtype: undefined, reasons: [], enableUrl: undefined, details: [] }

/** A name such as ETIMEDOUT out of a chain of causes; libraries nest them up to three deep. */
function networkCode(error: unknown): string {
  for (let current = error, depth = 0; isObject(current); depth += 1) {
    const { code, name, cause } = current
    if (code === 'TimeoutError' || name === 'TimeoutError' || name === 'AbortError') return 'timeout'
    if (typeof code === 'string' && code !== '') return code
    if (depth > 4) break
    current = cause
  }
  return 'no-answer'
}

/** Turns what the Google libraries throw into the parts that matter. The error itself must not travel further. */
export function readFailedAnswer(endpoint: Endpoint, error: unknown): FailedAnswer {
  const response = error instanceof gaxios.GaxiosError ? error.response : undefined
  if (response === undefined) {
    // A TypeError after an answer of 200 is the library stumbling over a page that is no JSON: a proxy's, most likely.
    const network = error instanceof TypeError ? 'not-json' : networkCode(error)
    return { endpoint, status: undefined, ...noBody, retryAfterMs: undefined, network, body: 'none' }
  }
  const data = parseBody(response.data)
  const { details, ...parts } = isObject(data) ? readBody(data) : noBody
  return {
    endpoint,
    status: response.status,
    ...parts,
    description: parts.description === undefined ? undefined : redact(parts.description).slice(0, 200),
    retryAfterMs: retryAfter(response.headers, details),
    network: undefined,
    body: parts.error === undefined ? 'other' : 'google',
  }
}
