import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { startSns, type SnsStandIn } from '../../../sandbox/sns/sns.ts'
import { createTopic } from '../../../src/services/delivery/topic.ts'
import { topicNotice } from '../../../src/services/delivery/topic-notice.ts'
import { alertLine } from '../../../src/services/incidents/alert-line.ts'
import { incident, NOON } from '../../support/incident-samples.ts'

const ARN = 'arn:aws:sns:us-west-2:123456789012:jada-bot-alerts'
const FIFO = `${ARN}.fifo`
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret-access-key', AWS_EC2_METADATA_DISABLED: 'true' }
const LINE = alertLine(incident(), NOON)

let sns: SnsStandIn
const before: Record<string, string | undefined> = {}

beforeAll(async () => {
  for (const name of Object.keys(KEYS)) before[name] = process.env[name]
  Object.assign(process.env, KEYS)
  sns = await startSns('us-west-2')
  for (const arn of [ARN, FIFO]) sns.topics.set(arn, { confirmed: 1, pending: 0 })
})

afterAll(async () => {
  await sns.close()
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
})

afterEach(() => {
  process.env['AWS_ACCESS_KEY_ID'] = KEYS.AWS_ACCESS_KEY_ID
  sns.faults.clear()
  sns.published.length = 0
})

const topicOf = (topic = ARN, url = sns.url) => createTopic({ topic, region: 'us-west-2', url })

describe('a notice', () => {
  test('is words for people, then the line as it stands in the log', () => {
    const { subject, message, attributes } = topicNotice(LINE)
    expect(subject).toBe('JADA CRITICAL: Google no longer accepts our token, so the port sheet sync is blocked')
    expect(attributes).toEqual({ severity: 'CRITICAL', component: 'port-sheet', event: 'oauth_token_failure' })
    const lines = message.split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'CRITICAL: Google no longer accepts our token, so the port sheet sync is blocked.',
      '',
      'What to do: Re-authorize Google: press Re-authorize on the card, type /jada reauth, or run npm run reauth on the server.',
    ])
    expect(lines).toContain('Incident 7, port-sheet, oauth_token_failure')
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual(LINE)
  })

  test('of a recovery asks for nothing', () => {
    const line = alertLine(incident({ state: 'resolved', proven: true, resolvedAt: NOON, resolution: '2 charters changed' }), NOON)
    expect(topicNotice(line).message).not.toContain('What to do')
    expect(topicNotice(line).subject).toBe('JADA RESOLVED: Recovered: 2 charters changed')
  })

  test.each([
    ['Café\r\nBcc: x\u0000 \u{1f6a2} end', 'JADA CRITICAL: Cafe Bcc: x end'],
    ['x'.repeat(300), `JADA CRITICAL: ${'x'.repeat(81)}...`],
  ])('has a subject that mail takes, whatever the words: %j', (message, subject) => {
    expect(topicNotice({ ...LINE, message }).subject).toBe(subject)
  })
})

describe('publishing', () => {
  test('reaches the topic with what filters need', async () => {
    expect(await topicOf().publish(LINE, 'incident:7:alert-line:1:sns')).toEqual({ kind: 'sent', ts: null })
    expect(sns.published).toEqual([
      {
        topic: ARN,
        subject: topicNotice(LINE).subject,
        message: topicNotice(LINE).message,
        attributes: topicNotice(LINE).attributes,
        group: null,
        deduplication: null,
      },
    ])
  })

  test('whatever the words are, SNS takes them', async () => {
    const topic = topicOf()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async (message) => {
        expect(await topic.publish({ ...LINE, message: message.toWellFormed() }, 'k')).toMatchObject({ kind: 'sent' })
      }),
      { numRuns: 30 },
    )
  })

  test('to a FIFO topic twice with one key is one notice', async () => {
    const topic = topicOf(FIFO)
    for (const key of ['k1', 'k1', 'k2']) await topic.publish(LINE, key)
    expect(sns.published.map(({ deduplication, group }) => [deduplication, group])).toEqual([
      ['k1', 'incident-7'],
      ['k2', 'incident-7'],
    ])
  })

  test.each([
    ['NotFound', 'SNS knows no such topic'],
    ['AuthorizationError', 'our AWS user may not publish'],
    ['InvalidParameter', 'SNS does not take the notice'],
    ['SignatureDoesNotMatch', 'AWS refuses our credentials'],
    ['KMSAccessDenied', 'the key that encrypts the topic'],
  ])('%s is for a person to mend', async (fault, why) => {
    sns.faults.set('Publish', fault)
    expect(await topicOf().publish(LINE, 'k')).toMatchObject({ kind: 'forbidden', why: expect.stringContaining(why) })
  })

  test('an unknown topic and a refused key are, without a fault being set', async () => {
    expect(await topicOf(`${ARN}-2`).publish(LINE, 'k')).toMatchObject({ kind: 'forbidden', code: 'NotFoundException' })
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAREFUSED'
    expect(await topicOf().publish(LINE, 'k')).toMatchObject({ kind: 'forbidden', why: expect.stringContaining('credentials') })
  })

  test.each(['Throttling', 'InternalError', 'lost'])('%s passes by itself', async (fault) => {
    sns.faults.set('Publish', fault)
    const calls = sns.calls.length
    expect(await topicOf().publish(LINE, 'k')).toMatchObject({ kind: 'refused', waitMs: null })
    // The outbox tries again, not the client.
    expect(sns.calls.length).toBe(calls + 1)
  })

  test('nobody there passes by itself', async () => {
    expect(await topicOf(ARN, 'http://127.0.0.1:9').publish(LINE, 'k')).toMatchObject({ kind: 'refused', code: 'ECONNREFUSED' })
  })
})

test('a look says who listens, what may not be seen, and what is wrong', async () => {
  sns.topics.set(ARN, { confirmed: 0, pending: 1 })
  expect(await topicOf().look()).toEqual({ confirmed: 0, pending: 1 })
  expect(await topicOf(`${ARN}-2`).look()).toEqual({ trouble: expect.stringContaining('no such topic') })
  sns.faults.set('GetTopicAttributes', 'AuthorizationError')
  expect(await topicOf().look()).toBe('hidden')
})
