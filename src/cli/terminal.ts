import { openCore, type Core } from '../app/core.ts'
import { systemClock } from '../clock.ts'
import { ConfigError, readConfig } from '../config.ts'
import { describeError, JadaError } from '../errors.ts'
import { createLog, redact } from '../log.ts'

// As in main.ts: the role that Lightsail's metadata service offers is not ours.
process.env['AWS_EC2_METADATA_DISABLED'] ??= 'true'

export const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** The problems of the configuration as a list with their cures. */
export function printConfigError(error: ConfigError): void {
  print(error.message)
  for (const problem of error.problems) print(`  - ${problem}`)
}

/** The parts of the bot over its database, with warnings on standard error. The bot may be running. */
export function openTerminalCore(): Promise<Core> {
  const log = createLog({ clock: systemClock, level: 'warn', write: (line) => process.stderr.write(line) })
  return openCore(readConfig(process.env), { log }, () => undefined)
}

/** Runs a script; its number is the exit code. What goes wrong is one clear line, 78 for the configuration. */
export function runScript(body: () => Promise<number>): void {
  body().then(
    (code) => {
      process.exit(code)
    },
    (error: unknown) => {
      if (error instanceof ConfigError) printConfigError(error)
      else process.stderr.write(`${redact(error instanceof JadaError ? error.message : describeError(error))}\n`)
      process.exit(error instanceof ConfigError ? 78 : 1)
    },
  )
}
