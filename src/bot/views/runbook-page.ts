import { createHash } from 'node:crypto'
import { escapeHtml, PAGE_HEADERS, PAGE_STYLE } from './page.ts'

/** The runbook as a page, so that a card can lead to the section about it. It holds no secret: whoever has the address may read it. */

const STYLE = `${PAGE_STYLE}
main { max-width: 46rem; margin-top: 4vh; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 0.75rem; padding-top: 1rem; border-top: 1px solid var(--edge); }
h2:target { border-top: 0.3rem solid var(--good); }
h3 { font-size: 1.0625rem; margin: 1.5rem 0 0.5rem; }
a { color: inherit; }
li { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid var(--edge); }
code { font-family: ui-monospace, monospace; font-size: 0.95em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--edge); padding: 0.4rem; text-align: left; vertical-align: top; }
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

export const RUNBOOK_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
}

export interface RunbookSection {
  readonly name: string
  /** The end of the address that leads to it. */
  readonly anchor: string
  /** Safe HTML. */
  readonly html: string
}

const section = ({ name, anchor, html }: RunbookSection): string => `<h2 id="${anchor}">${escapeHtml(name)}</h2>\n${html}`

const entry = ({ name, anchor }: RunbookSection): string => `<li><a href="#${anchor}">${escapeHtml(name)}</a></li>`

export function runbookPageView(sections: readonly RunbookSection[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Runbook - JADA Bot</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1 class="good">Runbook</h1>
<p>What each alert means, how to check it, and what cures it.</p>
<nav><ul>
${sections.map(entry).join('\n')}
</ul></nav>
${sections.map(section).join('\n')}
<footer>JADA Bot</footer>
</main>
</body>
</html>
`
}
