import { Refused, invalid } from '../api-error.ts'
import type { Block, MessagesRequest, ModelInfo } from '../types.ts'
import { readTexts } from './blocks.ts'
import { readCacheControl, refuseManyBreakpoints } from './cache-control.ts'
import type { Fields } from './fields.ts'
import { isFields, refuseUnknown, requireFields, requireString } from './fields.ts'
import { readMessages } from './messages.ts'
import { readToolChoice, readTools } from './tools.ts'

export interface ReadDeps {
  readonly models: readonly ModelInfo[]
  readonly isPaused: (content: readonly Block[]) => boolean
  readonly version: string
  readonly betas: readonly string[]
}

const KNOWN = [
  'model',
  'messages',
  'max_tokens',
  'system',
  'tools',
  'tool_choice',
  'cache_control',
  'metadata',
  'stream',
  'thinking',
  'output_config',
  'service_tier',
  'inference_geo',
]
const SAMPLING = ['temperature', 'top_p', 'top_k']
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max']
const THINKING_FIELDS = new Set(['type', 'display', 'budget_tokens'])

export interface ReadRequest {
  request: MessagesRequest
  model: ModelInfo
  body: Fields
}

/** Reads a body as the service does: unknown things are refused, in its words where they are known. */
export function readRequest(text: string, deps: ReadDeps): ReadRequest {
  const body = parse(text)
  refuseSampling(body, deps.version)
  const editsContext = deps.betas.some((beta) => beta.startsWith('context-management-'))
  if (body['stop_sequences'] !== undefined) throw invalid('stop_sequences: the stand-in does not simulate them')
  refuseUnknown(body, new Set([...KNOWN, ...(editsContext ? ['context_management'] : [])]), '')
  if (body['stream'] === true) throw invalid('stream: the stand-in does not stream')
  const model = readModel(body['model'], deps.models)
  const tools = readTools(body['tools'])
  const turns = readMessages(body['messages'], deps.isPaused)
  const usesTools = turns.some(({ content }) => content.some(({ type }) => type === 'tool_use' || type === 'tool_result'))
  if (usesTools && tools.length === 0) throw invalid('Requests which include `tool_use` or `tool_result` blocks must define tools')
  refuseManyBreakpoints(countBreakpoints(body))
  readCacheControl(body['cache_control'], 'cache_control')
  return {
    body,
    model,
    request: {
      model: model.id,
      maxTokens: readMaxTokens(body['max_tokens'], model),
      system: body['system'] === undefined ? [] : readTexts(body['system'], 'system', 'system'),
      tools,
      toolChoice: readToolChoice(body['tool_choice'], tools, model),
      turns,
      thinking: readThinking(body, model),
    },
  }
}

function parse(text: string): Fields {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    throw invalid(`The request body is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isFields(body)) throw invalid('The request body is not valid JSON: an object is expected')
  return body
}

function refuseSampling(body: Fields, version: string): void {
  const found = SAMPLING.find((name) => body[name] !== undefined)
  if (found === undefined) return
  throw invalid(version === '2023-06-01' ? `\`${found}\` is deprecated for this model.` : `${found}: Extra inputs are not permitted`)
}

function readModel(value: unknown, models: readonly ModelInfo[]): ModelInfo {
  const id = requireString(value, 'model')
  const model = models.find((one) => one.id === id)
  if (model === undefined) throw new Refused('not_found_error', `model: ${id}`)
  return model
}

function readMaxTokens(value: unknown, { id, maxOutput }: ModelInfo): number {
  if (value === undefined) throw invalid('max_tokens: Field required')
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid('max_tokens: Input should be a valid integer')
  if (value < 1) throw invalid('max_tokens: Input should be greater than or equal to 1')
  if (value > maxOutput)
    throw invalid(`max_tokens: ${value} > ${maxOutput}, which is the maximum allowed number of output tokens for ${id}`)
  return value
}

function readThinking(body: Fields, model: ModelInfo): MessagesRequest['thinking'] {
  const config = body['output_config'] === undefined ? {} : requireFields(body['output_config'], 'output_config')
  if ((config['format'] ?? null) !== null) throw invalid('output_config.format: the stand-in does not simulate it')
  const effort = config['effort'] ?? undefined
  if (effort !== undefined && !EFFORTS.some((one) => one === effort))
    throw invalid(`output_config.effort: Input should be ${EFFORTS.map((one) => `'${one}'`).join(', ')}`)
  if (body['thinking'] === undefined) return { type: 'adaptive' }
  const thinking = requireFields(body['thinking'], 'thinking')
  refuseUnknown(thinking, THINKING_FIELDS, 'thinking')
  const { type } = thinking
  if (typeof type !== 'string' || !model.thinkingTypes.includes(type))
    throw invalid(
      `"thinking.type.${String(type)}" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`,
    )
  return thinking as unknown as MessagesRequest['thinking']
}

/** The top-level one counts too. */
function countBreakpoints(body: Fields): number {
  const blocksIn = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
  const contents = blocksIn(body['messages']).flatMap((message) => (isFields(message) ? blocksIn(message['content']) : []))
  const inner = contents.flatMap((block) => (isFields(block) ? blocksIn(block['content']) : []))
  const carriers = [body, ...blocksIn(body['tools']), ...blocksIn(body['system']), ...contents, ...inner]
  return carriers.filter((one) => isFields(one) && (one['cache_control'] ?? null) !== null).length
}
