import type * as http from '../loopback-server.ts'

/** A request with a body that is not too long. */
export type Call = http.Call & { readonly body: string }

export interface Reply extends http.Reply {
  /** The error code inside the body, for the request log. */
  error?: string
}

/** What becomes of the connection: an answer, silence, or its end. A lost answer was made all the same. */
export type Outcome = { kind: 'reply'; reply: Reply } | { kind: 'hang' } | { kind: 'reset' } | { kind: 'lost'; reply: Reply }

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
      ...headers,
    },
    body: JSON.stringify(body, null, 2),
  }
}

export function htmlReply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      // No form-action: browsers apply it to the redirect that follows a form, which must reach the app.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      ...headers,
    },
    body,
  }
}

export function redirectReply(location: string): Reply {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

/** The page of Google's front end for an address that does not exist. */
export function notFoundReply(path: string): Reply {
  const shown = path.replace(/[^\w/.:-]/g, '')
  return htmlReply(
    404,
    `<!DOCTYPE html><html lang="en"><title>Error 404 (Not Found)!!1</title><p><b>404.</b> The requested URL ${shown} was not found on this server.</html>`,
  )
}
