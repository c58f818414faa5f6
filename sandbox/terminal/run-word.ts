import type { FaultKind } from '../claude/claude.ts'
import { FAULT_WORDS, followsOf } from '../host/faults.ts'
import type { HostFault } from '../host/faults.ts'
import { findButton, newestCard } from '../world/buttons.ts'
import { consent } from './consent-word.ts'
import { forecast } from './forecast.ts'
import { drop, edit, restore } from './sheet-words.ts'
import { command, NONE, personOf, syncAtOnce } from './stage.ts'
import type { Aftermath, Stage } from './stage.ts'
import { WORDS } from './words.ts'
import type { Fault, Word } from './words.ts'

async function fault(stage: Stage, name: Fault, times: number | null): Promise<Aftermath> {
  const { world } = stage
  const isAlive = world.google.refreshTokens().some(({ revoked, expiresAt }) => !revoked && (expiresAt ?? Infinity) > Date.now())
  if ((name === 'revoke' || name === 'expire') && !isAlive)
    throw new Error('the token is dead already, or was never given; type consent first')
  if (name === 'revoke') world.revoke()
  else if (name === 'expire') world.expire()
  else if (name === 'clear') world.clear()
  else world.trouble(name, times ?? undefined)
  for (const line of forecast(name, times, world.confirmDelaysS)) stage.say(line)
  return syncAtOnce(stage)
}

async function click(stage: Stage, name: string, as: string | null): Promise<Aftermath> {
  const { slack } = stage.world
  const user = personOf(stage, as)
  const { channel, ts, actionId, value, confirm } = findButton(slack, user, name)
  if (confirm !== undefined) stage.say(`Slack asks: "${confirm.title}" The answer is "${confirm.yes}".`)
  const { openedUrl } = await slack.click({ user, channel, ts, actionId, ...(value === undefined ? {} : { value }) })
  if (openedUrl !== undefined) stage.say(`The browser opens ${openedUrl} - type consent to go through with it.`)
  return NONE
}

async function reply(stage: Stage, text: string, as: string | null): Promise<Aftermath> {
  const { slack } = stage.world
  const card = newestCard(slack)
  if (card === undefined) throw new Error('there is no card yet to reply to')
  await slack.message({ user: personOf(stage, as), channel: card.channel, threadTs: card.ts, text })
  return NONE
}

async function power(stage: Stage, word: 'kill' | 'start'): Promise<Aftermath> {
  const { bot } = stage.world
  if (word === 'start') {
    stage.say('Starting the bot.')
    await bot.start()
    return NONE
  }
  if (bot.pid() === undefined) throw new Error('the bot does not run; type start')
  stage.say(`kill -9 ${bot.pid()}: the bot gets no chance to say goodbye. Type start to bring it back.`)
  await bot.kill()
  return NONE
}

async function slackPower({ world, say }: Stage, up: boolean): Promise<Aftermath> {
  await (up ? world.slackUp() : world.slackDown())
  if (!up) {
    say('Slack is gone: nothing can be typed or shown. The bot goes on working, and keeps what it has to say.')
    return NONE
  }
  say('Slack is back. The bot connects again by itself and delivers what it kept; that may take some seconds.')
  return { answers: 0, until: () => world.slack.socket.connected() > 0 }
}

function setClaude({ world, say }: Stage, kind: FaultKind | null): Aftermath {
  world.claude.clearFaults()
  if (kind === null) say('Claude works.')
  else {
    world.claude.addFault({ kind })
    say(`From now on every request to Claude ends like this: ${kind}. Type claude works to end it.`)
  }
  return NONE
}

async function setHost({ world, say }: Stage, fault: HostFault | null): Promise<Aftermath> {
  if (fault === null) {
    await world.host.clear()
    say('All is well with the server again. The bot looks every 10 minutes, and believes it after two good looks: type look, twice.')
    return NONE
  }
  await world.host.set(fault, true)
  const words = FAULT_WORDS[fault]
  say(
    `${words.says} ${followsOf(words)} The bot looks every 10 minutes; so as not to wait, type look${words.looks === 1 ? '' : `, ${words.looks} times`}.`,
  )
  return NONE
}

function help({ show }: Stage): Aftermath {
  const longest = Math.max(...WORDS.map(([usage]) => usage.length))
  show(['', ...WORDS.map(([usage, does]) => `  ${usage.padEnd(longest)}  ${does}`)])
  return NONE
}

const unknown = (typed: string, suggestion: string | null): string =>
  `"${typed}" is no word of the sandbox; ${suggestion === null ? '' : `did you mean ${suggestion}? `}help lists all words.`

/** Does what a line asks for. Rejects with a message for people when it cannot be done. */
export async function runWord(stage: Stage, word: Exclude<Word, { word: 'quit' }>): Promise<Aftermath> {
  switch (word.word) {
    case 'nothing':
      return NONE
    case 'command':
      return command(stage, word.text, word.as)
    case 'click':
      return click(stage, word.button, word.as)
    case 'reply':
      return reply(stage, word.text, word.as)
    case 'fault':
      return fault(stage, word.fault, word.times)
    case 'slack':
      return slackPower(stage, word.up)
    case 'claude':
      return setClaude(stage, word.fault)
    case 'host':
      return setHost(stage, word.fault)
    case 'edit':
      return edit(stage, word.charter, word.change)
    case 'drop':
      return drop(stage, word.count)
    case 'consent':
      return consent(stage, word.account, word.deny)
    case 'restore':
      return restore(stage)
    case 'kill':
    case 'start':
      return power(stage, word.word)
    case 'log':
      stage.show(['', ...stage.world.bot.log(20).map((line) => `  ${line}`)])
      return NONE
    case 'help':
      return help(stage)
    case 'wrong':
      throw new Error(`write it like this: ${word.usage}`)
    case 'unknown':
      throw new Error(unknown(word.typed, word.suggestion))
  }
}
