import { createHomeScreen } from '../bot/home.ts'
import { createWillSlack } from '../bot/last-will.ts'
import type { SlackClients } from '../bot/slack-client.ts'
import { backMessage } from '../bot/views/last-will.ts'
import { nextSlot } from '../jobs/cron.ts'
import { createLastWill, type LastWill } from '../jobs/last-will.ts'
import type { HomeScreen } from '../services/status/home-ports.ts'
import { readInFlight } from '../services/status/in-flight.ts'
import type { HomeDeps } from '../services/status/read-home.ts'
import type { SailingDeps } from '../services/status/sailings.ts'
import type { Core } from './core.ts'

/** What tells people how all of it stands without being asked. */
export interface Overview {
  /** Null: none is kept. */
  readonly lastWill: LastWill | null
  readonly reading: HomeDeps
  readonly homeScreen: HomeScreen
}

export function createOverview(core: Core, clients: SlackClients, sailing: SailingDeps, keepsWill: boolean): Overview {
  const { config, uow, clock, log } = core
  const { limits, apiKey, pollMs } = config.agent
  const { operators, opsChannel } = config.slack
  const createWill = (): LastWill =>
    createLastWill({
      uow,
      clock,
      log,
      slack: createWillSlack(clients, opsChannel),
      inFlight: () => readInFlight(uow),
      drawBack: backMessage,
    })
  return {
    lastWill: keepsWill ? createWill() : null,
    reading: { ...sailing, limits, hasKey: apiKey !== undefined, pollMs, nextCycleAt: (at) => nextSlot(config.sheet.cron, at) },
    homeScreen: createHomeScreen(clients, { operators, opsChannel }),
  }
}
