import type * as Sdk from '@aws-sdk/client-lightsail'
import { Secret } from '../../secret.ts'
import { known, unknown, type Figure } from './figure.ts'

/** What one connection needs. Made anew each time, and never kept. */
export interface Access {
  readonly address: string
  readonly username: string
  readonly privateKey: Secret
  readonly certificate: Secret
  readonly hostKeys: readonly { readonly algorithm: string; readonly publicKey: string }[]
}

export interface Point {
  readonly at: number
  readonly value: number
}

export interface Metric {
  readonly name: Sdk.InstanceMetricName
  readonly unit: Sdk.MetricUnit
  readonly statistic: Sdk.MetricStatistic
  readonly periodSeconds: number
  /** How far back to look. */
  readonly spanMs: number
}

/** The three questions that are asked of Lightsail's API. Each may throw; `awsTrouble` says in words why. */
export interface Lightsail {
  state(signal: AbortSignal): Promise<string>
  /** Oldest first. */
  metric(metric: Metric, now: number, signal: AbortSignal): Promise<Point[]>
  access(signal: AbortSignal): Promise<Access>
}

export interface LightsailDeps {
  readonly region: string
  readonly instance: string
  /** Undefined: Amazon's own. */
  readonly url: string | undefined
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:Throttling|TooManyRequests)/, 'Lightsail asks us to slow down'],
  [/^AccessDenied/, 'Lightsail does not allow this to our AWS user'],
  [/^NotFound/, 'Lightsail knows no such instance in this region'],
  [/^(?:UnrecognizedClient|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature)/, 'AWS refuses our credentials'],
  [/^CredentialsProviderError/, 'no AWS credentials are set'],
  [/^(?:AbortError|TimeoutError)/, 'Lightsail did not answer in time'],
]

/** Codes of Node's network: no address, no way, nobody there, cut off. */
const NETWORK = /^E[A-Z_]+$/

/** Nobody answered at all: either Lightsail is down, or whatever is between. */
const isUnreached = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || ('code' in error && NETWORK.test(String(error.code))))

/** Why Lightsail gave nothing. Only by the error's name: its message, and what hangs on it, may hold what must not be told. */
export function awsTrouble(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const found = REASONS.find(([pattern]) => pattern.test(name))
  if (found !== undefined) return found[1]
  if (NETWORK.test(code)) return `Lightsail could not be reached (${code})`
  return `Lightsail answered with an error (${/^\w{1,60}$/.test(name) ? name : 'unknown'})`
}

/** A question's answer, or why there is none. */
export async function asFigure<T>(ask: Promise<T | null>, none: string, now: number): Promise<Figure<T>> {
  try {
    const value = await ask
    return value === null ? unknown(none, now) : known(value, now)
  } catch (error) {
    const why = unknown(awsTrouble(error), now)
    return isUnreached(error) ? { ...why, unreached: true } : why
  }
}

/** The client is loaded at its first use: it is 22 MB, which a bot that watches its own machine need not hold. */
export function createLightsail({ region, instance, url }: LightsailDeps): Lightsail {
  let loaded: Promise<{ sdk: typeof Sdk; client: Sdk.LightsailClient }> | null = null
  const load = () => {
    loaded ??= import('@aws-sdk/client-lightsail').then((sdk) => {
      const timeouts = { connectionTimeout: 5000, requestTimeout: 10_000 }
      const endpoint = url === undefined ? {} : { endpoint: url }
      return {
        sdk,
        client: new sdk.LightsailClient({ region, ...endpoint, maxAttempts: 3, retryMode: 'standard', requestHandler: timeouts }),
      }
    })
    return loaded
  }
  return {
    state: async (abortSignal) => {
      const { sdk, client } = await load()
      const { state } = await client.send(new sdk.GetInstanceStateCommand({ instanceName: instance }), { abortSignal })
      return (state?.name ?? 'unknown').slice(0, 40)
    },
    metric: async ({ name, unit, statistic, periodSeconds, spanMs }, now, abortSignal) => {
      const { sdk, client } = await load()
      const { metricData = [] } = await client.send(
        new sdk.GetInstanceMetricDataCommand({
          instanceName: instance,
          metricName: name,
          unit,
          statistics: [statistic],
          period: periodSeconds,
          startTime: new Date(now - spanMs),
          endTime: new Date(now),
        }),
        { abortSignal },
      )
      const read = statistic === 'Sum' ? 'sum' : 'average'
      const points = metricData.flatMap((point) => {
        const value = point[read]
        return point.timestamp === undefined || value === undefined ? [] : [{ at: point.timestamp.getTime(), value }]
      })
      return points.toSorted((a, b) => a.at - b.at)
    },
    access: async (abortSignal) => {
      const { sdk, client } = await load()
      const { accessDetails = {} } = await client.send(
        new sdk.GetInstanceAccessDetailsCommand({ instanceName: instance, protocol: 'ssh' }),
        { abortSignal },
      )
      const { ipAddress = '', username = '', privateKey = '', certKey = '', hostKeys = [] } = accessDetails
      return {
        address: ipAddress,
        username,
        privateKey: new Secret(privateKey),
        certificate: new Secret(certKey),
        hostKeys: hostKeys.map(({ algorithm = '', publicKey = '' }) => ({
          algorithm,
          publicKey,
        })),
      }
    },
  }
}
