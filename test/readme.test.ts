import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './support/repo-imports.ts'

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> }

/** What npm itself understands. */
const NPM_WORDS = new Set(['ci', 'install', 'exec', 'pack', 'audit', 'outdated', 'ls'])

/** The code of a Markdown text: prose may say what it likes about npm. */
function codeIn(markdown: string): string {
  return [...markdown.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code).join('\n')
}

/** `npm run x`, `npm test`, `npm start` and the like in a text: the names of the scripts. */
function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm\s+(?:(run|run-script)\s+)?(?:-\S+\s+)*([a-z][\w:-]*)/g)].flatMap(([, run, name = '']) =>
    run === undefined && NPM_WORDS.has(name) ? [] : [name],
  )
}

const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

test.each(documents)('every npm script that %s names is there', (name) => {
  const named = scriptsIn(codeIn(readFileSync(join(ROOT, name), 'utf8')))
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([])
})

test('every npm script that the bot itself names is there', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const named = sources.flatMap((name) =>
    [...readFileSync(join(ROOT, 'src', name), 'utf8').matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = '']) => script),
  )
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([])
})

test('the scan finds what it should', () => {
  const text =
    'npm puts it first. Run `npm ci && npm run sandbox`, then `npm test`,\n```\nnpm run -s doctor -- --json\nnpm run audit\n```\nand `npm start`.'
  expect(scriptsIn(codeIn(text))).toEqual(['sandbox', 'test', 'doctor', 'audit', 'start'])
})
