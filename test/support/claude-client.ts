import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createClaude as createStandIn, type Claude } from '../../sandbox/claude/claude.ts'
import { Secret } from '../../src/secret.ts'
import { createClaude } from '../../src/services/model/claude.ts'
import type { Model, ModelRequest } from '../../src/services/model/model.ts'

export const API_KEY = 'sk-ant-test-never-told'

const TOOL = {
  name: 'read_task',
  description: 'Reads the task.',
  inputSchema: { type: 'object', properties: {}, additionalProperties: false },
}

/** A request as a session makes it. */
export const modelRequest = (change: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'claude-sonnet-5-5',
  system: 'You work on a task. '.repeat(300),
  tools: [TOOL],
  mayUseTools: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Begin.' }] }],
  maxTokens: 1000,
  ...change,
})

export const clientOf = (baseUrl: string | undefined): Model => createClaude({ apiKey: new Secret(API_KEY), baseUrl })

/** The client against the stand-in of Claude. */
export async function openClient(): Promise<{ claude: Claude; model: Model; url: string }> {
  const claude = createStandIn({ apiKey: API_KEY })
  const { url } = await claude.start()
  onTestFinished(() => claude.stop())
  return { claude, model: clientOf(url), url }
}

/** The client against a server that answers as the test says. */
export async function openServer(answer: RequestListener): Promise<{ model: Model; url: string; headers: IncomingHttpHeaders[] }> {
  const headers: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    headers.push(request.headers)
    answer(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { model: clientOf(url), url, headers }
}

/** Sets variables of the environment until the test ends. */
export function withEnvironment(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name]
    process.env[name] = value
    onTestFinished(() => {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    })
  }
}
