import { createHash } from 'node:crypto'

/** The bot's own pages: no scripts, no fonts or images from anywhere, readable on a phone, light and dark. */

export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #ffffff; --edge: #c9d1da; --good: #1d6b40; --bad: #a61b1b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --paper: #10161d; --edge: #3a4653; --good: #7fd3a4; --bad: #ff9d9d; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
main { max-width: 36rem; margin: 12vh auto 0; padding: 0 1.25rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; padding-left: 0.75rem; border-left: 0.3rem solid var(--bad); }
h1.good { border-color: var(--good); }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
footer { margin-top: 2.5rem; padding-top: 0.75rem; border-top: 1px solid var(--edge); font-size: 0.9rem; }
`

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64')

/** Headers of every page: nothing is kept, passed on, framed or loaded. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
}

/** Text from outside, for the inside of an element or of a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

export function pageView(page: { title: string; lines: readonly string[]; good: boolean }): string {
  const title = escapeHtml(page.title)
  const body = page.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - JADA Bot</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1${page.good ? ' class="good"' : ''}>${title}</h1>
${body}
<footer>JADA Bot</footer>
</main>
</body>
</html>
`
}
