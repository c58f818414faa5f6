import { createLoopbackServer, type Call, type Outcome } from '../loopback-server.ts'

/** A stand-in of Amazon Lightsail's API, as far as a health audit asks it. It is strict: what the real one refuses, it refuses. */

export interface Points {
  /** UTC milliseconds and a value; given back in no order, as the real one does. */
  readonly [metric: string]: readonly (readonly [at: number, value: number])[]
}

/** Each may be a getter: then it is made anew whenever it is asked for. */
export interface Instance {
  state: string
  metrics: Points
  /** As `GetInstanceAccessDetails` gives them; every field is optional. */
  accessDetails: Readonly<Record<string, unknown>>
}

export interface LightsailStandIn {
  readonly url: string
  readonly region: string
  readonly instances: Map<string, Instance>
  /** The operations that were asked for, in order. */
  readonly calls: string[]
  /** What an operation answers instead: an error's name, `hang`, or nothing special. */
  readonly faults: Map<string, string>
  close(): Promise<void>
}

interface Refusal {
  readonly status: number
  readonly type: string
  readonly message: string
}

const refuse = (type: string, message: string, status = 400): Refusal => ({ status, type, message })

const isRefusal = (answer: object): answer is Refusal => 'type' in answer && 'status' in answer

/** The unit each metric is kept in: another one is a mistake of the asker. */
const UNITS: Readonly<Record<string, string>> = {
  CPUUtilization: 'Percent',
  BurstCapacityPercentage: 'Percent',
  NetworkIn: 'Bytes',
  NetworkOut: 'Bytes',
  StatusCheckFailed: 'Count',
  StatusCheckFailed_Instance: 'Count',
  StatusCheckFailed_System: 'Count',
}

function checkRequest({ method, url, headers }: Call, region: string): Refusal | null {
  if (method !== 'POST' || url.pathname !== '/') return refuse('UnknownOperationException', 'POST / only', 404)
  if (headers['content-type'] !== 'application/x-amz-json-1.1') return refuse('SerializationException', 'content type')
  const signature =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/lightsail\/aws4_request, SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$/
  const [, key, signed, names = ''] = signature.exec(headers['authorization'] ?? '') ?? []
  if (key === undefined) return refuse('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
  if (signed !== region) return refuse('InvalidSignatureException', `Credential should be scoped to a valid region.`, 403)
  if (!names.split(';').includes('x-amz-date') || !names.split(';').includes('host'))
    return refuse('InvalidSignatureException', 'signed headers', 403)
  return key === 'AKIAREFUSED' ? refuse('UnrecognizedClientException', 'The security token included in the request is invalid.', 403) : null
}

const isTime = (value: unknown): value is number => typeof value === 'number' && value > 1e9 && value < 1e11

function metricData(instance: Instance, body: Readonly<Record<string, unknown>>): object {
  const { metricName, period, startTime, endTime, unit, statistics } = body
  if (typeof metricName !== 'string' || UNITS[metricName] === undefined) return refuse('InvalidInputException', 'metricName')
  if (UNITS[metricName] !== unit) return refuse('InvalidInputException', `unit of ${metricName}`)
  if (typeof period !== 'number' || period < 60 || period % 60 !== 0) return refuse('InvalidInputException', 'period')
  // Seconds since the epoch, not milliseconds and not ISO.
  if (!isTime(startTime) || !isTime(endTime) || startTime >= endTime) return refuse('InvalidInputException', 'startTime, endTime')
  if (!Array.isArray(statistics) || statistics.length === 0) return refuse('InvalidInputException', 'statistics')
  const points = (instance.metrics[metricName] ?? []).filter(([at]) => at >= startTime * 1000 && at <= endTime * 1000)
  const metricData = points
    .toReversed()
    .map(([at, value]) =>
      Object.fromEntries([
        ['timestamp', at / 1000],
        ['unit', unit],
        ...statistics.map((name) => [String(name).toLowerCase(), value] as const),
      ]),
    )
  return { metricName, metricData }
}

const operationOf = ({ headers }: Call): string | undefined => /^Lightsail_20161128\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1]

function answerTo(operation: string, instance: Instance, body: Readonly<Record<string, unknown>>): object {
  switch (operation) {
    case 'GetInstanceState':
      return { state: { code: 16, name: instance.state } }
    case 'GetInstanceMetricData':
      return metricData(instance, body)
    case 'GetInstanceAccessDetails':
      return body['protocol'] === 'ssh' ? { accessDetails: instance.accessDetails } : refuse('InvalidInputException', 'protocol')
    default:
      return refuse('UnknownOperationException', operation)
  }
}

/** A request that reached us, for whoever watches. `attempt`: the client's own, from 1. */
export interface LightsailRequest {
  readonly operation: string
  readonly attempt: number
  readonly status: number
  /** What it was refused with. */
  readonly error: string
}

const attemptOf = ({ headers }: Call): number => Number(/attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1)

const MAX_BODY_BYTES = 64 * 1024

const readBody = ({ body }: Call): Readonly<Record<string, unknown>> => JSON.parse(body ?? '{}') as Record<string, unknown>

/** Listens on loopback. */
export async function startLightsail(
  region: string,
  heard: (request: LightsailRequest) => void = () => undefined,
): Promise<LightsailStandIn> {
  const instances = new Map<string, Instance>()
  const calls: string[] = []
  const faults = new Map<string, string>()
  const answer = (call: Call): object | 'hang' => {
    const refused = checkRequest(call, region)
    if (refused !== null) return refused
    const operation = operationOf(call)
    if (operation === undefined) return refuse('UnknownOperationException', 'x-amz-target')
    calls.push(operation)
    const fault = faults.get(operation)
    if (fault === 'hang') return 'hang'
    if (fault !== undefined) return refuse(fault, `a stand-in's ${fault}`, fault.startsWith('Throttling') ? 429 : 400)
    const body = readBody(call)
    const instance = instances.get(String(body['instanceName']))
    return instance === undefined ? refuse('NotFoundException', 'The Instance does not exist') : answerTo(operation, instance, body)
  }
  const handle = (call: Call): Outcome => {
    const given = answer(call)
    const failed = given !== 'hang' && isRefusal(given) ? given : null
    const status = given === 'hang' ? 0 : (failed?.status ?? 200)
    heard({ operation: operationOf(call) ?? call.url.pathname, attempt: attemptOf(call), status, error: failed?.type ?? '' })
    if (given === 'hang') return { kind: 'hang' }
    const body = JSON.stringify(failed === null ? given : { __type: failed.type, message: failed.message })
    return { kind: 'reply', reply: { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body } }
  }
  const server = createLoopbackServer(handle, { maxBodyBytes: MAX_BODY_BYTES })
  return { url: await server.listen(0), region, instances, calls, faults, close: () => server.close() }
}
