import { createHash } from 'node:crypto'
import type { Form, Problem, Signature } from '../../services/signing/evidence.ts'
import type { SignatureRequest } from '../../services/signing/request.ts'
import { CONSENT, TYPED_COUNTS } from '../../services/signing/wording.ts'
import { escapeHtml, PAGE_HEADERS } from './page.ts'
import { SIGN_STYLE } from './sign-page-style.ts'

/** A script of our own server, as a page names it. */
export interface PageScript {
  readonly src: string
  readonly integrity: string
}

export interface SignScripts {
  readonly library: PageScript
  readonly page: PageScript
}

const STYLE_HASH = createHash('sha256').update(SIGN_STYLE).digest('base64')

/** Scripts from our own server only, none in the page; forms and reports go back to it and nowhere else. */
export const SIGN_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'x-robots-tag': 'noindex, nofollow',
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'sha256-${STYLE_HASH}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
}

const script = ({ src, integrity }: PageScript, type: string): string =>
  `<script ${type} src="${escapeHtml(src)}" integrity="${escapeHtml(integrity)}"></script>`

interface Shell {
  readonly title: string
  readonly scripts: SignScripts
  readonly main: string
}

const shell = ({ title, scripts, main }: Shell): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escapeHtml(title)} - JADA</title>
<style>${SIGN_STYLE}</style>
${script(scripts.library, 'defer')}
${script(scripts.page, 'type="module"')}
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`

/** What a guest had filled in before, and what was wrong with it. */
export interface Filled {
  readonly form: Form
  readonly problems: readonly Problem[]
  /** Something about the whole page; null: nothing. */
  readonly notice: string | null
}

export const EMPTY_FORM: Filled = { form: { consent: false, name: '', typed: false, drawing: '' }, problems: [], notice: null }

export interface SignPage {
  readonly request: Pick<SignatureRequest, 'guest' | 'documentHash'>
  /** The agreement as safe HTML. */
  readonly agreement: string
  readonly filled: Filled
  readonly scripts: SignScripts
}

/** Where a link of the summary leads. */
const TARGET: Readonly<Record<Problem['field'], string>> = { name: 'name', signature: 'typed', consent: 'consent' }

function summaryOf({ problems, notice }: Filled): string {
  if (problems.length === 0 && notice === null) return ''
  const items = problems.map(({ field, problem }) => `<li><a href="#${TARGET[field]}">${escapeHtml(problem)}</a></li>`).join('\n')
  return `<div class="summary" role="alert" tabindex="-1" autofocus data-summary>
<h2>Not signed yet</h2>
${notice === null ? '' : `<p>${escapeHtml(notice)}</p>`}
${items === '' ? '' : `<ul>\n${items}\n</ul>`}
</div>`
}

/** The words beside a field, and the attributes that tie them to it. */
function errorOf({ problems }: Filled, field: Problem['field']): { readonly words: string; readonly attributes: string } {
  const found = problems.find((problem) => problem.field === field)
  if (found === undefined) return { words: '', attributes: '' }
  const id = `${field}-error`
  return {
    words: `<p class="error" id="${id}">${escapeHtml(found.problem)}</p>`,
    attributes: ` aria-invalid="true" aria-describedby="${id}"`,
  }
}

const ticked = (isTicked: boolean): string => (isTicked ? ' checked' : '')

function formOf({ request, filled }: SignPage): string {
  const { form } = filled
  const [name, signature, consent] = [errorOf(filled, 'name'), errorOf(filled, 'signature'), errorOf(filled, 'consent')]
  return `<form method="post" novalidate data-sign autocomplete="off">
<input type="hidden" name="document" value="${escapeHtml(request.documentHash)}">
<input type="hidden" name="drawing" value="${escapeHtml(form.drawing)}">
<div class="field">
<label for="name">Your full name</label>
${name.words}
<input type="text" id="name" name="name" value="${escapeHtml(form.name)}" maxlength="120" autocomplete="name" autocapitalize="words" spellcheck="false" required${name.attributes}>
</div>
<fieldset class="field">
<legend>Your signature</legend>
${signature.words}
<div class="pad" data-pad hidden>
<p class="hint" id="pad-hint">Draw it with a finger, a pen or the mouse. Or tick the box below instead of drawing.</p>
<div class="sheet"><canvas width="600" height="240" role="img" aria-label="Your drawn signature: empty" aria-describedby="pad-hint"></canvas></div>
<button type="button" data-clear>Clear the drawing</button>
<span class="hint" role="status" data-status></span>
</div>
<label class="check"><input type="checkbox" id="typed" name="typed" value="yes"${ticked(form.typed)}${signature.attributes}> <span>${escapeHtml(TYPED_COUNTS)}</span></label>
</fieldset>
<div class="field">
${consent.words}
<label class="check" for="consent"><input type="checkbox" id="consent" name="consent" value="yes" required${ticked(form.consent)}${consent.attributes}> <span>${escapeHtml(CONSENT)}</span></label>
</div>
<button class="main" name="action" value="sign">Sign the agreement</button>
</form>
<details>
<summary>I do not want to sign</summary>
<form method="post">
<div class="field">
<label for="reason">Why not? You need not say.</label>
<textarea id="reason" name="reason" rows="3" maxlength="1000"></textarea>
</div>
<button name="action" value="decline">Decline the agreement</button>
</form>
</details>`
}

/** What a guest reads and signs. */
export function signPageView(page: SignPage): string {
  const hasErrors = page.filled.problems.length > 0 || page.filled.notice !== null
  const main = `<h1>Please read and sign</h1>
<p>For <strong>${escapeHtml(page.request.guest)}</strong>. Read the agreement, then sign below it.</p>
${summaryOf(page.filled)}
<article class="agreement">
${page.agreement}</article>
${formOf(page)}
<footer>We keep this text, your signature, the time, your network address and the name of your browser as proof of your signature. Questions? Ask whoever sent you this link.</footer>`
  return shell({ title: `${hasErrors ? 'Not signed yet: ' : ''}Please read and sign`, scripts: page.scripts, main })
}

type Point = readonly [number, number]

/** Strokes as lines from middle to middle of their points, curved at the points: as a pen would have gone. */
export function smooth(drawing: string): string {
  const strokes = drawing
    .split('M')
    .filter((stroke) => stroke !== '')
    .map((stroke) => stroke.split('L').map((point): Point => [Number(point.split(' ')[0]), Number(point.split(' ')[1])]))
  return strokes
    .map((points) => {
      const [first = [0, 0] as Point] = points
      const last = points.at(-1) ?? first
      const curves = points.slice(1, -1).map(([x, y], index) => {
        const [nextX, nextY] = points[index + 2] ?? last
        return `Q${x} ${y} ${(x + nextX) / 2} ${(y + nextY) / 2}`
      })
      // A dot is a line of no length: its round ends are drawn.
      return `M${first.join(' ')}${curves.join('')}L${last.join(' ')}`
    })
    .join('')
}

export interface SignedPage {
  readonly request: Pick<SignatureRequest, 'guest'>
  readonly signature: Pick<Signature, 'name' | 'method' | 'drawing' | 'at' | 'documentHash' | 'consent'>
  readonly agreement: string
  readonly scripts: SignScripts
  /** The zone of the people who read. */
  readonly zone: string
}

const moment = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone, dateStyle: 'long', timeStyle: 'long' }).format(new Date(at))

const row = (term: string, words: string, more = ''): string => `<div><dt>${term}</dt><dd${more}>${escapeHtml(words)}</dd></div>`

function drawn({ method, drawing, name }: SignedPage['signature']): string {
  if (method === 'typed' || drawing === null) return `<p class="typed">${escapeHtml(name)}</p>`
  return `<svg class="signature" viewBox="0 0 600 240" role="img" aria-label="Drawn signature of ${escapeHtml(name)}"><path d="${escapeHtml(smooth(drawing))}"/></svg>`
}

/** The signed copy, on screen and on paper. */
export function signedPageView({ request, signature, agreement, scripts, zone }: SignedPage): string {
  const { name, method, at, documentHash, consent } = signature
  const main = `<h1 class="good">Signed. Thank you.</h1>
<p class="screen">This is your copy. Keep this link, print the page, or save it as a PDF.</p>
<p class="screen"><button type="button" hidden data-print>Print or save as PDF</button></p>
<article class="agreement">
${agreement}</article>
<section class="signed" aria-labelledby="signature-title">
<h2 id="signature-title">Signature</h2>
${drawn(signature)}
<p>${escapeHtml(consent)}</p>
<dl>
${row('Signed by', name)}
${row('Guest', request.guest)}
${row('Time', moment(at, zone))}
${row('Time in UTC', new Date(at).toISOString())}
${row('How', method === 'drawn' ? 'Drawn on the page, name typed' : 'Typed name, as agreed')}
${row('SHA-256 of the text', documentHash, ' class="hash"')}
</dl>
</section>
<footer>Signed electronically. JADA keeps the exact text with this signature.</footer>`
  return shell({ title: 'Signed agreement', scripts, main })
}
