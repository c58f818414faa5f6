import type { IncomingMessage } from 'node:http'

import type { Fields } from './types.ts'

export interface ApiRequest {
  args: Fields
  token: string | undefined
}

/** Arguments that a form carries as a JSON string. */
const encoded = new Set(['attachments', 'blocks', 'metadata', 'view'])

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** The value, or the text itself when it is no JSON: each method has its own complaint about that. */
function decode(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function fromForm(body: string): Fields {
  const args: Fields = {}
  for (const [key, value] of new URLSearchParams(body)) args[key] = encoded.has(key) ? decode(value) : value
  return args
}

function fromJson(body: string): Fields | undefined {
  const value = decode(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const args = { ...value } as Fields
  for (const key of encoded) if (typeof args[key] === 'string') args[key] = decode(args[key])
  return args
}

/** `undefined` for a body that is neither a form nor a JSON object. */
export function parseApiRequest(request: IncomingMessage, url: URL, body: string): ApiRequest | undefined {
  const isJson = request.headers['content-type']?.startsWith('application/json') ?? false
  const args = isJson ? fromJson(body) : { ...fromForm(url.search), ...fromForm(body) }
  if (!args) return undefined
  const bearer = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1]
  const { token, ...rest } = args
  // Slack reads a token from a form field, but not from a JSON body.
  const field = !isJson && typeof token === 'string' ? token : undefined
  return { args: rest, token: bearer ?? field }
}

export function text(args: Fields, key: string): string | undefined {
  const value = args[key]
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

export const flag = (args: Fields, key: string) => ['true', '1', true, 1].includes(args[key] as string)

export function count(args: Fields, key: string, fallback: number): number {
  const value = Number(args[key] ?? fallback)
  return Number.isInteger(value) && value > 0 ? value : fallback
}
