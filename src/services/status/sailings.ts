import type { UnitOfWork } from '../../unit-of-work.ts'
import type { CharterReader } from '../agent/ports.ts'
import { crewContent } from '../crew/content.ts'
import type { CrewPorts } from '../crew/ports.ts'
import { newestOfGuests } from '../office/card.ts'
import { standingOf, type Rules } from '../rules/rules.ts'
import type { Field } from '../sheets/charter.ts'
import type { SigningPorts } from '../signing/ports.ts'
import { businessTerms, type Business, type SailingFacts } from './business.ts'

const DAY_MS = 86_400_000
/** How far ahead the next sailings are told. */
const AHEAD_MS = 7 * DAY_MS
const MOST = 60

/** A charter of the next days, as anybody of the office may see it: no money, no contacts. Texts are masked, not escaped. */
export interface Sailing extends SailingFacts {
  readonly id: string
  readonly endsAt: number
  readonly vessel: string
  readonly captain: string
  readonly undecided: boolean
  /** Guests who signed, of those who were asked; 0 of 0: nobody was. */
  readonly signed: number
  readonly asked: number
}

export interface SailingDeps {
  readonly rules: Rules
  readonly privateFields: ReadonlySet<Field>
}

export interface SailingPorts extends Pick<CrewPorts, 'crewPages'>, SigningPorts {
  readonly charterReader: CharterReader
}

/** Charters that sail within the next seven days or are under way, by start; what was cancelled is not among them. */
export async function readSailings(ports: SailingPorts, { rules, privateFields }: SailingDeps, now: number): Promise<Sailing[]> {
  const sailings: Sailing[] = []
  for (const charter of await ports.charterReader.between(now, now + AHEAD_MS, MOST)) {
    const standing = standingOf(rules, charter, false, now)
    if (standing === 'cancelled' || standing === 'over') continue
    const shown = crewContent({ charter, removed: false, checklist: [], officeNotes: '', privateFields })
    const requests = newestOfGuests(await ports.signing.ofCharter(charter.id)).filter(({ state }) => state !== 'withdrawn')
    sailings.push({
      id: shown.id,
      startsAt: charter.startsAt,
      endsAt: charter.endsAt,
      vessel: shown.vessel,
      captain: shown.captain,
      undecided: standing === 'undecided',
      hasPage: (await ports.crewPages.findLive(charter.id)) !== null,
      readAt: (await ports.charterReader.find(charter.id))?.readAt ?? null,
      signed: requests.filter(({ state }) => state === 'signed').length,
      asked: requests.length,
    })
  }
  return sailings
}

/** How things stand for the office, in the caller's transaction. */
export async function businessNow(ports: SailingPorts, deps: SailingDeps, now: number): Promise<Business> {
  return businessTerms(await ports.charterReader.readAt(), await readSailings(ports, deps, now), now)
}

/** The same. Reads the store only. */
export function readBusiness(uow: UnitOfWork<SailingPorts>, deps: SailingDeps, now: number): Promise<Business> {
  return uow.run((ports) => businessNow(ports, deps, now))
}
