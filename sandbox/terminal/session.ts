import type { SlackChange } from '../slack/slack.ts'
import type { World } from '../world.ts'
import { consentLinks } from '../world/buttons.ts'
import { SETTING } from '../world/setting.ts'
import { createFeed } from './feed.ts'
import type { Look } from './look.ts'
import type { Names } from './mrkdwn.ts'
import { runWord } from './run-word.ts'
import type { Aftermath, Stage } from './stage.ts'
import type { Screen } from './screen.ts'
import { parseWord } from './words.ts'

export interface SessionDeps {
  readonly world: World
  readonly screen: Screen
  readonly look: Look
  readonly stopping: AbortSignal
}

const BOT = 'U0BOT'

function namesIn({ slack }: World): Names {
  return {
    user: (id) => (id === BOT ? 'jada-bot' : (slack.users.find((user) => user.id === id)?.name ?? id)),
    channel: (id) => slack.channels.find((channel) => channel.id === id)?.name ?? id,
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Says how to go on when a card asks for a consent: once for each card. */
function createHint({ world, screen }: SessionDeps): (change: SlackChange) => void {
  const hinted = new Set<string>()
  return (change) => {
    if (change.type !== 'message' && change.type !== 'edited') return
    const { ts, text } = change.message
    if (!text.startsWith('CRITICAL')) hinted.delete(ts)
    else if (!hinted.has(ts) && consentLinks(world.slack, SETTING.operator).some((link) => link.ts === ts)) {
      hinted.add(ts)
      screen.say('Open the link beside [Re-authorize] in a browser, or type: consent')
    }
  }
}

/** Prints the channel as it fills. */
export function watchSlack(deps: SessionDeps): void {
  const { world, screen, look, stopping } = deps
  const names = namesIn(world)
  const feed = createFeed({ channel: SETTING.channel, bot: BOT, context: () => ({ look, names, now: Date.now() }) })
  const hint = createHint(deps)
  const leave = world.slack.on((change) => {
    if (change.type === 'socket')
      screen.say(`The bot ${change.connected > 0 ? 'is connected to Slack' : 'is no longer connected to Slack'}.`)
    screen.show(feed(change))
    hint(change)
  })
  stopping.addEventListener('abort', leave)
}

/** Tells when a bot that ran goes away on its own. */
export function watchBot({ world, screen, stopping }: SessionDeps): void {
  let wasRunning = false
  const leave = world.bot.on((change) => {
    if (change.type !== 'state') return
    if (change.state === 'died' && wasRunning) {
      screen.say(`The bot exited on its own (${change.how ?? 'no reason given'}). Its last lines:`)
      screen.show(world.bot.log(20).map((line) => `   ${line}`))
      screen.say('Type start to start it again.')
    }
    wasRunning = change.state === 'running'
  })
  stopping.addEventListener('abort', leave)
}

/** Everything the bot has said so far, for counting answers. */
const saidBy = ({ slack }: World): number =>
  slack.ephemerals.length + slack.messages(SETTING.channel).filter((message) => message.bot_id !== undefined).length

async function workOn(deps: SessionDeps, stage: Stage, line: string): Promise<boolean> {
  const { world, screen } = deps
  const word = parseWord(line)
  if (word.word === 'quit') return false
  const before = saidBy(world)
  let after: Aftermath = { answers: 0 }
  try {
    after = await runWord(stage, word)
  } catch (error) {
    screen.say(`That did not work: ${messageOf(error)}`)
  }
  const isAnswered = (): boolean => (saidBy(world) >= before + after.answers && (after.until?.() ?? true)) || world.bot.pid() === undefined
  // A person sees for themselves when it is over; lines from a pipe follow one another.
  if (!screen.isInteractive && word.word !== 'nothing') await world.settled({ until: isAnswered })
  return true
}

/** Works through the lines of input one after the other, until `quit`, the end of input, or `stopping`. */
export async function takeLines(deps: SessionDeps): Promise<void> {
  const { screen, world, stopping } = deps
  const stage: Stage = { world, say: (text) => screen.say(text), show: (lines) => screen.show(lines) }
  stopping.addEventListener('abort', () => screen.close())
  screen.ready()
  for await (const line of screen.lines) {
    if (stopping.aborted) return
    screen.echo(line)
    if (!(await workOn(deps, stage, line))) return
    screen.ready()
  }
}
