import type { HostPlaces } from '../host/host.ts'
import type { World } from '../world.ts'
import { SETTING } from '../world/setting.ts'
import type { Look } from './look.ts'

const hostWords = (places: HostPlaces | null, why: string): string =>
  places === null
    ? `not played: ${why}; the bot watches this machine itself`
    : `${places.instance}, by ${places.lightsailUrl} and a real sshd on port ${places.sshPort}; type look to see how it is`

/** What this is and where things are. */
export function openingLines({ places, sheet, host }: World, look: Look, page: string): string[] {
  const facts: readonly (readonly [string, string])[] = [
    ['the page', `${page} shows all of it in a browser, with a tour of one minute`],
    ['the bot', `${places.publicUrl}, the real program, set up by environment variables only`],
    ['Slack', `${places.slackApiUrl}, channel #jada-ops; you are @mara, an operator`],
    [
      'Google',
      `${new URL(places.google.authUrl).origin}/, account ${SETTING.office}; port sheet with ${sheet.charters()} charters in ${sheet.tabs().join(' and ')}`,
    ],
    ['Claude', `${places.claudeUrl}, a model that follows scripts; the page lists them`],
    ['the host', hostWords(places.host, host.why)],
    ['its files', `${places.dataDir}, removed at the end`],
  ]
  return [
    look.bold(
      'JADA sandbox: the bot, with stand-ins for Slack, Google, Claude and a server. All of it runs on this machine, no account is needed.',
    ),
    ...facts.map(([name, what]) => `  ${look.dim(name.padEnd(9))}  ${what}`),
  ]
}

export const FIRST_WORDS =
  'Now break something: type revoke, then consent. /jada status asks the bot how it is; help lists all words; quit ends.'
