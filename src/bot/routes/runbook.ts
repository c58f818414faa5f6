import { runbookAnchor } from '../../services/incidents/runbook.ts'
import { renderAgreement } from '../../services/signing/agreement.ts'
import { RUNBOOK_HEADERS, runbookPageView, type RunbookSection } from '../views/runbook-page.ts'
import { page, type Route } from './reply.ts'

/** Where the runbook is served: cards, notes and answers link to its sections. */
export const RUNBOOK_PATH = '/runbook'

// The renderer moves headings down by one, for pages with a first heading of their own; these stand under a second one.
const raised = (markdown: string): string => markdown.replaceAll(/^###(?=#* )/gm, '##')

const toSection = ([name, markdown]: readonly [string, string]): RunbookSection => ({
  name,
  anchor: runbookAnchor(name),
  html: renderAgreement(raised(markdown)),
})

/** `sections`: Markdown by their names. `GET /runbook`: drawn at the first request. Without sections somebody left the documents out of the installation. */
export function createRunbookRoute(sections: ReadonlyMap<string, string>): Route {
  let body: string | null = null
  return () => {
    if (sections.size === 0) {
      const lines = ["The bot's documents were left out of this installation, so there is no runbook here."]
      return Promise.resolve(page(404, { title: 'There is no runbook here', lines, good: false }))
    }
    body ??= runbookPageView([...sections].map(toSection))
    return Promise.resolve({ status: 200, headers: RUNBOOK_HEADERS, body })
  }
}
