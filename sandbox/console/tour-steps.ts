import { SETTING } from '../world/setting.ts'
import {
  ask,
  cardsIn,
  colourWords,
  isAlive,
  isAnswered,
  isCalm,
  isReady,
  newRefusals,
  reauthorize,
  recovery,
  refusalsOf,
  repair,
} from './tour-stage.ts'
import type { TourStage } from './tour-stage.ts'
import type { TourStep } from './tour.ts'

/** The main story. */
export const TOUR: readonly TourStep<TourStage>[] = [
  {
    title: 'An ordinary day',
    place: 'sheet',
    before: 'Setting the scene: everything works, and Google is connected.',
    after: ({ world }) =>
      `The bot reads the office's port sheet from Google every 30 minutes: ${world.sheet.charters()} charters. Nobody has to think of it, until it stops.`,
    act: repair,
    until: isCalm,
  },
  {
    title: 'Asking how it is',
    place: 'conversation',
    before: '@mara, an operator, types /jada status.',
    after: () => 'Only she sees the answer. Every figure comes with its age, and what nobody has proven is never called OK.',
    act: (stage) => ask(stage, 'status'),
    until: isAnswered,
  },
  {
    title: 'The token dies',
    place: 'google',
    before: "Somebody removes the bot's access in the Google account.",
    after: () =>
      'In the Google account, somebody removes the access. Nothing looks different in Slack yet: such a fault can go unnoticed for days.',
    act: async (stage) => {
      stage.refusals = refusalsOf(stage.world)
      stage.world.revoke()
    },
    until: ({ world }) => !isAlive(world),
  },
  {
    title: 'The next sync',
    place: 'google',
    before: 'So as not to wait for the next half hour, @mara asks for a sync.',
    after: () => 'Google refuses with "invalid_grant". The bot knows this from a rate limit or a bad network: only a person can cure it.',
    act: (stage) => ask(stage, 'sync now'),
    until: (stage) => newRefusals(stage) > 0,
  },
  {
    title: 'Making sure',
    place: 'google',
    before: 'One refusal could be a mistake, so the bot tries three times more.',
    after: ({ world }) =>
      `Three more tries, after ${world.confirmDelaysS.join(', ')} s here (5, 15 and 45 s in real life), all refused. Now it is certain.`,
    until: (stage) => newRefusals(stage) > 3,
  },
  {
    title: 'One CRITICAL card',
    place: 'card',
    before: 'The bot tells the channel.',
    after: () =>
      'One card: how old the data is, what that means, and one button that cures it. It will be edited in place, never repeated.',
    until: ({ card }) => card?.text.startsWith('CRITICAL') === true,
  },
  {
    title: 'The thread',
    place: 'thread',
    before: 'The evidence goes into the thread of the card.',
    after: () => "Google's own words, codes and times are here, so that the card stays short. The alert log has a line as well.",
    until: ({ card, world }) => card !== undefined && world.slack.thread(SETTING.channel, card.ts).length > 1,
    threadTs: ({ card }) => card?.ts,
  },
  {
    title: 'A person consents',
    place: 'card',
    before: "@mara presses Re-authorize, and agrees on Google's page.",
    after: ({ page }) =>
      `Before storing the new token, the bot checks account and permissions and reads one cell. Her page says: "${page?.title ?? ''}".`,
    act: reauthorize,
    until: ({ page }) => page?.reachedGoogle === true,
  },
  {
    title: 'Recovery, proven',
    place: 'card',
    before: 'Amber: consent alone proves nothing. A sync runs.',
    after: (stage) => `The same card turned ${colourWords(stage)}: only a successful sync closes it. Recovered after ${recovery(stage)}.`,
    until: ({ card }) => card?.text.startsWith('RESOLVED') === true,
  },
  {
    title: 'kill -9',
    place: 'bot',
    before: 'The process is killed, without any warning.',
    after: () => 'No time to save anything. Nothing is kept in memory alone: each step was committed before it was acted on.',
    act: async (stage) => {
      stage.cards = cardsIn(stage.world).length
      await stage.world.bot.kill()
    },
    until: ({ world }) => world.bot.pid() === undefined,
  },
  {
    title: 'Nothing lost',
    place: 'conversation',
    before: 'The bot is started again, and @mara asks for its status.',
    after: ({ world, cards }) =>
      cardsIn(world).length === cards
        ? 'It goes on where it was: the same incident, closed once; nothing posted twice and nothing lost.'
        : 'It goes on where it was.',
    act: async (stage) => {
      await stage.world.bot.start()
      await ask(stage, 'status')
    },
    until: (stage) => isReady(stage.world) && isAnswered(stage),
  },
  {
    title: 'Your turn',
    place: 'tour',
    before: '',
    after: () =>
      'Try the wrong account at the next consent, delete rows of the port sheet, take Slack away during an alert, or delete the card.',
    until: () => true,
  },
]
