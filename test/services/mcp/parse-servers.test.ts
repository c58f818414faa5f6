import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parsePlaybooks } from '../../../src/services/agent/playbook.ts'
import { parseServers } from '../../../src/services/mcp/parse-servers.ts'
import { Variables } from '../../../src/variables.ts'

const AROUND = { variables: new Variables({ WIKI_TOKEN: 'very-secret-token' }), folder: '/etc/jada' }

const parse = (mcpServers: unknown) => parseServers(JSON.stringify({ mcpServers }), AROUND)

function problemsOf(act: () => unknown): string[] {
  try {
    act()
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : []
  }
  return []
}

describe('mcp.json', () => {
  it('names programs and addresses, and takes secrets from the environment', () => {
    const servers = parse({
      files: { command: 'npx', args: ['-y', 'server'], env: { TOKEN: 'Bearer ${WIKI_TOKEN}', MODE: 'ro' } },
      'wiki-2': { type: 'http', url: 'https://wiki.example/mcp', headers: { authorization: 'Bearer ${WIKI_TOKEN}' } },
      here: { url: 'http://127.0.0.1:3001/mcp' },
    })
    expect(servers).toMatchObject([
      { name: 'files', transport: 'stdio', command: 'npx', args: ['-y', 'server'], cwd: '/etc/jada' },
      { name: 'wiki-2', transport: 'http', url: 'https://wiki.example/mcp' },
      { name: 'here', transport: 'http' },
    ])
    const [files] = servers
    expect(files?.transport === 'stdio' ? Object.values(files.env).map((value) => value.reveal()) : []).toEqual([
      'Bearer very-secret-token',
      'ro',
    ])
    expect(files?.hidden.map((value) => value.reveal())).toEqual(['very-secret-token'])
    expect(inspect(servers, { depth: 9 }) + JSON.stringify(servers)).not.toContain('very-secret')
  })

  it('may lack servers', () => {
    expect(parse({})).toEqual([])
  })

  it('is told about all its problems at once, and what to do', () => {
    const broken = {
      Files: { command: 'npx' },
      lost: {},
      odd: { command: 'x', args: 'y', colour: 'red' },
      secret: { command: 'x', args: ['${WIKI_TOKEN}'], env: { A: '${NOWHERE}', B: '${not a name}', C: 5 } },
      old: { type: 'sse', url: 'https://a.example/sse' },
      open: { url: 'http://a.example/mcp' },
      named: { url: 'https://me:pw@a.example/mcp' },
      token: { url: 'https://a.example/mcp', headers: { 'x-token': '${NOWHERE}' } },
      text: 'npx',
    }
    const { text, ...objects } = broken
    expect(problemsOf(() => parse(objects))).toEqual([
      'mcp.json: mcpServers.Files: call it with small letters, digits and hyphens, beginning with a letter, at most 30',
      'mcp.json: mcpServers.lost.command: is missing; give the program to start',
      'mcp.json: mcpServers.odd.args: must be a list of texts',
      'mcp.json: mcpServers.odd: colour is no setting here',
      'mcp.json: mcpServers.secret.args.0: takes no ${NAME}: only env and headers do, so that no secret is seen in a list of processes',
      'mcp.json: mcpServers.secret.env.C: must be text',
      'mcp.json: mcpServers.old.type: must be "http"; the older "sse" is not supported',
      'mcp.json: mcpServers.open.url: must begin with https://; without encryption only servers on this machine are spoken to',
      'mcp.json: mcpServers.named.url: holds a name or password; put that into headers, as ${NAME}',
      "mcp.json: mcpServers.token.headers.x-token: the bot's environment has no NOWHERE; set it there, for example in .env",
    ])
    expect(problemsOf(() => parse({ text }))).toEqual(['mcp.json: mcpServers.text: must be an object'])
    expect(problemsOf(() => parseServers('{', AROUND))).toEqual([expect.stringMatching(/^mcp\.json is not valid JSON: /)])
    expect(problemsOf(() => parseServers('{"servers": {}}', AROUND))).toHaveLength(2)
  })
})

describe('the tools of servers in a playbook', () => {
  const playbook = (mcp: string): string => `---\ntitle: T\nmodel: m\ndollars: 1\n${mcp}\n---\nWork.`
  const read = (mcp: string, servers: readonly string[] = ['wiki', 'files']) =>
    parsePlaybooks({ general: playbook(mcp) }, { models: ['m'], servers })

  it('are read or write', () => {
    expect(read('mcp: {wiki: {read: [search], write: [edit]}, files: {read: [list]}}')[0]?.mcp).toEqual({
      wiki: { read: ['search'], write: ['edit'] },
      files: { read: ['list'], write: [] },
    })
    expect(read('')[0]?.mcp).toEqual({})
  })

  it('must be of a server that mcp.json names, and each once', () => {
    const bad = 'mcp: {nowhere: {read: [a]}, wiki: {read: [a, b], write: [b]}, files: {}}'
    expect(problemsOf(() => read(bad))).toEqual([
      'playbooks/general.md: mcp.nowhere: mcp.json has no server of this name; it has wiki, files',
      'playbooks/general.md: mcp.wiki: b is named twice; a tool is either read or write',
      'playbooks/general.md: mcp.files: names no tool; list tools under read or write',
    ])
    expect(problemsOf(() => read('mcp: {wiki: {read: [a]}}', []))).toEqual([
      'playbooks/general.md: mcp.wiki: mcp.json has no server of this name; there is no mcp.json, or it names none',
    ])
    expect(problemsOf(() => read('mcp: {wiki: {reads: [a]}}'))).toEqual(['playbooks/general.md: reads: is not a setting of a playbook'])
  })
})
