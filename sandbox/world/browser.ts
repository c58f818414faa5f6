import type { ConsentChoice, Google } from '../google/google.ts'

/** How a walk through the consent ended: the page the person sees at last. */
export interface PageSeen {
  status: number
  /** False when the link no longer leads to Google. */
  reachedGoogle: boolean
  title: string
  lines: string[]
}

const plain = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()

async function readPage(response: Response, reachedGoogle: boolean): Promise<PageSeen> {
  const html = await response.text()
  const title = /<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? /<title>(.*?)<\/title>/s.exec(html)?.[1] ?? `HTTP ${response.status}`
  return {
    status: response.status,
    reachedGoogle,
    title: plain(title),
    lines: [...html.matchAll(/<p[^>]*>(.*?)<\/p>/gs)].map(([, text]) => plain(text ?? '')),
  }
}

async function open(address: string, cookie = ''): Promise<Response> {
  try {
    return await fetch(address, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } })
  } catch (error) {
    throw new Error(`the page at ${new URL(address).origin} does not load: nobody answers there`, { cause: error })
  }
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ')

/**
 * A person's browser without the browser: opens the bot's link, keeps its cookie, consents on Google's page and follows
 * the redirect back.
 */
export async function walkConsent(google: Google, link: string, choice: ConsentChoice): Promise<PageSeen> {
  const started = await open(link)
  const authorizeUrl = started.headers.get('location')
  if (authorizeUrl === null) return readPage(started, false)
  await started.body?.cancel()
  const back = await google.consent(authorizeUrl, choice)
  return readPage(await open(back, cookiesOf(started)), true)
}
