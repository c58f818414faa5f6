import { meanwhileOf } from '../../services/incidents/audit.ts'
import { causesOf } from '../../services/incidents/causes.ts'
import type { BotDeps } from '../deps.ts'
import { readHistory } from '../../services/answers/history.ts'
import type { MessageView } from '../views/alert.ts'
import { plainView } from '../views/answers.ts'
import { codeMessages } from '../views/export-text.ts'
import { incidentMarkdown, peopleOf } from '../views/incident-export.ts'
import type { Pages } from './answer.ts'

/** Nobody waits for names of a crowd. */
const MOST_NAMES = 20

async function readNames({ nameOf }: Pick<BotDeps, 'nameOf'>, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(ids.slice(0, MOST_NAMES).map(async (id) => [id, await nameOf(id)] as const))
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== null))
}

/** `/jada incident 12 export`: all that is known of an incident, as Markdown for a post-mortem. */
export async function incidentExport(deps: BotDeps, id: number): Promise<MessageView | Pages> {
  const now = deps.clock.now()
  const { onDuty, zone } = deps
  const read = await deps.uow.run(async (ports) => {
    const incident = await ports.incidents.find(id)
    if (incident === null) return null
    const timeline = await ports.incidents.timeline(id)
    const acts = await ports.audit.about(`incident:${id}`, meanwhileOf(incident, now))
    return { incident, timeline, acts, why: causesOf(incident, await readHistory(ports, incident), now), onDuty, now }
  })
  if (read === null) return plainView(`There is no incident ${id}. \`/jada incidents\` lists them.`)
  const names = await readNames(deps, peopleOf(read))
  return {
    pages: codeMessages(incidentMarkdown({ ...read, names, zone }), `Incident ${id} for a post-mortem`),
  }
}
