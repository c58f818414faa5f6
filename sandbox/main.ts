import { parseArgs } from 'node:util'

import { createLook, wantsColour } from './terminal/look.ts'
import { FIRST_WORDS, openingLines } from './terminal/opening.ts'
import { createScreen } from './terminal/screen.ts'
import { takeLines, watchBot, watchSlack } from './terminal/session.ts'
import type { SessionDeps } from './terminal/session.ts'
import { createWorld } from './world.ts'

const USAGE = `npm run sandbox [-- --unconnected]

Runs the bot on this machine with stand-ins for Slack and Google, shows the Slack channel here, and takes
words on standard input: type help when it runs. No account is needed and nothing is kept.

  --unconnected   begin before the first consent; type consent to give it
  --help          this text
`

function readArguments(): { unconnected: boolean; help: boolean } {
  const { values } = parseArgs({ options: { unconnected: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
  return { unconnected: values.unconnected === true, help: values.help === true }
}

async function play(deps: SessionDeps, unconnected: boolean): Promise<void> {
  const { world, screen, look } = deps
  screen.show(openingLines(world, look))
  watchBot(deps)
  if (unconnected) watchSlack(deps)
  await world.bot.start()
  if (unconnected) {
    await world.settled()
    screen.say('Google is not connected yet, as on the first day. Type consent to connect it.')
  } else {
    await world.connect()
    await world.settled()
    watchSlack(deps)
    screen.say('Google is connected and the first sync is done: the story begins on an ordinary day.')
  }
  screen.say(FIRST_WORDS)
  await takeLines(deps)
}

async function run(unconnected: boolean): Promise<void> {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  const look = createLook({ hasColour: wantsColour(process.stdout.isTTY, process.env), columns: process.stdout.columns })
  const world = await createWorld()
  const screen = createScreen({ input: process.stdin, output: process.stdout, look })
  const interrupted = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
  // Whatever happens to this process, the bot must not stay behind.
  process.once('exit', () => void world.bot.kill())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  screen.onInterrupt(stop)
  // The reader of our output has gone, as after `| head`.
  process.stdout.on('error', stop)
  try {
    await Promise.race([play({ world, screen, look, stopping: stopping.signal }, unconnected), interrupted])
  } finally {
    stop()
    screen.close()
    // The bot gave up by itself, and nobody started it again.
    if (world.bot.state() === 'died') process.exitCode = 1
    await world.dispose()
  }
}

try {
  const { unconnected, help } = readArguments()
  if (help) console.log(USAGE)
  else await run(unconnected)
} catch (error) {
  console.error(`The sandbox cannot go on: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
