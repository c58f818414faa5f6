import { invalid } from '../api-error.ts'
import type { ModelInfo, OfferedTool, ToolChoice } from '../types.ts'
import { readCacheControl } from './cache-control.ts'
import type { Fields } from './fields.ts'
import { isFields, refuseUnknown, requireFields, requireList, requirePattern } from './fields.ts'

export const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/
const TOOL_FIELDS = new Set([
  'type',
  'name',
  'description',
  'input_schema',
  'cache_control',
  'strict',
  'defer_loading',
  'eager_input_streaming',
  'input_examples',
  'allowed_callers',
])
const CHOICE_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  auto: new Set(['type', 'disable_parallel_tool_use']),
  any: new Set(['type', 'disable_parallel_tool_use']),
  tool: new Set(['type', 'name', 'disable_parallel_tool_use']),
  none: new Set(['type']),
}
const SCHEMA_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])

export function readTools(value: unknown): OfferedTool[] {
  if (value === undefined) return []
  const tools = requireList(value, 'tools').map(readTool)
  if (new Set(tools.map(({ name }) => name)).size < tools.length) throw invalid('tools: Tool names must be unique.')
  return tools
}

function readTool(value: unknown, index: number): OfferedTool {
  const tool = requireFields(value, `tools.${index}`)
  const at = `tools.${index}.custom`
  if ((tool['type'] ?? 'custom') !== 'custom') throw invalid(`tools.${index}: the stand-in knows only custom tools`)
  refuseUnknown(tool, TOOL_FIELDS, at)
  const name = requirePattern(tool['name'], `${at}.name`, TOOL_NAME)
  if (tool['description'] !== undefined && typeof tool['description'] !== 'string')
    throw invalid(`${at}.description: Input should be a valid string`)
  readCacheControl(tool['cache_control'], `${at}.cache_control`)
  if (tool['input_schema'] === undefined) throw invalid(`${at}.input_schema: Field required`)
  return { name, inputSchema: readSchema(tool['input_schema'], `${at}.input_schema`), strict: tool['strict'] === true }
}

function readSchema(value: unknown, at: string): Fields {
  const schema = requireFields(value, at)
  if (schema['type'] === undefined) throw invalid(`${at}.type: Field required`)
  if (schema['type'] !== 'object') throw invalid(`${at}.type: Input should be 'object'`)
  if (['oneOf', 'allOf', 'anyOf'].some((word) => schema[word] !== undefined))
    throw invalid(`${at}: input_schema does not support oneOf, allOf, or anyOf at the top level`)
  if (!isSchema(schema))
    throw invalid(
      `${at}: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12). Learn more about tool use at https://docs.claude.com/en/docs/tool-use.`,
    )
  return schema
}

/** The part of draft 2020-12 that people get wrong. */
function isSchema(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  if (!isFields(value)) return false
  const { type, properties, required, items, enum: choices, additionalProperties } = value
  const types: unknown[] = type === undefined ? [] : [type].flat()
  if (!types.every((one) => typeof one === 'string' && SCHEMA_TYPES.has(one))) return false
  if (required !== undefined && !(Array.isArray(required) && required.every((one) => typeof one === 'string'))) return false
  if (choices !== undefined && !Array.isArray(choices)) return false
  if (properties !== undefined && !(isFields(properties) && Object.values(properties).every(isSchema))) return false
  const alternatives: unknown[] = [value['anyOf'] ?? [], value['oneOf'] ?? [], value['allOf'] ?? []].flat()
  return [...alternatives, items ?? true, additionalProperties ?? true].every(isSchema)
}

export function readToolChoice(value: unknown, tools: readonly OfferedTool[], model: ModelInfo): ToolChoice {
  if (value === undefined) return { type: tools.length === 0 ? 'none' : 'auto' }
  const choice = requireFields(value, 'tool_choice')
  const type = choice['type']
  const known = typeof type === 'string' ? CHOICE_FIELDS[type] : undefined
  if (known === undefined)
    throw invalid(
      `tool_choice: Input tag '${String(type)}' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'`,
    )
  refuseUnknown(choice, known, `tool_choice.${String(type)}`)
  if (tools.length === 0) throw invalid('tool_choice: may only be specified while providing `tools`.')
  if (type === 'tool') {
    const name = requirePattern(choice['name'], 'tool_choice.tool.name', TOOL_NAME)
    if (!tools.some((tool) => tool.name === name)) throw invalid(`Tool '${name}' not found in provided tools`)
  }
  if ((type === 'tool' || type === 'any') && !model.forcesTools)
    throw invalid('tool_choice forces tool use is not compatible with this model.')
  return choice as unknown as ToolChoice
}
