import { createHmac } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Secret } from '../secret.ts'
import { BOT } from '../services/audit/audit.ts'
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

const keyed = (key: Secret, text: string): string => createHmac('sha256', key.reveal()).update(text).digest('base64url')

/** A keyed hash: the settings themselves are secrets. */
const hashOf = (config: Config, { values }: Watched, key: Secret = config.secretKey): string =>
  keyed(key, JSON.stringify(values(config).map((value) => value ?? null)))

const KEY = 'secret-key'

/** Whether the key is another one than at the last start. */
async function noticeNewKey({ settings, audit }: AllPorts, { secretKey }: Config, now: number): Promise<boolean> {
  const hash = keyed(secretKey, KEY)
  const before = await settings.get(KEY)
  if (before === hash) return false
  await settings.set(KEY, hash)
  if (before === null) return false
  await audit.add({ at: now, actor: BOT, act: 'key.rotated', subject: 'key' })
  return true
}

/** At the start: looks whether somebody corrected the settings that a part waits for. */
export async function noticeNewSettings({ config, uow, clock }: Core): Promise<void> {
  const now = clock.now()
  await uow.run(async (ports) => {
    const isNewKey = await noticeNewKey(ports, config, now)
    const { previousSecretKey: previous } = config
    for (const watched of WATCHED) {
      const hash = hashOf(config, watched)
      const before = await ports.settings.get(watched.name)
      if (before === hash) continue
      await ports.settings.set(watched.name, hash)
      if (before === null) continue
      await watched.changed(ports, now)
      // Under another key the hash of the same settings is another one; without the one before nobody can tell them apart.
      const mayBeSame = isNewKey && (previous === undefined || before === hashOf(config, watched, previous))
      if (!mayBeSame) await ports.audit.add({ at: now, actor: BOT, act: 'settings.changed', subject: `settings:${watched.name}` })
    }
  })
}
