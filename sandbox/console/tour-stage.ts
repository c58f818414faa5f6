import { setTimeout as pause } from 'node:timers/promises'

import type { Message, SlackChange } from '../slack/slack.ts'
import type { World } from '../world.ts'
import type { PageSeen } from '../world/browser.ts'
import { consentLinks } from '../world/buttons.ts'
import { SETTING } from '../world/setting.ts'
import type { SlackSwitches } from './slack-switches.ts'

const LOOK_MS = 50
const READY_LOOKS = 300

/** What the tour has seen so far. */
export interface TourStage {
  readonly world: World
  readonly switches: SlackSwitches
  readonly leave: () => void
  /** The card of this tour's incident. */
  card: Message | undefined
  /** The colours it has had, in order. */
  readonly colours: string[]
  /** Answers to the operator before the last question. */
  answers: number
  /** Refused tokens before the one of this story died; null: it has not. */
  refusals: number | null
  /** Where the consent ended. */
  page: PageSeen | undefined
  /** Cards before the kill. */
  cards: number
}

export const cardsIn = ({ slack }: World): Message[] =>
  slack.messages(SETTING.channel).filter(({ attachments = [] }) => attachments.length > 0)

const answersTo = ({ slack }: World, user: string): number => slack.ephemerals.filter((one) => one.user === user).length

export const refusalsOf = ({ google }: World): number => google.requests.filter(({ error }) => error === 'invalid_grant').length

/** How often Google has refused since the token died. */
export const newRefusals = ({ world, refusals }: TourStage): number => (refusals === null ? 0 : refusalsOf(world) - refusals)

export const isAlive = ({ google }: World): boolean =>
  google.refreshTokens().some(({ revoked, expiresAt }) => !revoked && (expiresAt ?? Infinity) > Date.now())

export const isReady = (world: World): boolean => world.bot.state() === 'running' && world.slack.socket.connected() > 0

const cardText = ({ card }: TourStage): string => (card === undefined ? '' : `${card.text} ${JSON.stringify(card.attachments)}`)

/** Watches the card that turns critical after the token has died. */
export function beginTour(world: World, switches: SlackSwitches): TourStage {
  const watch = (change: SlackChange): void => {
    if (stage.refusals === null || (change.type !== 'message' && change.type !== 'edited')) return
    const { message } = change
    const isOurs = stage.card === undefined ? message.text.startsWith('CRITICAL') : message.ts === stage.card.ts
    if (!isOurs) return
    stage.card = message
    const colour = String(message.attachments?.[0]?.['color'])
    if (stage.colours.at(-1) !== colour) stage.colours.push(colour)
  }
  const leave = world.slack.on(watch)
  const stage: TourStage = { world, switches, leave, card: undefined, colours: [], answers: 0, refusals: null, page: undefined, cards: 0 }
  return stage
}

async function ready(world: World): Promise<void> {
  for (let looks = 0; looks < READY_LOOKS && !isReady(world); looks += 1) await pause(LOOK_MS)
  if (!isReady(world)) throw new Error('the bot is not connected to Slack')
}

const isAlarmed = (world: World): boolean => cardsIn(world).some(({ text }) => /^(CRITICAL|SET-UP)/.test(text))

/** The host is well again, and the bot has seen it twice: less it does not believe. */
async function healHost(world: World): Promise<void> {
  const { host } = world
  if (host.places === null) return
  await host.clear()
  for (let seen = 1; seen <= 2 && isAlarmed(world); seen += 1) {
    await world.command('health now')
    for (let looks = 0; looks < READY_LOOKS && host.looks() < seen; looks += 1) await pause(LOOK_MS)
  }
}

/** Whatever somebody has broken before works again. */
export async function repair({ world, switches }: TourStage): Promise<void> {
  if (!world.hasPublicUrl) throw new Error('it follows a link through the bot. Start the sandbox without --no-public-url')
  world.clear()
  world.google.presetConsent({})
  world.claude.clearFaults()
  switches.limit(false)
  switches.refuse(false)
  await world.slackUp()
  if (world.bot.state() === 'stopped' || world.bot.state() === 'died') await world.bot.start()
  await ready(world)
  if (!isAlive(world)) await world.connect()
  await healHost(world)
}

export const isCalm = ({ world }: TourStage): boolean => isReady(world) && isAlive(world) && !isAlarmed(world)

export async function ask(stage: TourStage, text: string): Promise<void> {
  stage.answers = answersTo(stage.world, SETTING.operator)
  await stage.world.command(text)
}

export const isAnswered = (stage: TourStage): boolean => answersTo(stage.world, SETTING.operator) > stage.answers

export async function reauthorize(stage: TourStage): Promise<void> {
  const { world, card } = stage
  const link = consentLinks(world.slack, SETTING.operator).find(({ ts }) => ts === card?.ts)
  if (link?.url === undefined) throw new Error('the card has no link to Google')
  const { url, value, ...click } = link
  await world.slack.click({
    user: SETTING.operator,
    channel: click.channel,
    ts: click.ts,
    actionId: click.actionId,
    ...(value === undefined ? {} : { value }),
  })
  stage.page = await world.browse(url, { account: SETTING.office })
}

export const recovery = (stage: TourStage): string => /Recovered after ([^.*"\\]+)/.exec(cardText(stage))?.[1] ?? 'a moment'

export const colourWords = ({ colours }: TourStage): string => (colours.length > 2 ? 'red, then amber, then green' : 'green')
