import { createLoopbackServer, type Call, type Outcome } from '../loopback-server.ts'
import { readNotice, type Notice } from './publish.ts'

/** A stand-in of Amazon SNS, as far as notices need it: its Query protocol (forms in, XML out). What the real one refuses, it refuses. */

export interface StandInTopic {
  confirmed: number
  pending: number
}

export interface SnsStandIn {
  readonly url: string
  readonly region: string
  /** By their ARNs. */
  readonly topics: Map<string, StandInTopic>
  /** What was delivered to the subscribers, in order. */
  readonly published: Notice[]
  /** The actions that were asked for, in order. */
  readonly calls: string[]
  /** What an action answers instead: an error's code, `hang`, or `lost` (it is done, and the answer never arrives). */
  readonly faults: Map<string, string>
  close(): Promise<void>
}

interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

const refuse = (code: string, message: string, status = 400): Refusal => ({ code, message, status })

const FAULT_STATUS: Readonly<Record<string, number>> = { AuthorizationError: 403, NotFound: 404, Throttling: 429, InternalError: 500 }

const invalid = (name: string): Refusal => refuse('InvalidParameter', `Invalid parameter: ${name}`)

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/'
const REQUEST = '<RequestId>00000000-0000-4000-8000-000000000000</RequestId>'

const errorXml = ({ status, code, message }: Refusal): string =>
  `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>${REQUEST}</ErrorResponse>`

const answerXml = (action: string, result: string): string =>
  `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result><ResponseMetadata>${REQUEST}</ResponseMetadata></${action}Response>`

function checkRequest({ method, url, headers }: Call, region: string): Refusal | null {
  if (method !== 'POST' || url.pathname !== '/') return refuse('InvalidAction', 'POST / only', 404)
  if (!/^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i.test(headers['content-type'] ?? ''))
    return refuse('MalformedQueryString', 'content type')
  const signature =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/sns\/aws4_request, SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$/
  const [, key, signed, names = ''] = signature.exec(headers['authorization'] ?? '') ?? []
  if (key === undefined) return refuse('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
  if (signed !== region)
    return refuse('SignatureDoesNotMatch', `Credential should be scoped to a valid region, not '${signed ?? ''}'.`, 403)
  if (!names.split(';').includes('x-amz-date') || !names.split(';').includes('host'))
    return refuse('IncompleteSignature', 'signed headers', 403)
  return key === 'AKIAREFUSED' ? refuse('InvalidClientTokenId', 'The security token included in the request is invalid.', 403) : null
}

const MAX_BODY_BYTES = 2 * 1024 * 1024

/** Listens on loopback. */
export async function startSns(region: string): Promise<SnsStandIn> {
  const topics = new Map<string, StandInTopic>()
  const published: Notice[] = []
  const calls: string[] = []
  const faults = new Map<string, string>()

  const publish = (form: URLSearchParams): string | Refusal => {
    const read = readNotice(form)
    if ('wrong' in read) return invalid(read.wrong)
    const notice = read.value
    if (notice.topic.split(':')[3] !== region) return invalid('TopicArn')
    if (!topics.has(notice.topic)) return refuse('NotFound', 'Topic does not exist', 404)
    const isKnown = notice.deduplication !== null && published.some((one) => one.deduplication === notice.deduplication)
    if (!isKnown) published.push(notice)
    return answerXml('Publish', `<MessageId>00000000-0000-4000-8000-${String(published.length).padStart(12, '0')}</MessageId>`)
  }

  const attributes = (form: URLSearchParams): string | Refusal => {
    const arn = form.get('TopicArn') ?? ''
    const topic = topics.get(arn)
    if (topic === undefined) return refuse('NotFound', 'Topic does not exist', 404)
    const entries = { TopicArn: arn, SubscriptionsConfirmed: String(topic.confirmed), SubscriptionsPending: String(topic.pending) }
    const xml = Object.entries(entries).map(([key, value]) => `<entry><key>${key}</key><value>${escapeXml(value)}</value></entry>`)
    return answerXml('GetTopicAttributes', `<Attributes>${xml.join('')}</Attributes>`)
  }

  const answer = (call: Call): string | Refusal | Outcome => {
    const refused = checkRequest(call, region)
    if (refused !== null) return refused
    const form = new URLSearchParams(call.body ?? '')
    const action = form.get('Action') ?? ''
    calls.push(action)
    if (form.get('Version') !== '2010-03-31') return refuse('InvalidAction', 'Version')
    const fault = faults.get(action)
    if (fault === 'hang') return { kind: 'hang' }
    if (fault !== undefined && fault !== 'lost') return refuse(fault, `a stand-in's ${fault}`, FAULT_STATUS[fault] ?? 400)
    const answered =
      action === 'Publish' ? publish(form) : action === 'GetTopicAttributes' ? attributes(form) : refuse('InvalidAction', action)
    return fault === 'lost' ? { kind: 'lost' } : answered
  }

  const handle = (call: Call): Outcome => {
    const given = answer(call)
    if (typeof given !== 'string' && 'kind' in given) return given
    const [status, body] = typeof given === 'string' ? [200, given] : [given.status, errorXml(given)]
    return { kind: 'reply', reply: { status, headers: { 'content-type': 'text/xml' }, body } }
  }
  const server = createLoopbackServer(handle, { maxBodyBytes: MAX_BODY_BYTES })
  return { url: await server.listen(0), region, topics, published, calls, faults, close: () => server.close() }
}
