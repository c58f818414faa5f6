import { CONNECTION, type ConnectionPorts } from '../google/connection.ts'
import { DEATHS, dieEverySevenDays, readDeaths } from '../google/token-life.ts'
import type { History } from '../incidents/causes.ts'
import type { Incident } from '../incidents/incident.ts'
import type { IncidentPorts } from '../incidents/ports.ts'
import type { Settings } from '../work/inbox.ts'

const LOOKED_BACK = 100

export type HistoryOf = Pick<IncidentPorts, 'incidents'> & ConnectionPorts & { readonly settings: Settings }

/** What is known beside an incident, for its causes. */
export async function readHistory(ports: HistoryOf, { key }: Pick<Incident, 'key'>): Promise<History> {
  const deaths = readDeaths(await ports.settings.get(DEATHS))
  const earlier = (await ports.incidents.list(LOOKED_BACK)).filter((one) => one.key === key)
  const connection = await ports.connections.read(CONNECTION)
  return { deaths, sevenDays: dieEverySevenDays(deaths), consentedAt: connection?.consentedAt ?? null, earlier }
}
