import { describe, expect, test } from 'vitest'
import { allImports, findCircles, importsOf, readSources, strip, type Import, type Sources } from './support/repo-imports.ts'

/** The layers of docs/architecture.md: who may import whom, a layer or one file of it. A file may always import from its own layer. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  root: [],
  'services/signals': ['root'],
  'services/messages': ['root'],
  'services/work': ['root'],
  'services/audit': ['root'],
  'services/google': ['root', 'services/audit', 'services/signals'],
  'services/host': ['root', 'services/signals'],
  'services/sheets': ['root', 'services/signals', 'services/google'],
  'services/incidents': ['root', 'services/audit', 'services/signals', 'services/messages', 'services/work'],
  'services/tasks': ['root', 'services/audit', 'services/messages', 'services/work'],
  'services/model': ['root'],
  'services/agent': [
    'root',
    'services/audit',
    'services/signals',
    'services/messages',
    'services/work',
    // The agent reads charters as they were stored; how a sheet is read is no business of its.
    'services/sheets/charter.ts',
    'services/incidents',
    'services/tasks',
    'services/model',
    'services/crew',
    'services/signing',
    'services/office',
  ],
  'services/answers': [
    'root',
    'services/signals',
    'services/messages',
    'services/work',
    'services/google',
    'services/sheets',
    'services/host',
    'services/incidents',
    'services/model',
  ],
  'services/links': ['root'],
  'services/crew': ['root', 'services/audit', 'services/links', 'services/sheets/charter.ts'],
  // Of crew pages only what keeps private columns out of a text.
  'services/signing': ['root', 'services/audit', 'services/links', 'services/sheets/charter.ts', 'services/crew/mask.ts'],
  'services/office': ['root', 'services/messages', 'services/tasks', 'services/crew', 'services/signing', 'services/sheets/charter.ts'],
  'services/rules': [
    'root',
    'services/tasks',
    'services/crew',
    'services/signing',
    'services/office',
    'services/agent',
    'services/sheets/charter.ts',
  ],
  'services/mcp': ['root', 'services/signals', 'services/incidents', 'services/agent'],
  'services/delivery': ['root', 'services/messages', 'services/incidents', 'services/agent', 'services/office'],
  'services/status': ['root', 'services/*'],
  store: ['root', 'services/*'],
  jobs: ['root', 'services/*'],
  bot: ['root', 'services/*'],
  app: ['root', 'services/*', 'store', 'jobs', 'bot'],
  cli: ['root', 'app'],
  main: ['root', 'app'],
}

/** Packages and Node modules that belong to one part. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  '@slack/bolt': ['bot'],
  '@slack/web-api': ['bot', 'app'],
  '@slack/types': ['bot'],
  '@slack/socket-mode': ['bot'],
  kysely: ['store'],
  'node:sqlite': ['store'],
  'node-cron': ['jobs', 'root'],
  googleapis: ['services/google', 'app'],
  'google-auth-library': ['services/google', 'app'],
  '@modelcontextprotocol/client': ['services/mcp'],
  luxon: ['services/sheets', 'services/status', 'root'],
  '@aws-sdk/client-lightsail': ['services/host'],
  marked: ['services/signing'],
}

function layerOf(file: string): string {
  const [, first = '', second = ''] = file.split('/')
  if (first === 'main.ts') return 'main'
  if (first === 'app.ts') return 'app'
  if (first.endsWith('.ts')) return 'root'
  return first === 'services' ? `services/${second}` : first
}

const isLocal = (file: string): boolean => file.startsWith('src/')

function mayImport(from: string, file: string): boolean {
  const to = layerOf(file)
  const allows = (name: string): boolean => name === to || `src/${name}` === file || (name === 'services/*' && to.startsWith('services/'))
  return from === to || (MAY[from] ?? []).some(allows)
}

/** Views turn data into blocks or pages: they know data, words and each other, and nothing that acts. */
function isPureEnough({ from, to, typeOnly }: Import): boolean {
  if (!from.startsWith('src/bot/views/')) return true
  if (to.startsWith('src/bot/views/') || to === 'src/errors.ts' || to === 'node:crypto') return true
  if (to.startsWith('src/services/')) return typeOnly || /\/((?:cause-)?wording|incident|signal)\.ts$/.test(to)
  return typeOnly
}

function importProblems(sources: Sources): string[] {
  return allImports(sources).flatMap((one) => {
    const { from, to } = one
    const said = `${from} imports ${to}`
    const layer = layerOf(from)
    if (MAY[layer] === undefined) return [`${from} lies in ${layer}, a layer nobody has described`]
    if (to.startsWith('.') || /^(sandbox|test|bench)\//.test(to)) return [`${said}, which lies outside src`]
    if (!isLocal(to))
      return ONLY_IN[to] === undefined || ONLY_IN[to].includes(layer) ? [] : [`${said}, which belongs to ${ONLY_IN[to].join(', ')}`]
    if (!sources.has(to)) return [`${said}, which is not there`]
    if (!mayImport(layer, to)) return [`${said}: ${layer} may not know ${layerOf(to)}`]
    // `export` and `import type` of a service's types is all a store needs; what decides stays in the service.
    return isPureEnough(one) ? [] : [`${said}: a view may not know it`]
  })
}

/** Time, chance and settings come through a parameter, so that a test, and a second run, can give others. */
const AMBIENT: readonly { readonly what: RegExp; readonly allowed: RegExp }[] = [
  { what: /\bDate\s*\.\s*now\b/, allowed: /^src\/clock\.ts$/ },
  { what: /\bnew\s+Date\s*(?:\(\s*\)|(?![\w\s(.]))/, allowed: /^src\/clock\.ts$/ },
  { what: /(?<![\w.]|new )\bDate\s*\(/, allowed: /^src\/clock\.ts$/ },
  { what: /\bperformance\s*\.\s*now\b/, allowed: /^src\/clock\.ts$/ },
  { what: /\bDateTime\s*\.\s*(?:now\s*\(|utc\s*\(\s*\)|local\s*\(\s*\))/, allowed: /^src\/clock\.ts$/ },
  { what: /\b(?:setTimeout|setInterval)\s*\(/, allowed: /^src\/(?:clock|bot\/routes\/server)\.ts$/ },
  { what: /\bMath\s*\.\s*random\b/, allowed: /^src\/random\.ts$/ },
  { what: /\b(?:randomBytes|randomUUID|randomInt|getRandomValues)\s*\(/, allowed: /^src\/random\.ts$/ },
  { what: /\bprocess\s*\.\s*env\b/, allowed: /^src\/(?:main|config)\.ts$|^src\/cli\// },
]

function ambientProblems(sources: Sources): string[] {
  return [...sources].flatMap(([name, source]) =>
    strip(source, true)
      .split('\n')
      .flatMap((line, index) =>
        AMBIENT.filter(({ what, allowed }) => what.test(line) && !allowed.test(name)).map(
          ({ what }) => `${name}:${index + 1} uses ${what.exec(line)?.[0] ?? ''}`,
        ),
      ),
  )
}

describe('the sources', () => {
  const src = readSources('src')
  const sandbox = readSources('sandbox')

  test('are there: a scan of nothing would agree with everything', () => {
    expect(src.size).toBeGreaterThan(80)
    expect(sandbox.size).toBeGreaterThan(50)
    expect(allImports(src).length).toBeGreaterThan(300)
    expect(new Set([...src.keys()].map(layerOf))).toEqual(new Set(Object.keys(MAY)))
  })

  test('keep to their layers', () => {
    expect(importProblems(src)).toEqual([])
  })

  test('import in no circle', () => {
    expect(findCircles(allImports(src))).toEqual([])
    expect(findCircles(allImports(sandbox))).toEqual([])
  })

  test('take time, chance and settings from their callers', () => {
    expect(ambientProblems(src)).toEqual([])
  })

  test('share nothing with the stand-ins, so that a misunderstanding cannot pass by being made twice', () => {
    expect(allImports(sandbox).filter(({ to }) => /^(src|test|bench)\//.test(to) || to.startsWith('..'))).toEqual([])
    expect(allImports(src).filter(({ to }) => to.startsWith('sandbox/'))).toEqual([])
  })
})

describe('the scan itself', () => {
  const file = (name: string, ...lines: string[]): Sources => new Map([...readSources('src'), [name, lines.join('\n')]])

  test.each<[string, string, string]>([
    ['src/bot/made-up.ts', "import { createRunner } from '../jobs/runner.ts'", 'bot may not know jobs'],
    ['src/bot/made-up.ts', "import type { Db } from '../store/sqlite.ts'", 'bot may not know store'],
    ['src/bot/made-up.ts', "const x = await import('../store/sqlite.ts')", 'bot may not know store'],
    ['src/jobs/made-up.ts', "export { createNotifier } from '../bot/notifier.ts'", 'jobs may not know bot'],
    ['src/jobs/made-up.ts', "export * from '../store/unit.ts'", 'jobs may not know store'],
    ['src/store/made-up.ts', "type A = import('../jobs/job.ts').Job<never>", 'store may not know jobs'],
    ['src/services/google/made-up.ts', "import type { Hold } from '../sheets/ports.ts'", 'services/google may not know services/sheets'],
    ['src/services/audit/made-up.ts', "import type { Work } from '../work/work.ts'", 'services/audit may not know services/work'],
    ['src/services/work/made-up.ts', "import type { Signal } from '../signals/signal.ts'", 'services/work may not know services/signals'],
    [
      'src/services/messages/made-up.ts',
      "import type { Incident } from '../incidents/incident.ts'",
      'services/messages may not know services/incidents',
    ],
    [
      'src/services/incidents/made-up.ts',
      "import { repost } from '../delivery/repost.ts'",
      'services/incidents may not know services/delivery',
    ],
    ['src/services/tasks/made-up.ts', "import type { Session } from '../agent/session.ts'", 'services/tasks may not know services/agent'],
    ['src/services/agent/made-up.ts', "import { syncSheet } from '../sheets/sync.ts'", 'services/agent may not know services/sheets'],
    [
      'src/services/agent/made-up.ts',
      "import type { Notifier } from '../delivery/notifier.ts'",
      'services/agent may not know services/delivery',
    ],
    ['src/services/host/made-up.ts', "import { report } from '../incidents/report.ts'", 'services/host may not know services/incidents'],
    [
      'src/services/answers/made-up.ts',
      "import type { Session } from '../agent/session.ts'",
      'services/answers may not know services/agent',
    ],
    ['src/services/incidents/made-up.ts', "import { ask } from '../answers/answer.ts'", 'services/incidents may not know services/answers'],
    ['src/services/links/made-up.ts', "import type { CrewPage } from '../crew/page.ts'", 'services/links may not know services/crew'],
    ['src/services/crew/made-up.ts', "import { syncSheet } from '../sheets/sync.ts'", 'services/crew may not know services/sheets'],
    ['src/services/crew/made-up.ts', "import type { Session } from '../agent/session.ts'", 'services/crew may not know services/agent'],
    ['src/bot/views/made-up.ts', "import { publish } from '../../services/crew/crew-pages.ts'", 'a view may not know it'],
    ['src/services/delivery/made-up.ts', "import type { Work } from '../work/work.ts'", 'services/delivery may not know services/work'],
    [
      'src/services/incidents/made-up.ts',
      "import {\n  type SyncState,\n} from '../sheets/policy.ts'",
      'services/incidents may not know services/sheets',
    ],
    ['src/services/sheets/made-up.ts', "import '../../store/unit.ts'", 'services/sheets may not know store'],
    ['src/services/signing/made-up.ts', "import { publish } from '../crew/crew-pages.ts'", 'services/signing may not know services/crew'],
    ['src/bot/views/made-up.ts', "import { marked } from 'marked'", 'belongs to services/signing'],
    ['src/made-up.ts', "import { act } from './services/incidents/report.ts'", 'root may not know services/incidents'],
    ['src/cli/made-up.ts', "import { migrate } from '../store/migrations.ts'", 'cli may not know store'],
    ['src/services/incidents/made-up.ts', "import type { KnownBlock } from '@slack/types'", 'belongs to bot'],
    ['src/jobs/made-up.ts', "import { sql } from 'kysely'", 'belongs to store'],
    ['src/bot/views/made-up.ts', "import { report } from '../../services/incidents/report.ts'", 'a view may not know it'],
    ['src/bot/views/made-up.ts', "import { systemClock } from '../../clock.ts'", 'a view may not know it'],
    ['src/bot/made-up.ts', "import { createSlack } from '../../sandbox/slack/slack.ts'", 'lies outside src'],
    ['src/bot/made-up.ts', "import { x } from './nowhere.ts'", 'which is not there'],
    ['src/plugins/made-up.ts', "import { x } from '../errors.ts'", 'a layer nobody has described'],
  ])('reports %s with %o', (name, line, problem) => {
    expect(importProblems(file(name, line))).toEqual([expect.stringContaining(problem)])
  })

  test.each([
    ['Date.now()', 'const now = Date.now()'],
    ['Date . now', 'const { x } = f(Date\t.now())'],
    ['new Date()', 'const now = new Date( )'],
    ['Math.random()', 'const x = `${Math.random()}`'],
    ['performance.now()', 'const now = performance.now()'],
    ['DateTime.now()', 'const now = DateTime.now()'],
    ['setTimeout', 'setTimeout(run, 5)'],
    ['randomBytes', 'const key = randomBytes(32)'],
    ['process.env', "const x = process.env['HOME']"],
  ])('reports %s', (_what, line) => {
    expect(ambientProblems(new Map([['src/jobs/made-up.ts', line]]))).toHaveLength(1)
  })

  test('knows comments and strings from code', () => {
    const source = [
      "// Date.now() and import { x } from '../jobs/runner.ts'",
      '/* Math.random()',
      " * import '../jobs/runner.ts' */",
      "const text = 'new Date() // process.env'",
      "const at = new Date(5); const url = 'https://x/y'",
    ].join('\n')
    expect(ambientProblems(new Map([['src/bot/made-up.ts', source]]))).toEqual([])
    expect(importsOf('src/bot/made-up.ts', source)).toEqual([])
  })

  test('finds a circle of runtime imports and leaves types alone', () => {
    const circle = allImports(
      new Map([
        ['src/a.ts', "import { b } from './b.ts'"],
        ['src/b.ts', "import { c } from './c.ts'"],
        ['src/c.ts', "import { a } from './a.ts'"],
      ]),
    )
    expect(findCircles(circle)).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/a.ts']])
    expect(
      findCircles(
        allImports(
          new Map([
            ['src/a.ts', "import { b } from './b.ts'"],
            ['src/b.ts', "import type { a } from './a.ts'"],
          ]),
        ),
      ),
    ).toEqual([])
  })
})
