import { parseArgs } from 'node:util'

import { openBrowser } from './console/open-browser.ts'
import { createConsole } from './console/server.ts'
import { createLook, wantsColour } from './terminal/look.ts'
import { FIRST_WORDS, openingLines } from './terminal/opening.ts'
import { createScreen } from './terminal/screen.ts'
import { takeLines, watchBot, watchSlack } from './terminal/session.ts'
import type { SessionDeps } from './terminal/session.ts'
import { createWorld } from './world.ts'

const USAGE = `npm run sandbox [-- --open] [-- --unconnected]

Runs the bot on this machine with stand-ins for Slack, Google, Claude and the server it watches, and shows all of it on a
page in a browser; the address is printed. The Slack channel is shown here as well, and words are taken on standard input:
type help when it runs. No account is needed and nothing is kept.

  --open            open the page in the browser
  --unconnected     begin before the first consent
  --no-public-url   the bot has no public address, so that the consent ends with an address to paste; begins unconnected
  --help            this text
`

interface Wishes {
  open: boolean
  unconnected: boolean
  publicUrl: boolean
  help: boolean
}

function readArguments(): Wishes {
  const { values } = parseArgs({
    options: {
      open: { type: 'boolean' },
      unconnected: { type: 'boolean' },
      'no-public-url': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const publicUrl = values['no-public-url'] !== true
  return { open: values.open === true, unconnected: values.unconnected === true || !publicUrl, publicUrl, help: values.help === true }
}

async function play(deps: SessionDeps, page: string, wishes: Wishes): Promise<void> {
  const { world, screen, look } = deps
  screen.show(openingLines(world, look, page))
  if (wishes.open) openBrowser(page, () => screen.say(`No browser could be opened. Open ${page} yourself.`))
  watchBot(deps)
  if (wishes.unconnected) watchSlack(deps)
  await world.bot.start()
  if (wishes.unconnected) {
    await world.settled()
    const how = wishes.publicUrl ? 'Type consent to connect it.' : 'Press Connect Google on the page; the address is pasted back there.'
    screen.say(`Google is not connected yet, as on the first day. ${how}`)
  } else {
    await world.connect()
    await world.settled()
    watchSlack(deps)
    screen.say('Google is connected and the first sync is done: the story begins on an ordinary day.')
  }
  screen.say(FIRST_WORDS)
  await takeLines(deps)
}

async function run(wishes: Wishes): Promise<void> {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  const look = createLook({ hasColour: wantsColour(process.stdout.isTTY, process.env), columns: process.stdout.columns })
  const world = await createWorld({ publicUrl: wishes.publicUrl })
  const page = createConsole(world)
  const screen = createScreen({ input: process.stdin, output: process.stdout, look })
  const interrupted = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
  // Whatever happens to this process, neither the bot nor the host may stay behind.
  process.once('exit', () => {
    void world.bot.kill()
    void world.host.stop()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  screen.onInterrupt(stop)
  // The reader of our output has gone, as after `| head`.
  process.stdout.on('error', stop)
  try {
    const address = await page.start()
    await Promise.race([play({ world, screen, look, stopping: stopping.signal }, address, wishes), interrupted])
  } finally {
    stop()
    screen.close()
    await page.stop()
    // The bot gave up by itself, and nobody started it again.
    if (world.bot.state() === 'died') process.exitCode = 1
    await world.dispose()
  }
}

try {
  const wishes = readArguments()
  if (wishes.help) console.log(USAGE)
  else await run(wishes)
} catch (error) {
  console.error(`The sandbox cannot go on: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
