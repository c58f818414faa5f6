import { expect, it } from 'vitest'
import { toDefinition } from '../../src/services/mcp/definition.ts'
import type { Pin } from '../../src/services/mcp/ports.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const definition = (name: string, description: string) => toDefinition({ name, description, inputSchema: { type: 'object' } })

const pin = (server: string, tool: string): Pin => ({
  server,
  tool,
  accepted: definition(tool, 'As it was.'),
  acceptedBy: null,
  acceptedAt: 1000,
  change: null,
})

it('keeps tools by server and name, with what they have become', async () => {
  const { uow } = await openTestDatabase()
  const changed: Pin = { ...pin('wiki', 'edit'), acceptedBy: 'U0MARA', change: { seen: definition('edit', 'As it is.'), at: 2000 } }
  await uow.run(async ({ mcp }) => {
    for (const one of [pin('wiki', 'search'), pin('wiki', 'edit'), pin('files', 'list'), changed]) await mcp.savePin(one)
  })
  expect(await uow.run(({ mcp }) => mcp.pins('wiki'))).toEqual([changed, pin('wiki', 'search')])
  expect((await uow.run(({ mcp }) => mcp.pins())).map(({ server, tool }) => `${server} ${tool}`)).toEqual([
    'files list',
    'wiki edit',
    'wiki search',
  ])
})

it('keeps what a session was offered, once', async () => {
  const { uow } = await openTestDatabase()
  const tools = [{ ...definition('search', 'Finds.'), server: 'wiki', offeredAs: 'wiki__search' }]
  expect(await uow.run(({ mcp }) => mcp.offer(1))).toBeNull()
  await uow.run(({ mcp }) => mcp.saveOffer(1, tools))
  await expect(uow.run(({ mcp }) => mcp.saveOffer(1, []))).rejects.toThrow()
  expect(await uow.run(({ mcp }) => mcp.offer(1))).toEqual(tools)
})
