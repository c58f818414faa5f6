import type * as Sdk from '@aws-sdk/client-sns'
import type { Delivery, Topic } from './notifier.ts'
import { topicNotice } from './topic-notice.ts'

export interface TopicDeps {
  /** Its ARN; the region is the one that stands in it. */
  readonly topic: string
  readonly region: string
  /** Undefined: Amazon's own. */
  readonly url: string | undefined
}

/** What AWS says of the topic. Null: it does not say. */
export interface TopicLook {
  readonly confirmed: number | null
  readonly pending: number | null
}

export interface SnsTopic extends Topic {
  /** Reads its attributes: whether it is there, and who listens. `hidden`: the credentials hold, but may not read it. */
  look(): Promise<TopicLook | 'hidden' | { readonly trouble: string }>
}

/** What only a person can mend, by the names of SNS' errors (API reference, Publish), with what to do. */
const LASTING: readonly (readonly [RegExp, string])[] = [
  [/^(?:NotFound|ResourceNotFound)/, 'SNS knows no such topic: check JADA_SNS_TOPIC_ARN'],
  [/^(?:AuthorizationError|AccessDenied)/, 'our AWS user may not publish to the topic: allow it sns:Publish there'],
  [/^(?:InvalidParameter|Validation|InvalidSecurity)/, 'SNS does not take the notice as it is: check JADA_SNS_TOPIC_ARN'],
  [
    /^(?:UnrecognizedClient|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|MissingAuthenticationToken)/,
    'AWS refuses our credentials: check them, and the clock of the server',
  ],
  [/^CredentialsProviderError/, 'no AWS credentials are set: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  [/^(?:KMS(?:AccessDenied|Disabled|InvalidState|NotFound|OptIn)|EndpointDisabled)/, 'the key that encrypts the topic cannot be used'],
]

const nameOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const name = error instanceof Error ? error.name : ''
  const said = /^E[A-Z_]+$/.test(code) ? code : name
  return /^\w{1,60}$/.test(said) ? said : 'unknown'
}

const lastingTrouble = (error: unknown): string | undefined => LASTING.find(([pattern]) => pattern.test(nameOf(error)))?.[1]

/** Only by the error's name: its message may name accounts and keys. */
function toDelivery(error: unknown): Delivery {
  const code = nameOf(error)
  const why = lastingTrouble(error)
  // Also when the answer was lost: whether it arrived nobody can look up, and twice is better than not at all.
  return why === undefined ? { kind: 'refused', code, waitMs: null } : { kind: 'forbidden', code, why }
}

const CONNECT_MS = 5000
const ANSWER_MS = 10_000

/**
 * The SNS topic of the settings. A notice is published at least once: SNS keeps no key for standard topics, so a process that dies between
 * the publishing and its record publishes once more. Topics of the kind FIFO (their names end in `.fifo`) know a key again for five
 * minutes, and the outbox tries again after two. The client is loaded at its first use.
 */
export function createTopic({ topic: TopicArn, region, url }: TopicDeps): SnsTopic {
  let loaded: Promise<{ sdk: typeof Sdk; client: Sdk.SNSClient }> | null = null
  const load = () => {
    loaded ??= import('@aws-sdk/client-sns').then((sdk) => {
      const requestHandler = { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true }
      const endpoint = url === undefined ? {} : { endpoint: url }
      // The outbox decides when it is tried again.
      return { sdk, client: new sdk.SNSClient({ region, ...endpoint, maxAttempts: 1, requestHandler }) }
    })
    return loaded
  }
  const isFifo = TopicArn.endsWith('.fifo')
  return {
    publish: async (line, key) => {
      try {
        const { sdk, client } = await load()
        const { subject, message, attributes } = topicNotice(line)
        const named = Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }] as const)
        const once = isFifo ? { MessageDeduplicationId: key, MessageGroupId: `incident-${line.incident ?? 'none'}` } : {}
        await client.send(
          new sdk.PublishCommand({ TopicArn, Subject: subject, Message: message, MessageAttributes: Object.fromEntries(named), ...once }),
        )
        return { kind: 'sent', ts: null }
      } catch (error) {
        return toDelivery(error)
      }
    },
    look: async () => {
      try {
        const { sdk, client } = await load()
        const { Attributes: found = {} } = await client.send(new sdk.GetTopicAttributesCommand({ TopicArn }))
        const count = (text: string | undefined): number | null => (text !== undefined && /^\d+$/.test(text) ? Number(text) : null)
        return { confirmed: count(found['SubscriptionsConfirmed']), pending: count(found['SubscriptionsPending']) }
      } catch (error) {
        const code = nameOf(error)
        return /^(?:AuthorizationError|AccessDenied)/.test(code)
          ? 'hidden'
          : { trouble: lastingTrouble(error) ?? `SNS could not be asked (${code})` }
      }
    },
  }
}
