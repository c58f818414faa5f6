import type { Settings } from '../work/inbox.ts'
import type { AgentPorts } from './ports.ts'

/** Why no session begins and no turn is taken. Times are UTC milliseconds. */
export interface Pause {
  readonly since: number
  /** When it ends by itself; null: only a person ends it. */
  readonly until: number | null
  /** A person's id, or null: the model's service refused us. */
  readonly by: string | null
  readonly reason: string | null
  /** How often in a row the service refused us. */
  readonly refusals: number
}

const NAME = 'agent-pause'

/** The pause that is on at `now`, or null. */
export async function readPause(settings: Settings, now: number): Promise<Pause | null> {
  const text = await settings.get(NAME)
  const pause = text === null || text === '' ? null : (JSON.parse(text) as Pause)
  return pause === null || (pause.until !== null && pause.until <= now) ? null : pause
}

/** The last pause, whether or not it is over. */
export async function lastPause(settings: Settings): Promise<Pause | null> {
  const text = await settings.get(NAME)
  return text === null || text === '' ? null : (JSON.parse(text) as Pause)
}

export const writePause = (settings: Settings, pause: Pause | null): Promise<void> =>
  settings.set(NAME, pause === null ? '' : JSON.stringify(pause))

type PausePorts = Pick<AgentPorts, 'settings' | 'sessions' | 'work' | 'audit'>

/** A person lets no session begin and no turn be taken, until `until` or until somebody resumes. */
export async function pauseAgent(
  { settings, audit }: PausePorts,
  { by, until }: { by: string; until: number | null },
  now: number,
): Promise<Pause> {
  const pause: Pause = { since: now, until, by, reason: null, refusals: 0 }
  await writePause(settings, pause)
  await audit.add({ at: now, actor: by, act: 'agent.pause', subject: 'agent', details: { until } })
  return pause
}

/** Ends a pause, whoever began it. False: there was none. `by` null: new settings end it, and those are written down themselves. */
export async function resumeAgent({ settings, work, sessions, audit }: PausePorts, by: string | null, now: number): Promise<boolean> {
  const pause = await readPause(settings, now)
  await writePause(settings, null)
  if (pause !== null && by !== null) await audit.add({ at: now, actor: by, act: 'agent.resume', subject: 'agent' })
  for (const session of await sessions.live()) {
    // A session that must go on waiting finds that out by itself.
    if (session.status === 'running' || session.wait?.for === 'model') {
      await work.demand({ job: 'agent-session', subject: String(session.id), dueAt: now, reason: 'operator', by })
    }
  }
  await work.demand({ job: 'agent-poll', subject: '', dueAt: now, reason: 'operator', by })
  return pause !== null
}
