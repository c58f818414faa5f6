import type { World } from '../world.ts'
import { SETTING } from '../world/setting.ts'
import { SYNC_AT_ONCE } from './forecast.ts'

export interface Stage {
  readonly world: World
  /** A line in the sandbox's own voice. */
  readonly say: (text: string) => void
  /** Lines as they are. */
  readonly show: (lines: readonly string[]) => void
}

/** What is still to be seen after a word. */
export interface Aftermath {
  /** How many answers of the bot. */
  readonly answers: number
  readonly until?: () => boolean
}

export const NONE: Aftermath = { answers: 0 }

export function personOf({ world }: Stage, name: string | null): string {
  if (name === null) return SETTING.operator
  const found = world.slack.users.find((user) => user.name === name)
  if (found !== undefined) return found.id
  throw new Error(`there is nobody called ${name}; there are: ${world.slack.users.map((user) => user.name).join(', ')}`)
}

/** `sync now`, `sync apply` and `health now` say first that they began, then how it went. */
const answersTo = (text: string): number => (/^(sync (now|apply)|health now)\b/i.test(text.trim()) ? 2 : 1)

/** What a person sees who types a command while the bot is not there to take it. */
export function requireSlack({ world }: Stage): void {
  if (world.slack.socket.connected() > 0) return
  throw new Error('Slack shows "/jada failed with the error dispatch_failed", because the bot is not connected to it now')
}

export async function command(stage: Stage, text: string, as: string | null): Promise<Aftermath> {
  const user = personOf(stage, as)
  requireSlack(stage)
  await stage.world.command(text, user)
  return { answers: SETTING.operators.some((id) => id === user) ? answersTo(text) : 1 }
}

export async function syncAtOnce(stage: Stage): Promise<Aftermath> {
  stage.say(SYNC_AT_ONCE)
  return command(stage, 'sync now', null)
}
