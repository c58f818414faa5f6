import { readFileSync } from 'node:fs'
import { parseChecklist } from '../../src/services/crew/checklist.ts'
import { crewContent, type ContentSource } from '../../src/services/crew/content.ts'
import type { CrewDeps } from '../../src/services/crew/crew-pages.ts'
import type { CrewContent, CrewVersion } from '../../src/services/crew/page.ts'
import type { Charter } from '../../src/services/sheets/charter.ts'
import { systemRandom } from '../../src/random.ts'
import { charter, PRIVATE } from './agent-desk.ts'
import { newBox } from './google-world.ts'
import { ZONE } from './sheet-fixtures.ts'

/** The checklist as the repository ships it. */
export const CHECKLIST = parseChecklist(readFileSync(new URL('../../config/crew-checklist.yml', import.meta.url), 'utf8'))

/** Mon 2 Nov 2026, 09:30 in San Diego. */
export const NOW = Date.UTC(2026, 10, 2, 17, 30)

export const crewDeps = (change: Partial<CrewDeps> = {}): CrewDeps => ({
  random: systemRandom,
  box: newBox(),
  checklist: CHECKLIST,
  privateFields: PRIVATE,
  ...change,
})

export function contentOf(change: Partial<Charter> = {}, source: Partial<ContentSource> = {}): CrewContent {
  return crewContent({ charter: charter(change), removed: false, checklist: [], officeNotes: '', privateFields: PRIVATE, ...source })
}

export const version = (number: number, change: Partial<CrewVersion> = {}): CrewVersion => ({
  version: number,
  content: contentOf(),
  changes: [],
  readAt: NOW,
  by: null,
  at: NOW,
  ...change,
})

export { charter, PRIVATE, ZONE }
