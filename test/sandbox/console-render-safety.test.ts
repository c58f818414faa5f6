import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { escapeHtml, renderBlocks, renderMessage, renderMrkdwn, renderView } from '../../sandbox/console/browser/render/index.js'
import { blockOf, checkMarkup, context, plain, textOf } from './console-support.ts'

const where = { kind: 'message', ts: '1.000001' } as const

/** Pieces that would mean something to a browser, or to the renderer, if they got through. */
const PIECES = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onclick='alert(1)",
  '" onfocus="alert(1)" autofocus="',
  '</textarea><script>',
  '</title></style>',
  '<!--',
  ']]>',
  '<javascript:alert(1)|x>',
  '<JaVaScRiPt:alert(1)>',
  '<https://a.example/" onclick="x|label " onclick="y>',
  "<https://a.example/' x='|<b>>",
  '<mailto:x" onclick="y|z>',
  '<!date^1^{date}^javascript:alert(1)|x>',
  '<!date^99999999999999999999^{date_short_pretty}|<b>>',
  '<!date^1^{date}" x="|y>',
  '<@U0MARA|<b>>',
  '<#C1|"x>',
  '<!subteam^S1|<b>>',
  '[x](javascript:alert(1))',
  '[x](https://a.example/"onclick=")',
  '![x](https://a.example/<b>)',
  'https://a.example/"><b>',
  '```',
  '`',
  '*',
  '_',
  '~',
  '**',
  '~~',
  '&lt;b&gt;',
  '&amp;lt;',
  '&#60;',
  '&quot;',
  '\n',
  '> ',
  '&gt;&gt;&gt;',
  '• ',
  '- ',
  '1. ',
  '# ',
  '|',
  '|-|\n',
  ':warning:',
  ':<b>:',
  '\uE000',
  '\uE0000\uE001',
  '\u0000',
  '\u2028',
  '\uD800',
  '$&',
  '$1',
  '__proto__',
  'constructor',
  'javascript:alert(1)',
  'data:text/html,<b>',
  'data:image/svg+xml,"><b>',
  '//evil.example/x.png',
  '#c62828" onload="x',
]

const hostile = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...PIECES) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
      ),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join(''))

/** The same value with texts and other values exchanged; the types stay, so that it is still drawn. */
function spoil(value: unknown, next: () => unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => spoil(item, next))
  if (typeof value !== 'object' || value === null) return next()
  const pairs = Object.entries(value).map(([key, item]) => [key, key === 'type' && typeof item === 'string' ? item : spoil(item, next)])
  return Object.fromEntries(pairs)
}

const anyValue = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: hostile() },
    fc.constantFrom(null, true, false, 0, -1, 1e308, -1e308, 5e-324, 2 ** 53),
    fc.double({ noNaN: true }),
    fc.jsonValue({ maxDepth: 2 }),
  )

/** Values without end, one after the other. */
const values = (): fc.Arbitrary<() => unknown> =>
  fc.array(anyValue(), { minLength: 1, maxLength: 40 }).map((list) => {
    let at = 0
    return () => list[at++ % list.length]
  })

const view = {
  id: 'V1',
  type: 'modal',
  callback_id: 'c',
  title: plain('T'),
  submit: plain('S'),
  close: plain('C'),
  state: { values: { 'id-input': { p: { value: 'x' } } } },
  errors: { 'id-input': 'E', other: 'E' },
  blocks: blockOf.all.map(blockOf),
}

const message = {
  ts: '1795464000.000100',
  user: 'U0BOT',
  bot_id: 'B0',
  username: 'x',
  text: 'x',
  reply_count: 3,
  edited: {},
  attachments: [
    {
      color: '#c62828',
      pretext: 'x',
      author_name: 'x',
      author_link: 'x',
      title: 'x',
      title_link: 'x',
      text: 'x',
      fields: [{ title: 'x', value: 'x' }],
      image_url: 'x',
      footer: 'x',
      ts: 1,
      blocks: [blockOf('section')],
    },
  ],
}

describe('nothing of a message becomes markup', () => {
  it('in text', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        checkMarkup(renderMrkdwn(text, context))
        checkMarkup(renderBlocks([{ type: 'markdown', text }], context, where))
        checkMarkup(renderMessage({ ...message, text }, context))
      }),
      { numRuns: 400 },
    )
  })

  it.each(blockOf.all)('in a block: %s', (type) => {
    fc.assert(
      fc.property(values(), hostile(), (next, id) => {
        const block = spoil(blockOf(type), next) as object
        checkMarkup(renderBlocks([{ ...block, block_id: id }], context, { kind: 'modal', viewId: id, errors: { [id]: id } }))
      }),
      { numRuns: 40 },
    )
  })

  it('in a message, a modal, a home tab', () => {
    fc.assert(
      fc.property(values(), (next) => {
        checkMarkup(renderMessage(spoil(message, next) as object, context))
        checkMarkup(renderMessage({ ...(spoil(message, next) as object), via: 'ack' }, context))
        const spoilt = spoil(view, next) as object
        checkMarkup(renderView(spoilt, context))
        checkMarkup(renderView({ ...spoilt, type: 'home' }, context))
      }),
      { numRuns: 60 },
    )
  })

  it('whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...blockOf.all), fc.dictionary(fc.string(), fc.jsonValue()), (value, type, rest) => {
        checkMarkup(
          renderBlocks(
            [
              { ...rest, type },
              { type, elements: value, blocks: value, chart: value, rows: value, text: value },
            ],
            context,
            where,
          ),
        )
        checkMarkup(renderMessage({ text: value, blocks: value, attachments: [rest], ts: value }, context))
        checkMarkup(renderView({ ...rest, blocks: value, state: value, errors: value }, context))
      }),
      { numRuns: 300 },
    )
  })

  it('in names of people and channels', () => {
    fc.assert(
      fc.property(hostile(), (name) => {
        const named = { ...context, users: { U0BOT: name, [name]: name }, channels: { C1: name } }
        checkMarkup(renderMessage({ ...message, username: undefined, text: `<@U0BOT> <#C1> ${name}` }, named))
        checkMarkup(renderView(view, named))
      }),
    )
  })
})

describe('what is said is shown', () => {
  const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

  it('plain text arrives letter by letter', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        const said = text.replaceAll(':warning:', '')
        expect(squeeze(textOf(renderBlocks([{ type: 'header', text: plain(`a${said}z`) }], context, where)))).toBe(
          squeeze(textOf(`<p>${escapeHtml(`a${said}z`)}</p>`)),
        )
      }),
    )
  })

  it('a value comes back from its attribute as it was', () => {
    fc.assert(
      fc.property(hostile(), (value) => {
        const markup = renderBlocks([{ type: 'actions', elements: [{ type: 'button', text: plain('x'), value }] }], context, where)
        const [, held = ''] = /data-value="([^"]*)"/.exec(markup) ?? []
        expect(held).toBe(escapeHtml(value))
      }),
    )
  })

  it('long texts that promise marks and keep none take no time', () => {
    const long = [
      '*a ',
      '_a ',
      '~a ',
      '`',
      '```',
      '<',
      '<a|',
      '**a ',
      '[a](',
      'https://a!',
      '# ',
      '- - x ',
      '&gt;',
      ':a',
      '|-',
      '[',
      '(',
      '!',
      ' ',
    ].map((piece) => piece.repeat(12_000 / piece.length))
    const begun = performance.now()
    for (const text of long) {
      renderMrkdwn(text, context)
      renderMrkdwn(`${text}x`, context)
      renderBlocks(
        [
          { type: 'markdown', text: `# ${text}x` },
          { type: 'markdown', text },
        ],
        context,
        where,
      )
    }
    expect(performance.now() - begun).toBeLessThan(5000)
  })
})
