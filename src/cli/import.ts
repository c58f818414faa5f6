import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importSettings, settingLine, type Imported } from '../app/import-settings.ts'
import { readOldEnv, type OldEnv } from '../app/old-env.ts'
import { errorCode, JadaError } from '../errors.ts'
import { print, runScript } from './terminal.ts'

/** `npm run import -- <old .env> [--out <file>]`: the old daemon's settings as this bot's. Reads the one file, and writes at most the other. */

const USAGE = `npm run import -- /opt/jada/.env                     says what would be taken over
npm run import -- /opt/jada/.env --out imported.env  writes it there (0600); a file that is there is never overwritten`

const SECRET = /TOKEN|SECRET|KEY|PASSWORD/

const shown = (name: string, value: string): string =>
  SECRET.test(name) ? `(secret, ${value.length} characters)` : value.replaceAll(/\p{Cc}/gu, ' ')

function section(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  print(`\n${title}`)
  for (const line of lines) print(`  - ${line}`)
}

function tell({ taken, left, unknown, missing }: Imported, { repeated, unread }: OldEnv): void {
  section(
    'Taken over:',
    taken.map(({ name, from, value }) => `${name}${from === name ? '' : ` (from ${from})`}: ${shown(name, value)}`),
  )
  section(
    'Not taken over:',
    left.map(({ from, why }) => `${from}: ${why}`),
  )
  section('Not understood; if the bot needs it, write it by hand:', unknown)
  section(
    'Lines that could not be read:',
    unread.map(({ line, why }) => `line ${line}: ${why}`),
  )
  section('More than once in the file; the last one counted:', repeated)
  section('Still needed (some may lie in the old secrets directory):', missing)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new JadaError(
      'unreadable',
      `${path} cannot be read (${errorCode(error) ?? 'unknown'}). Name the old .env file, and run this as root if only root may read it.`,
    )
  }
}

function write(path: string, { taken }: Imported): void {
  const lines = taken.flatMap(({ name, value }) => settingLine(name, value) ?? [])
  try {
    writeFileSync(path, `# Taken over from the old daemon by npm run import\n${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const why =
      errorCode(error) === 'EEXIST'
        ? 'is there already, and is not overwritten; name another file'
        : `cannot be written (${errorCode(error) ?? 'unknown'})`
    throw new JadaError('unwritable', `${path} ${why}.`)
  }
}

runScript(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  const [path] = positionals
  if (path === undefined || positionals.length > 1 || values.help === true) {
    print(USAGE)
    return Promise.resolve(values.help === true ? 0 : 2)
  }
  const old = readOldEnv(read(path))
  const imported = importSettings(old)
  if (values.out !== undefined) write(values.out, imported)
  tell(imported, old)
  print(
    values.out === undefined
      ? '\nNothing was written. With --out FILE the settings go there.'
      : `\nWritten to ${values.out} (0600). Next: append it to /etc/jada-bot/jada-bot.env (the last line of a name counts), fill in what is still needed, delete ${values.out}, and run jada-bot doctor.`,
  )
  return Promise.resolve(0)
})
