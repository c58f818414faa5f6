import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readAgreement, readColumns } from '../../../src/app/config-files.ts'
import { JadaError } from '../../../src/errors.ts'
import { documentHash, fillAgreement, parseAgreement, renderAgreement } from '../../../src/services/signing/agreement.ts'
import { FIELDS, type Field } from '../../../src/services/sheets/charter.ts'
import { charter, PRIVATE } from '../../support/agent-desk.ts'
import { outsideText } from '../../support/incident-samples.ts'
import { temporaryFolder } from '../../support/repo-database.ts'

const problemOf = (template: string, hidden: ReadonlySet<Field> = PRIVATE): string => {
  try {
    parseAgreement(template, hidden)
    return ''
  } catch (error) {
    if (error instanceof JadaError && error.code === 'config-file') return error.message
    throw error
  }
}
const fill = (template: string, change = {}, guest = 'Ana Ruiz'): string =>
  fillAgreement(parseAgreement(template, PRIVATE), charter(change), guest, PRIVATE)

describe('the template', () => {
  test('that is shipped can be used, and is read from the operator’s folder when it is there', () => {
    const columns = readColumns(undefined)
    expect(readAgreement(undefined, columns).template).toContain('{{guest}}')
    const folder = temporaryFolder()
    expect(readAgreement(folder, columns)).toEqual(readAgreement(undefined, columns))
    writeFileSync(join(folder, 'agreement.md'), '\r\nOurs, {{ guest }}.\r\n')
    expect(readAgreement(folder, columns)).toEqual({ template: 'Ours, {{ guest }}.' })
    writeFileSync(join(folder, 'agreement.md'), 'Ours, {{grossRevenue}}.')
    expect(() => readAgreement(folder, columns)).toThrow(/agreement\.md cannot be used: {{grossRevenue}} is not known/)
  })

  test.each<[string, string | RegExp]>([
    ['Hi {{guest}}', ''],
    ['Hi {{ guest }} on {{date}}', ''],
    ['Hi {{gest}}', /{{gest}} is not known\. Known are {{guest}}, {{charter}}, {{date}}/],
    ['Hi {{gest}} {{Guest}}', /{{gest}}, {{Guest}} is not known/],
    ['Hi {{}}', /{{}} is not known/],
    ['Hi {{guest}', /not closed/],
    ['Hi {{guest', /not closed/],
    ['Hi guest}}', /not closed/],
    ['  ', /empty/],
    ['x'.repeat(60_001), /longer than/],
  ])('%j: %s', (template, problem) => {
    if (typeof problem === 'string') expect(problemOf(template)).toBe(problem)
    else expect(problemOf(template)).toMatch(problem)
  })

  test('cannot name a private column, also one that the operator made private', () => {
    for (const field of PRIVATE) expect(problemOf(`{{${field}}}`)).toMatch(/is not known/)
    for (const field of ['client', 'notes', 'guestNames', 'crew', 'status']) expect(problemOf(`{{${field}}}`)).toMatch(/is not known/)
    expect(problemOf('{{captain}}', new Set<Field>(['captain']))).toMatch(/{{captain}} is a private column/)
    expect(problemOf('{{charter}}', new Set<Field>(['id']))).toMatch(/private column of sheet\.yml.* Known are {{guest}}, {{date}}/)
  })
})

describe('the text', () => {
  test('is filled from the charter', () => {
    const template = '{{guest}}|{{charter}}|{{date}}|{{start}}|{{end}}|{{vessel}}|{{captain}}|{{ guests }}'
    expect(fill(template)).toBe('Ana Ruiz|JC-1101|Wednesday, November 4, 2026|9:00 AM|1:00 PM|Meridian|Sam|6')
    expect(fill('{{captain}}, {{guests}}, {{vessel}}', { captain: ' ', guests: null, vessel: '' })).toBe(
      'to be confirmed, to be confirmed, to be confirmed',
    )
    expect(fill('{{start}} {{end}}', { start: 0, end: 12 * 60 + 5 })).toBe('12:00 AM 12:05 PM')
    expect(documentHash('ä')).toBe(createHash('sha256').update('ä', 'utf8').digest('hex'))
  })

  test('holds nothing of a private column, wherever else it was written', () => {
    const secret = {
      contact: 'ana@guests.example +1 619 555 0101',
      vessel: 'Meridian +1 (619) 555-0101',
      captain: 'Sam, ana@guests.example',
    }
    const text = fill('{{vessel}} {{captain}} {{charter}} {{guest}}', secret)
    expect(text).not.toMatch(/555|ana@/)
    const whole = parseAgreement('{{guest}} {{vessel}} {{captain}} {{date}} {{start}} {{end}} {{guests}} {{charter}}', PRIVATE)
    for (const field of FIELDS.filter((one) => PRIVATE.has(one as never)))
      expect(fillAgreement(whole, charter(), 'Ana Ruiz', PRIVATE)).not.toContain(String(charter()[field]))
  })

  property.prop([outsideText(), outsideText()])(
    'takes values as text: never as markup, as a link, or as another placeholder',
    (guest, vessel) => {
      const html = renderAgreement(fill('# For {{guest}}\n\n{{vessel}}\n\n- {{guest}} on {{vessel}}, {{captain}}', { vessel }, guest))
      const plain = renderAgreement(fill('# For {{guest}}\n\n{{vessel}}\n\n- {{guest}} on {{vessel}}, {{captain}}', { vessel: 'x' }, 'y'))
      const tags = (text: string): string[] => text.match(/<[^>]*>/g) ?? []
      expect(tags(html)).toEqual(tags(plain))
    },
  )

  test('shows a value as it was typed', () => {
    const name = 'A*b*_c_ `d` [e](https://x.example) <b>&amp;</b> # ~~f~~ {{date}} | www.g.example 1. {x}'
    const html = renderAgreement(fill('Hi {{guest}}!', {}, name))
    const shown = html
      .replaceAll(/<\/?p>|\n/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
    expect(shown).toBe(`Hi ${name}!`)
  })
})

describe('the HTML', () => {
  test('has the shape of the Markdown, one heading lower', () => {
    expect(renderAgreement('# A\n\n1. **b**\n2. *c*\n\n| d |\n|---|\n| e |')).toMatch(
      /^<h2>A<\/h2>\n<ol>\n<li><strong>b<\/strong><\/li>\n<li><em>c<\/em>/,
    )
    expect(renderAgreement('3. x')).toContain('<ol start="3">')
    expect(renderAgreement('- [x] y')).not.toContain('<input')
  })

  test.each([
    ['<script>alert(1)</script>'],
    ['a <b onclick="x()">c</b>'],
    ['a <pre> <img src=x onerror=alert(1)// \n\nb'],
    ['<div>\n\n**x**\n\n</div>'],
    ['<!-- hidden -->'],
    ['<svg/onload=alert(1)>'],
    ['&lt;script&gt;'],
    ['`<script>`\n\n    <script>\n\n```<b>\n<i>\n```'],
    ['![<b>](javascript:x)'],
  ])('of %j has no element of its own', (document) => {
    const tags = new Set((renderAgreement(document).match(/<\/?[a-z][^>]*>/g) ?? []).map((tag) => tag.replaceAll(/ class="[^"]*"/g, '')))
    for (const tag of tags) expect(['<p>', '</p>', '<strong>', '</strong>', '<code>', '</code>', '<pre>', '</pre>']).toContain(tag)
  })

  test.each([
    ['[a](https://x.example/b?c=d&e=%22)', 'href="https://x.example/b?c=d&amp;e=%22"'],
    ['[a](http://x.example)', 'href="http://x.example/"'],
    ['[a](mailto:a@x.example)', 'href="mailto:a@x.example"'],
    ['[a](javascript:alert(1))', null],
    ['[a](JaVaScRiPt:alert(1))', null],
    ['[a](data:text/html,x)', null],
    ['[a](/crew/x)', null],
    ['[a](//x.example)', null],
    ['[a][b]\n\n[b]: vbscript:x', null],
    ['https://x.example www.x.example a@x.example <https://x.example>', null],
  ])('of %j links only where it may', (document, href) => {
    const html = renderAgreement(document)
    if (href === null) expect(html).not.toContain('<a')
    else expect(html).toContain(href)
  })

  property.prop([outsideText()])('of any document has only known elements', (document) => {
    const names = (renderAgreement(document).match(/<\/?[a-z0-9]+/gi) ?? []).map((tag) => tag.replace(/<\/?/, ''))
    const known = [
      'p',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'ul',
      'ol',
      'li',
      'strong',
      'em',
      'del',
      'code',
      'pre',
      'a',
      'hr',
      'br',
      'blockquote',
      'table',
      'thead',
      'tbody',
      'tr',
      'th',
      'td',
    ]
    for (const name of names) expect(known).toContain(name)
  })
})

property.prop([fc.string({ unit: 'grapheme', maxLength: 60 })])('a filled text is the same each time', (guest) => {
  expect(fill('{{guest}}', {}, guest)).toBe(fill('{{guest}}', {}, guest))
})
