import { createHmac } from 'node:crypto'
import { request } from 'node:http'

import type { Envelope } from './sockets.ts'

/** Slack's v0 signature. Real time, because the receiving side compares it with the real clock. */
function sign(secret: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` }
}

function encode(envelope: Envelope): { type: string; body: string } {
  if (envelope.type === 'events_api') return { type: 'application/json', body: JSON.stringify(envelope.payload) }
  const fields =
    envelope.type === 'interactive'
      ? { payload: JSON.stringify(envelope.payload) }
      : Object.fromEntries(Object.entries(envelope.payload).map(([key, value]) => [key, String(value)]))
  return {
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(fields).toString(),
  }
}

function retryHeaders(envelope: Envelope): Record<string, string> {
  if (!envelope.retry_attempt) return {}
  return {
    'x-slack-retry-num': String(envelope.retry_attempt),
    'x-slack-retry-reason': envelope.retry_reason ?? 'http_timeout',
  }
}

function readAnswer(contentType: string | undefined, body: string): unknown {
  if (body === '') return {}
  return contentType?.startsWith('application/json') ? (JSON.parse(body) as unknown) : body
}

/** POSTs the envelope as Slack does without Socket Mode; resolves with the body of a 200. */
export function post(url: string, secret: string, ackTimeoutMs: number, envelope: Envelope): Promise<unknown> {
  const { type, body } = encode(envelope)
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Slackbot 1.0',
  }
  return new Promise((resolve, reject) => {
    // No keep-alive: an idle connection would hold up the app's shutdown.
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { ...headers, ...sign(secret, body), ...retryHeaders(envelope) },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (answer.statusCode === 200) resolve(readAnswer(answer.headers['content-type'], text))
          else reject(new Error(`dispatch failed: ${url} answered HTTP ${answer.statusCode} ${text}`.trim()))
        })
      },
    )
    const late = new Error(`operation_timeout: no ack within ${ackTimeoutMs} ms`)
    const timer = setTimeout(() => outgoing.destroy(late), ackTimeoutMs)
    timer.unref()
    outgoing.on('close', () => clearTimeout(timer))
    outgoing.on('error', (cause) => reject(new Error(`dispatch failed: ${cause.message}`, { cause })))
    outgoing.end(body)
  })
}
