import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

// The Slack CLI's get-manifest hook: the CLI reads JSON, between boundaries when it asks for them.
const manifest: unknown = parse(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8'))
const boundary = process.argv.find((argument) => argument.startsWith('--boundary='))?.slice('--boundary='.length) ?? ''
process.stdout.write(`${boundary}${JSON.stringify(manifest)}${boundary}\n`)
