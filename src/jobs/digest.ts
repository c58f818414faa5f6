import type { DigestStore, DrawnDispatch, DrawnMessage } from '../services/messages/drawn.ts'
import type { Outbox } from '../services/messages/outbox.ts'
import { morningDate, nextMorning } from '../services/status/local-day.ts'
import { readDigest, type Digest, type DigestPorts } from '../services/status/read-digest.ts'
import type { HomeDeps } from '../services/status/read-home.ts'
import type { JobPorts, WorkPorts } from '../services/work/work.ts'
import type { Job } from './job.ts'

export interface DigestJobDeps {
  readonly zone: string
  readonly reading: HomeDeps
  readonly draw: (digest: Digest) => { readonly card: DrawnMessage; readonly replies: readonly DrawnMessage[] }
}

type Ports = JobPorts & DigestPorts & { readonly digests: DigestStore; readonly outbox: Outbox<DrawnDispatch> }

const DEADLINE_MS = 30_000
const DAY_MS = 86_400_000
/** After a long downtime the past is not told from its beginning. */
const MOST_MS = 7 * DAY_MS

/** The next digest is a row like all other work. One that waits already, also from before a downtime, stays as it is. */
export const awaitDigest = ({ work }: WorkPorts, zone: string, now: number): Promise<void> =>
  work.ensure({ job: 'digest', subject: '', dueAt: nextMorning(now, zone), reason: 'cron', by: null })

async function make(ports: Ports, { zone, reading, draw }: DigestJobDeps, date: string, now: number): Promise<void> {
  const last = await ports.digests.last()
  // A last one in the future was made before the clock was set back.
  const since = last === null || last.madeAt > now ? now - DAY_MS : Math.max(last.madeAt, now - MOST_MS)
  const { card, replies } = draw(await readDigest(ports, reading, { date, zone, since }, now))
  const digest = await ports.digests.add({ date, madeAt: now, card, replies })
  if (digest === null) return
  const subject = `digest:${digest.id}`
  const row = { target: 'slack' as const, lane: subject }
  await ports.outbox.add({ ...row, key: `digest:${date}:card`, dispatch: { kind: 'digest-card', digestId: digest.id } }, now)
  for (const index of replies.keys()) {
    const dispatch = { kind: 'digest-reply' as const, digestId: digest.id, index }
    await ports.outbox.add({ ...row, key: `digest:${date}:reply:${index}`, dispatch }, now)
  }
}

/** Tells each morning how all of it stands: once a local date, and after a downtime only until noon. */
export function createDigestJob(deps: DigestJobDeps): Job<Ports> {
  return {
    deadlineMs: DEADLINE_MS,
    run: (_work, now) => {
      const date = morningDate(now, deps.zone)
      return Promise.resolve({
        outcome: date === null ? 'too-late' : 'made',
        summary: date ?? '',
        commit: async (ports) => {
          if (date !== null) await make(ports, deps, date, now)
          await awaitDigest(ports, deps.zone, now)
        },
      })
    },
    failed: (_work, now, { code, message }) => ({
      outcome: code,
      summary: message,
      commit: (ports) => awaitDigest(ports, deps.zone, now),
    }),
  }
}
