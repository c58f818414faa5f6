import type { Clock } from '../../clock.ts'
import { openPage, type CrewDeps } from '../../services/crew/crew-pages.ts'
import type { CrewPorts } from '../../services/crew/ports.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import { CREW_PAGE_HEADERS, crewPageView } from '../views/crew-page.ts'
import { isPreviewer, isViewer } from './previewer.ts'
import { page, type PageRoute, type Reply } from './reply.ts'

export interface CrewRouteDeps {
  readonly uow: UnitOfWork<CrewPorts>
  readonly clock: Clock
  /** The zone of the people who read: that of the port sheet. */
  readonly zone: string
  readonly privateFields: CrewDeps['privateFields']
}

const HIDDEN = { 'x-robots-tag': 'noindex, nofollow' }

const unknown = (): Reply =>
  page(
    404,
    {
      title: 'There is no such page',
      lines: ['Perhaps the address was cut off on the way. Open the whole link as it was sent to you, or ask the office for it.'],
      good: false,
    },
    HIDDEN,
  )

/**
 * A page that ended is told from one that never was: nobody can guess 32 random bytes, so whoever comes with such an address was given it,
 * and should hear that it is over rather than look for a typing mistake. Whether it ran out or was withdrawn is the office's business.
 */
const ended = (): Reply =>
  page(
    410,
    {
      title: 'This crew page has ended',
      lines: ['It is closed seven days after sailing, or earlier by the office. If you still need it, ask the office for a new link.'],
      good: true,
    },
    HIDDEN,
  )

/** What a preview in a chat may show to everybody there: nothing of the charter. */
const preview = (): Reply => page(200, { title: 'A crew page', lines: ['Open the link in a browser to read it.'], good: true }, HIDDEN)

/** `GET /crew/:token`. */
export function createCrewRoute(deps: CrewRouteDeps): PageRoute {
  return {
    methods: ['GET'],
    answer: async ({ token, method, headers }) => {
      if (isPreviewer(headers)) return preview()
      const now = deps.clock.now()
      const opening = await deps.uow.run((ports) => openPage(ports, deps, { token, isViewer: isViewer(method, headers) }, now))
      if (opening.kind === 'unknown') return unknown()
      if (opening.kind === 'ended') return ended()
      return { status: 200, headers: CREW_PAGE_HEADERS, body: crewPageView({ ...opening, zone: deps.zone, now }) }
    },
  }
}
