/** A request after its body was read, so that handlers need no network. */
export interface Call {
  method: string
  url: URL
  headers: Record<string, string | undefined>
  /** Null: it was too large to be read. */
  body: string | null
}

export interface Reply {
  status: number
  headers: Record<string, string>
  body: string
}

/** What becomes of the connection: an answer, silence, or its end. */
export type Outcome = { kind: 'reply'; reply: Reply } | { kind: 'hang' } | { kind: 'reset' } | { kind: 'lost' }

export const jsonReply = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** What a hotel, a proxy or an airport answers in the place of the service. */
export const proxyPage = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html lang="en"><title>Welcome to the marina Wi-Fi</title><h1>Please sign in to use the network</h1></html>',
})
