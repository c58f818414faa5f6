import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPTIONAL_TOOLS } from '../../../../src/services/agent/tools/names.ts'
import { toolsOf } from '../../../../src/services/agent/tools/registry.ts'
import { hashOf, toModelTool, toResultText } from '../../../../src/services/agent/tools/tool.ts'

interface Schema {
  readonly type?: unknown
  readonly additionalProperties?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

const all = toolsOf({ tools: OPTIONAL_TOOLS })

/** Every object within a schema. */
function objects(schema: Schema): Schema[] {
  const inside = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])].flatMap(objects)
  return schema.type === 'object' ? [schema, ...inside] : inside
}

describe('the tools that the model is offered', () => {
  it.each(all.map((tool) => [tool.name, tool] as const))('%s is an object and takes nothing else', (_name, tool) => {
    const { name, description, inputSchema } = toModelTool(tool)
    expect(name).toMatch(/^[a-z_]{1,64}$/)
    expect(description.length).toBeGreaterThan(20)
    expect(inputSchema).not.toHaveProperty('$schema')
    expect(inputSchema).toMatchObject({ type: 'object', properties: expect.any(Object) })
    for (const one of objects(inputSchema)) expect(one.additionalProperties).toBe(false)
    // What has a default may be left out.
    expect((inputSchema as { required?: string[] }).required ?? []).not.toContain('priority')
    expect(JSON.parse(JSON.stringify(inputSchema))).toEqual(inputSchema)
  })

  it('are the ones a playbook names, beside reading and finishing, always in the same order', () => {
    expect(toolsOf({ tools: [] }).map(({ name }) => name)).toEqual(['read_task', 'finish'])
    expect(toolsOf({ tools: ['ask_operator', 'list_charters'] }).map(({ name }) => name)).toEqual([
      'read_task',
      'list_charters',
      'ask_operator',
      'finish',
    ])
    const offered = JSON.stringify(all.map(toModelTool))
    expect(JSON.stringify(toolsOf({ tools: OPTIONAL_TOOLS.toReversed() }).map(toModelTool))).toBe(offered)
  })
})

describe('a result', () => {
  it('is JSON with its source', () => {
    expect(toResultText('port sheet', { a: 1 })).toBe('{"source":"port sheet","data":{"a":1}}')
  })

  it('is at most 20,000 characters, however it is written, and says when it was cut', () => {
    const letters = fc.constantFrom('a', '"', '\\', '\u0001', '\n', '\u{1F6A4}', '<', 'é')
    fc.assert(
      fc.property(letters, fc.integer({ min: 1, max: 60_000 }), (letter, count) => {
        const data = { notes: letter.repeat(count) }
        const text = toResultText('port sheet', data)
        expect(text.length).toBeLessThanOrEqual(20_000)
        const whole = JSON.stringify({ source: 'port sheet', data })
        const read = JSON.parse(text) as { source: string; cut?: string; text?: string }
        expect(read.source).toBe('port sheet')
        if (whole.length <= 20_000) {
          expect(text).toBe(whole)
          return
        }
        expect(whole.startsWith(read.text ?? 'none')).toBe(true)
        expect(read.cut).toBe(`only the first ${read.text?.length} characters are shown`)
        // Not cut without need.
        expect(text.length).toBeGreaterThan(12_000)
      }),
    )
  })
})

describe('what is said yes to', () => {
  it('is a tool with these arguments, and no others', () => {
    const hash = hashOf('create_task', { for: 'agent', title: 'A' })
    expect(hashOf('create_task', { for: 'agent', title: 'A' })).toBe(hash)
    expect(hashOf('create_task', { for: 'agent', title: 'B' })).not.toBe(hash)
    expect(hashOf('create_task2', { for: 'agent', title: 'A' })).not.toBe(hash)
  })
})
