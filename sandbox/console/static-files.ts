import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

export interface StaticFile {
  readonly type: string
  readonly body: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** The files of the page by their path, read once: nothing else can be asked for. */
export function readStaticFiles(directory: string): ReadonlyMap<string, StaticFile> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => extname(name) in TYPES)
  return new Map(
    names.map((name) => {
      const file = { type: TYPES[extname(name)] ?? '', body: readFileSync(join(directory, name), 'utf8') }
      return [name === 'index.html' ? '/' : `/${name.split(sep).join('/')}`, file]
    }),
  )
}
