import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { HomePorts, HomePublished, HomeRow, HomeScreen, HomeShown } from '../services/status/home-ports.ts'
import type { Home } from '../services/status/read-home.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { Source } from './wake-loop.ts'

export interface HomeKeeperDeps {
  readonly uow: UnitOfWork<HomePorts>
  readonly clock: Clock
  readonly log: Log
  readonly read: (now: number) => Promise<Home>
  readonly screen: HomeScreen
}

/** Between two looks at one person's Home. Their own acts are shown at once. */
const LOOK_MS = 60_000
/** Who has not opened it for so long does not look at it. */
const KEPT_MS = 7 * 86_400_000
const RETRY_MS = 30_000
/** What Slack refuses for good is tried again all the same: people and apps change. */
const REFUSED_MS = 3_600_000

interface Kept {
  readonly shown: HomeShown
  readonly dueAt: number
}

function keep(row: HomeRow, fingerprint: string, published: Exclude<HomePublished, { kind: 'later' }>, now: number): Kept {
  switch (published.kind) {
    case 'published':
      return { shown: { fingerprint, viewHash: published.viewHash, publishedAt: now }, dueAt: now + LOOK_MS }
    case 'outdated':
      // What is shown is not what we think: the next one replaces it, whatever it is.
      return { shown: { fingerprint: null, viewHash: null, publishedAt: row.publishedAt }, dueAt: now }
    case 'refused':
      return { shown: { ...row, fingerprint: null }, dueAt: now + REFUSED_MS }
  }
}

/** Keeps the Homes of those who look at them up to date. Trouble with it is nobody else's: no message waits for a Home. */
export function createHomeKeeper({ uow, clock, log, read, screen }: HomeKeeperDeps): Source {
  /** False: Slack is to be left alone for a while. */
  const look = async (row: HomeRow, home: Home, now: number): Promise<boolean> => {
    const drawing = screen.draw(home, row.user)
    if (drawing.fingerprint === row.fingerprint) {
      const publishedAt = Math.min(row.publishedAt ?? now, now)
      await uow.run(({ homes }) => homes.save(row, { ...row, publishedAt }, now + LOOK_MS))
      return true
    }
    const published = await drawing.publish(row.viewHash)
    const at = clock.now()
    if (published.kind === 'later') {
      log.warn('home', `not published: ${published.code}`)
      await uow.run(({ homes }) => homes.putOff(at + Math.max(published.waitMs ?? 0, RETRY_MS)))
      return false
    }
    if (published.kind === 'refused') log.warn('home', `Slack refuses the Home of ${row.user}: ${published.code}`)
    const { shown, dueAt } = keep(row, drawing.fingerprint, published, at)
    await uow.run(({ homes }) => homes.save(row, shown, dueAt))
    return true
  }
  return {
    name: 'home',
    nextDueAt: () => uow.run(({ homes }) => homes.nextDueAt(clock.now() - KEPT_MS)),
    runDue: async (now) => {
      const rows = await uow.run(({ homes }) => homes.due(now, now - KEPT_MS))
      if (rows.length === 0) return
      const home = await read(now)
      for (const row of rows) if (!(await look(row, home, now))) return
    },
  }
}
