import { describe, expect, it } from 'vitest'
import { differenceOf, offeredName, refusalOf, shownDescription, toDefinition } from '../../../src/services/mcp/definition.ts'
import { capOutput } from '../../../src/services/mcp/output.ts'
import type { Pin } from '../../../src/services/mcp/ports.ts'
import { reviewTools } from '../../../src/services/mcp/pins.ts'
import { toTool } from '../../../src/services/mcp/tool.ts'

const tool = (description = 'Finds pages.', inputSchema: Readonly<Record<string, unknown>> = { type: 'object' }, name = 'search') =>
  toDefinition({ name, description, inputSchema })

describe('the name of an offered tool', () => {
  it('is the server and the tool, made to fit without ever meeting another', () => {
    expect(offeredName('wiki', 'search_pages')).toBe('wiki__search_pages')
    const names = [
      offeredName('wiki', 'a.b'),
      offeredName('wiki', 'a_b'),
      offeredName('wiki', 'a/b'),
      offeredName('w', 'x'.repeat(90)),
      offeredName('w', 'x'.repeat(91)),
    ]
    expect(new Set(names).size).toBe(5)
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    expect(offeredName('wiki', 'a.b')).toBe(names[0])
  })
})

describe('the hash of a definition', () => {
  it('is the same whatever the order of keys, and another for each change', () => {
    const one = tool('d', { type: 'object', properties: { a: { type: 'string' }, b: {} } })
    expect(tool('d', { properties: { b: {}, a: { type: 'string' } }, type: 'object' }).hash).toBe(one.hash)
    const others = [tool('e', one.inputSchema), tool('d', { type: 'object' }), tool('d', one.inputSchema, 'find')]
    expect(new Set([one, ...others].map(({ hash }) => hash)).size).toBe(4)
    expect(others.slice(0, 2).map((other) => differenceOf(one, other))).toEqual(['description', 'arguments'])
  })
})

describe('what cannot be offered', () => {
  it.each([
    [{ type: 'string' }, 'its arguments are no object'],
    [{ type: 'object', oneOf: [] }, 'its arguments are a choice of several objects'],
    [{ type: 'object', description: 'x'.repeat(8000) }, 'the schema of its arguments is longer than 8000 characters'],
    [{ type: 'object', properties: { 'a b': {} } }, 'an argument has a name that the service does not take'],
    [
      { type: 'object', properties: { a: { exclusiveMinimum: true } } },
      'the schema of its arguments cannot be used: exclusiveMinimum is of an older draft',
    ],
    [
      { type: 'object', properties: { a: { items: [{}] } } },
      'the schema of its arguments cannot be used: a list of items is of an older draft',
    ],
    [
      { type: 'object', properties: { a: { $ref: 'https://x/y' } } },
      'the schema of its arguments cannot be used: it points outside itself',
    ],
  ])('%j', (schema, refusal) => {
    expect(refusalOf(tool('', schema))).toBe(refusal)
  })

  it('is nothing of an ordinary schema', () => {
    expect(refusalOf(tool('', { type: 'object', properties: { a: { $ref: '#/$defs/b' } }, $defs: { b: { type: 'string' } } }))).toBeNull()
  })
})

describe('texts of a server', () => {
  it('are capped', () => {
    expect(shownDescription(`a\u0000b\u202Ec ${'d'.repeat(2000)}`)).toMatch(/^abc d{995}…$/)
    expect(capOutput('x'.repeat(18_000))).toHaveLength(18_000)
    for (const text of ['x'.repeat(100_000), '"\n'.repeat(20_000), '\u0001'.repeat(20_000)]) {
      const capped = capOutput(text)
      expect(JSON.stringify({ source: `MCP server ${'x'.repeat(30)}`, data: { failed: true, output: capped } }).length).toBeLessThanOrEqual(
        20_000,
      )
      expect(capped).toMatch(/\[cut: \d+ more characters are left out\]$/)
    }
  })
})

describe('a review', () => {
  const pinned = (accepted = tool()): Pin => ({
    server: 'wiki',
    tool: accepted.name,
    accepted,
    acceptedBy: null,
    acceptedAt: 1,
    change: null,
  })

  it('minds only tools that a playbook names', () => {
    const review = reviewTools(
      [pinned()],
      [tool('Other.'), tool('New.', { type: 'object' }, 'edit'), tool('x', { type: 'object' }, 'unnamed')],
      new Set(['edit']),
      5,
    )
    expect(review).toMatchObject({ fresh: [{ name: 'edit' }], changed: [] })
  })

  it('finds what has changed, and pins nothing that cannot be offered', () => {
    const bad = tool('x', { type: 'array' }, 'edit')
    const review = reviewTools([pinned()], [tool('Other.'), bad], new Set(['search', 'edit']), 5)
    expect(review).toMatchObject({ fresh: [], changed: [{ tool: 'search', change: { at: 5, seen: { description: 'Other.' } } }] })
  })
})

describe('the arguments of a tool', () => {
  const schema = {
    type: 'object',
    properties: { text: { type: 'string', pattern: '^(a+)+$' }, count: { type: 'integer', default: 3 } },
    required: ['text'],
  }
  const made = toTool({ ...tool('d', schema), server: 'wiki', offeredAs: 'wiki__search' }, 'write', () =>
    Promise.reject(new Error('not called')),
  )

  it('are checked, but handed on as they came', () => {
    // A pattern of the server runs on the server alone: this one would never end.
    const hard = { text: `${'a'.repeat(50)}!`, more: 1 }
    expect(made.input.safeParse(hard)).toMatchObject({ success: true, data: hard })
    expect(made.input.safeParse({ text: 5 }).error?.issues).toMatchObject([{ path: ['text'] }])
  })

  it('are all told to whoever approves, or said to be cut', () => {
    const { fields } = made.describe({
      text: 'x'.repeat(4000),
      nested: { a: [1] },
      ...Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`f${n}`, n])),
    })
    expect(fields[0]?.value).toMatch(/^x{3000}\n… and 1000 more characters$/)
    expect(fields[1]).toEqual({ label: 'nested', value: '{\n "a": [\n  1\n ]\n}' })
    expect(fields).toHaveLength(21)
    expect(fields[20]).toMatchObject({ label: 'Further arguments', value: expect.stringContaining('"f24": 24') })
  })

  it('need a yes each time', () => {
    expect([made.alwaysAsks, made.reach({}), made.outside?.repeatable]).toEqual([true, 'write', false])
  })
})
