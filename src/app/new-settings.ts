import { createHmac } from 'node:crypto'
import type { Config } from '../config.ts'
import { lastPause, resumeAgent } from '../services/agent/pause.ts'
import { SYNC_JOB } from '../services/work/work.ts'
import type { AllPorts } from '../store/unit.ts'
import type { Core } from './core.ts'

/** Settings whose change ends a wait for their correction. */
interface Watched {
  readonly name: string
  readonly values: (config: Config) => readonly (string | undefined)[]
  readonly changed: (ports: AllPorts, now: number) => Promise<void>
}

const WATCHED: readonly Watched[] = [
  {
    name: 'google-settings',
    values: ({ google, sheet }) => [google.clientId, google.clientSecret.reveal(), google.tokenUrl, sheet.id, sheet.tab],
    changed: ({ work }, now) => work.demand({ job: SYNC_JOB, subject: '', dueAt: now, reason: 'settings', by: null }),
  },
  {
    name: 'claude-settings',
    values: ({ agent }) => [agent.apiKey?.reveal(), agent.baseUrl],
    changed: async (ports, now) => {
      // A pause that a person asked for stays.
      const pause = await lastPause(ports.settings)
      if (pause !== null && pause.by === null) await resumeAgent(ports, null, now)
    },
  },
]

/** A keyed hash: the settings themselves are secrets. */
function hashOf(config: Config, { values }: Watched): string {
  return createHmac('sha256', config.secretKey.reveal())
    .update(JSON.stringify(values(config).map((value) => value ?? null)))
    .digest('base64url')
}

/** At the start: looks whether somebody corrected the settings that a part waits for. */
export async function noticeNewSettings({ config, uow, clock }: Core): Promise<void> {
  await uow.run(async (ports) => {
    for (const watched of WATCHED) {
      const hash = hashOf(config, watched)
      const before = await ports.settings.get(watched.name)
      if (before === hash) continue
      await ports.settings.set(watched.name, hash)
      if (before !== null) await watched.changed(ports, clock.now())
    }
  })
}
