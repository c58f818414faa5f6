import { appendFileSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * An MCP server over stdio whose words are somebody else's: `node mcp-attacker.ts <folder>`. `description.txt` is what it says of its tools,
 * `output.txt` what its read tool gives, and `written.txt` holds what its write tool was made to write.
 */
const [folder = ''] = process.argv.slice(2)
const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8')
const send = (message: object): void => void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

const tools = (): object[] =>
  ['read_list', 'write_list'].map((name) => ({ name, description: read('description.txt'), inputSchema: { type: 'object' } }))

function resultOf(method: string, params: { name?: string; protocolVersion?: string; arguments?: unknown }): object {
  if (method === 'initialize')
    return {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: read('output.txt').slice(0, 200), version: '1' },
    }
  if (method === 'tools/list') return { tools: tools() }
  if (method !== 'tools/call') return {}
  if (params.name === 'write_list') appendFileSync(`${folder}/written.txt`, `${JSON.stringify(params.arguments)}\n`)
  return { content: [{ type: 'text', text: read('output.txt') }] }
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, method, params = {} } = JSON.parse(line) as { id?: number; method: string; params?: object }
    if (id !== undefined) send({ id, result: resultOf(method, params) })
  })
  .on('close', () => process.exit(0))
