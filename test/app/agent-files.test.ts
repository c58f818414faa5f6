import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAgentFiles } from '../../src/app/agent.ts'
import { Variables } from '../../src/variables.ts'
import { temporaryFolder } from '../support/repo-database.ts'

const variables = new Variables({ WIKI_TOKEN: 'abc' })

const PLAYBOOK = `---
title: Wiki
model: claude-sonnet-5-5
dollars: 1
mcp: { wiki: { read: [search] } }
---
Work.
`

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'playbooks'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('the shipped files attach no server', () => {
  const { servers, playbooks } = readAgentFiles({ configDir: undefined, variables })
  expect(servers).toEqual([])
  expect(playbooks.map(({ mcp }) => mcp)).toEqual(playbooks.map(() => ({})))
})

test("the operator's mcp.json names servers, and a playbook their tools", () => {
  const mcp = JSON.stringify({ mcpServers: { wiki: { command: './wiki', env: { TOKEN: '${WIKI_TOKEN}' } } } })
  const folder = folderWith({ 'mcp.json': mcp, 'playbooks/wiki.md': PLAYBOOK })
  const { servers, playbooks } = readAgentFiles({ configDir: folder, variables })
  expect(servers).toMatchObject([{ name: 'wiki', transport: 'stdio', cwd: folder }])
  expect(playbooks.find(({ kind }) => kind === 'wiki')?.mcp).toEqual({ wiki: { read: ['search'], write: [] } })
})

test('a playbook that names a server nobody attached is told at the start', () => {
  const folder = folderWith({ 'playbooks/wiki.md': PLAYBOOK })
  expect(() => readAgentFiles({ configDir: folder, variables })).toThrow(
    'mcp.wiki: mcp.json has no server of this name; there is no mcp.json',
  )
})
