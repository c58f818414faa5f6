import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Sources by their path from the root, such as `src/bot/access.ts`. */
export type Sources = ReadonlyMap<string, string>

export function readSources(folder: string): Sources {
  const names = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
  return new Map(names.toSorted((a, b) => a.localeCompare(b)).map((name) => [name, readFileSync(join(ROOT, name), 'utf8')]))
}

/**
 * The code without its comments, and with `strings` also without the contents of quoted strings. Code inside a template
 * literal stays. Line breaks stay, so that lines can be counted.
 */
export function strip(source: string, strings: boolean): string {
  const pattern = /\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g
  return source.replaceAll(pattern, (found) => {
    if (found.startsWith('/')) return found.replaceAll(/[^\n]/g, ' ')
    return strings ? "''" : found
  })
}

export interface Import {
  readonly from: string
  /** The imported file from the root, or the name of a package. */
  readonly to: string
  /** Nothing of it is left when the code runs. */
  readonly typeOnly: boolean
}

const IMPORTS = [
  // import x from '...', import { a } from '...', export { a } from '...', export * from '...', import '...'
  /\b(?:import|export)\b(?<kind>\s+type\b)?(?:[\s\w{},*$]*?\bfrom)?\s*['"](?<spec>[^'"\n]+)['"]/g,
  // import('...') as a call or as a type, require('...')
  /\b(?:import|require)\s*\(\s*['"](?<spec>[^'"\n]+)['"]/g,
]

const packageName = (spec: string): string =>
  spec
    .split('/')
    .slice(0, spec.startsWith('@') ? 2 : 1)
    .join('/')

export function importsOf(from: string, source: string): Import[] {
  const code = strip(source, false)
  return IMPORTS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map(({ groups }) => {
      const spec = groups?.['spec'] ?? ''
      const to = spec.startsWith('.') ? normalize(join(dirname(from), spec)) : packageName(spec)
      return { from, to, typeOnly: groups?.['kind'] !== undefined }
    }),
  )
}

export function allImports(sources: Sources): Import[] {
  return [...sources].flatMap(([name, source]) => importsOf(name, source))
}

/** The circles among imports that are there when the code runs, each as the files in order. */
export function findCircles(imports: readonly Import[]): string[][] {
  const edges = Map.groupBy(
    imports.filter(({ typeOnly }) => !typeOnly),
    ({ from }) => from,
  )
  const circles: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) circles.push([...path.slice(at), file])
    if (at >= 0 || done.has(file)) return
    for (const { to } of edges.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of edges.keys()) visit(file, [])
  return circles
}
