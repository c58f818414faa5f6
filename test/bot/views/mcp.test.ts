import { expect, test } from 'vitest'
import { acceptedView, serversView } from '../../../src/bot/views/mcp.ts'
import type { ServerStory, ToolStory } from '../../../src/services/mcp/read-servers.ts'

const NOON = Date.UTC(2026, 2, 15, 12)
const tool: ToolStory = { name: 'search', acceptedBy: null, acceptedAt: NOON, change: null }
const server: ServerStory = { name: 'wiki', configured: true, transport: 'http', playbooks: ['general'], state: 'usable', tools: [tool] }

const textOf = (view: object): string => JSON.stringify(view)

test('says how servers stand, and how to accept a change', () => {
  expect(textOf(serversView([]))).toContain('No MCP server is attached')
  expect(textOf(serversView([server]))).toMatch(/\*wiki\* \(http; for general\): may be used\\n• search, as first seen/)
  const change = { what: 'description', description: 'Other.', at: NOON }
  const stopped = textOf(serversView([{ ...server, state: 'stopped', configured: false, tools: [{ ...tool, change }] }]))
  expect(stopped).toMatch(
    /no longer in mcp\.json.*search has changed its description, seen .*It says now: \\"Other\.\\".*\/jada mcp accept wiki`/,
  )
})

test('what a server says of itself is no mention, no link and not long', () => {
  const change = { what: 'description', description: '<!channel> <https://evil.example|ok> `x` '.repeat(200), at: NOON }
  const view = serversView(
    Array.from({ length: 60 }, () => ({ ...server, state: 'stopped' as const, tools: [{ ...tool, name: '<@U1>', change }] })),
  )
  const text = textOf(view)
  expect(text).not.toMatch(/<!channel>|<https:|<@U1>/)
  expect(view.blocks?.length).toBeLessThanOrEqual(50)
  for (const block of view.blocks ?? []) if (block.type === 'section') expect(block.text).toMatchObject({ verbatim: true })
})

test('says what accepting came to', () => {
  expect(textOf(acceptedView('wiki', { kind: 'accepted', tools: ['a', 'b'] }))).toContain('Accepted: a, b of the MCP server wiki.')
  expect(textOf(acceptedView('wiki', { kind: 'nothing' }))).toContain('is not stopped')
  expect(textOf(acceptedView('<!here>', { kind: 'unknown' }))).not.toContain('<!here>')
})
