import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A stand-in of Amazon Lightsail's API, as far as a health audit asks it. It is strict: what the real one refuses, it refuses. */

export interface Points {
  /** UTC milliseconds and a value; given back in no order, as the real one does. */
  readonly [metric: string]: readonly (readonly [at: number, value: number])[]
}

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

function checkRequest({ method, url, headers }: IncomingMessage, region: string): Refusal | null {
  if (method !== 'POST' || url !== '/') return refuse('UnknownOperationException', 'POST / only', 404)
  if (headers['content-type'] !== 'application/x-amz-json-1.1') return refuse('SerializationException', 'content type')
  const signature =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/lightsail\/aws4_request, SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$/
  const [, key, signed, names = ''] = signature.exec(headers.authorization ?? '') ?? []
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

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text) as Record<string, unknown>
}

/** Listens on loopback. */
export async function startLightsail(region: string, port = 0): Promise<LightsailStandIn> {
  const instances = new Map<string, Instance>()
  const calls: string[] = []
  const faults = new Map<string, string>()
  const handle = async (request: IncomingMessage): Promise<object | 'hang'> => {
    const refused = checkRequest(request, region)
    if (refused !== null) return refused
    const [, operation] = /^Lightsail_20161128\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? []
    if (operation === undefined) return refuse('UnknownOperationException', 'x-amz-target')
    calls.push(operation)
    const body = await readBody(request)
    const fault = faults.get(operation)
    if (fault === 'hang') return 'hang'
    if (fault !== undefined) return refuse(fault, `a stand-in's ${fault}`, fault.startsWith('Throttling') ? 429 : 400)
    const instance = instances.get(String(body['instanceName']))
    return instance === undefined ? refuse('NotFoundException', 'The Instance does not exist') : answerTo(operation, instance, body)
  }
  const server = createServer((request, response) => {
    handle(request).then(
      (answer) => {
        if (answer === 'hang') return
        const failed = isRefusal(answer)
        response.writeHead(failed ? answer.status : 200, { 'content-type': 'application/x-amz-json-1.1' })
        response.end(JSON.stringify(failed ? { __type: answer.type, message: answer.message } : answer))
      },
      (error: unknown) => {
        response.writeHead(500).end(String(error))
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    instances,
    calls,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
