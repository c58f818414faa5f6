import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPlaybooks, readPrices } from '../../../src/app/config-files.ts'
import { parsePlaybooks } from '../../../src/services/agent/playbook.ts'
import { temporaryFolder } from '../../support/repo-database.ts'

const KNOWN = { models: ['claude-sonnet-5-5', 'claude-haiku-5-5'], servers: ['mail'] }

const GOOD = { title: 'title: Chase agreements', model: 'model: claude-sonnet-5-5', dollars: 'dollars: 0.50' }

const playbook = (change: Partial<Record<keyof typeof GOOD | 'more', string>> = {}, body = 'Do it.'): string => {
  const lines = Object.values({ ...GOOD, ...change }).filter((line) => line !== '')
  return ['---', ...lines, '---', body].join('\n')
}

function problemsOf(files: Readonly<Record<string, string>>): string[] {
  try {
    parsePlaybooks(files, KNOWN)
  } catch (error) {
    expect(error).toMatchObject({ code: 'config-file' })
    return (error as Error).message.split('\n')
  }
  return []
}

describe('a playbook', () => {
  it('needs a title, a model and dollars; everything else has a cautious default', () => {
    expect(parsePlaybooks({ chase: playbook() }, KNOWN)).toMatchObject([
      {
        kind: 'chase',
        title: 'Chase agreements',
        maxTurns: 30,
        maxTokens: 400_000,
        maxCost: 500_000,
        replyTokens: 4000,
        tools: [],
        approval: [],
        api: false,
        privateColumns: [],
        instructions: 'Do it.',
      },
    ])
  })

  it('may be written on Windows', () => {
    expect(parsePlaybooks({ chase: playbook().replaceAll('\n', '\r\n') }, KNOWN)).toMatchObject([{ kind: 'chase', instructions: 'Do it.' }])
  })

  it.each([
    [{ title: '' }, 'title: is missing; say what this kind of task is'],
    [{ title: 'title: ""' }, 'title: is empty'],
    [{ model: '' }, 'model: is missing; name a model that prices.yml has'],
    [{ model: 'model: gpt' }, 'model: prices.yml has no price for gpt; it has claude-sonnet-5-5, claude-haiku-5-5'],
    [{ dollars: '' }, 'dollars: must be dollars, such as 0.50'],
    [{ dollars: 'dollars: $1' }, 'dollars: must be dollars, such as 0.50'],
    [{ dollars: 'dollars: 0' }, 'dollars: must be more than 0'],
    [{ dollars: 'dollars: 51' }, 'dollars: must be at most 50'],
    [{ more: 'turns: many' }, 'turns: must be a whole number from 2 to 30'],
    [{ more: 'turns: 1' }, 'turns: must be at least 2'],
    [{ more: 'turns: 31' }, 'turns: must be at most 30'],
    [{ more: 'tokens: 9999' }, 'tokens: must be at least 10000'],
    [{ more: 'replyTokens: 16001' }, 'replyTokens: must be at most 16000'],
    [{ more: 'tools: create_task' }, 'tools: must be a list of tools'],
    [{ more: 'approval: [create_task]' }, 'approval: create_task is not among its tools'],
    [{ more: 'api: maybe' }, 'api: must be true or false'],
    [{ more: 'privateColumns: contact' }, 'privateColumns: must be a list of columns'],
    [{ more: 'budget: 3' }, 'budget: is not a setting of a playbook'],
  ] as const)('with %j says what to correct', (change, problem) => {
    expect(problemsOf({ chase: playbook(change) })).toEqual([`playbooks/chase.md: ${problem}`])
  })

  it('names what there is in the place of an unknown tool or column', () => {
    const [tool] = problemsOf({ chase: playbook({ more: 'tools: [send_email]' }) })
    expect(tool).toMatch(/^playbooks\/chase\.md: tools\.0: is not a tool; there is list_charters, read_charter/)
    const [column] = problemsOf({ chase: playbook({ more: 'privateColumns: [phone]' }) })
    expect(column).toMatch(/^playbooks\/chase\.md: privateColumns\.0: is not a column; there is id, date/)
  })

  it.each([
    ['', 'must begin with settings between two lines of ---, then the instructions'],
    ['Only instructions.', 'must begin with settings between two lines of ---, then the instructions'],
    [playbook({}, '  '), 'has no instructions below its settings'],
    ['---\njust words\n---\nDo it.', 'its settings: must be settings, one a line, such as title: Office task'],
  ])('that is %j says so', (text, problem) => {
    expect(problemsOf({ chase: text })).toEqual([`playbooks/chase.md: ${problem}`])
  })

  it('without any setting says which are missing', () => {
    const words = [
      'title: is missing; say what this kind of task is',
      'model: is missing; name a model that prices.yml has',
      'dollars: must be dollars, such as 0.50',
    ]
    expect(problemsOf({ chase: '---\n\n---\nDo it.' })).toEqual(words.map((word) => `playbooks/chase.md: ${word}`))
  })

  it('names the line that is no YAML', () => {
    expect(problemsOf({ chase: '---\ntitle: [\n---\nDo it.' })[0]).toMatch(
      /^playbooks\/chase\.md: its settings are not valid YAML: .*line 1/,
    )
  })

  it.each(['Chase', 'a', '1st', 'chase it', 'person', 'a'.repeat(32)])('cannot be called %s', (kind) => {
    expect(problemsOf({ [kind]: playbook() })).toEqual([
      `playbooks/${kind}.md: call it with small letters, digits and hyphens, and not person`,
    ])
  })

  it('is told together with all others that are wrong', () => {
    expect(problemsOf({ one: playbook({ title: '' }), two: playbook(), three: playbook({ dollars: '' }) })).toHaveLength(2)
  })
})

describe('the folder of the operator', () => {
  const known = { models: Object.keys(readPrices(undefined)), servers: [] }

  it('need not be there: the shipped playbooks can be read, and show no private column they do not name', () => {
    const shipped = readPlaybooks(undefined, known)
    expect(shipped.map(({ kind }) => kind)).toContain('general')
    expect(shipped.find(({ kind }) => kind === 'general')).toMatchObject({ privateColumns: [], maxCost: 1_000_000, maxTurns: 30 })
  })

  it('replaces one, and adds another', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'playbooks'))
    writeFileSync(join(folder, 'playbooks', 'general.md'), playbook({ title: 'title: Our own' }))
    writeFileSync(join(folder, 'playbooks', 'count-fuel.md'), playbook({ title: 'title: Count fuel' }))
    writeFileSync(join(folder, 'playbooks', 'notes.txt'), 'not a playbook')
    const titles = Object.fromEntries(readPlaybooks(folder, known).map(({ kind, title }) => [kind, title]))
    expect(titles).toMatchObject({ general: 'Our own', 'count-fuel': 'Count fuel' })
    const shipped = readPlaybooks(undefined, known).map(({ kind }) => kind)
    expect(Object.keys(titles).toSorted()).toEqual([...shipped, 'count-fuel'].toSorted())
  })

  it('without playbooks leaves the shipped ones', () => {
    expect(readPlaybooks(temporaryFolder(), known)).toEqual(readPlaybooks(undefined, known))
  })
})
