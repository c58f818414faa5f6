import { createHomeScreen } from '../bot/home.ts'
import type { SlackClients } from '../bot/slack-client.ts'
import type { HomeScreen } from '../services/status/home-ports.ts'
import type { HomeDeps } from '../services/status/read-home.ts'
import type { SailingDeps } from '../services/status/sailings.ts'
import type { Core } from './core.ts'

/** What tells people how all of it stands without being asked. */
export interface Overview {
  readonly reading: HomeDeps
  readonly homeScreen: HomeScreen
}

export function createOverview({ config }: Core, clients: SlackClients, sailing: SailingDeps): Overview {
  const { limits, apiKey, pollMs } = config.agent
  const { operators, opsChannel } = config.slack
  return {
    reading: { ...sailing, limits, hasKey: apiKey !== undefined, pollMs },
    homeScreen: createHomeScreen(clients, { operators, opsChannel }),
  }
}
