import type { AuditPorts } from '../audit/audit.ts'
import type { StoredLink } from '../links/link.ts'
import type { Charter } from '../sheets/charter.ts'
import type { CrewPage, CrewVersion } from './page.ts'

export interface CrewPageStore {
  /** Adds a live page. The store refuses a second live one of the same charter. */
  add(page: Omit<CrewPage, 'id'>): Promise<CrewPage>
  /** The charter's live page. */
  findLive(charterId: string): Promise<CrewPage | null>
  /** Whatever page the token was made for, revoked ones too. */
  findByHash(hash: string): Promise<CrewPage | null>
  /** All pages of a charter, the newest first. */
  ofCharter(charterId: string): Promise<CrewPage[]>
  /** Writes everything but number, charter, who made it and who looked. */
  save(page: CrewPage): Promise<void>
  saveLink(pageId: number, link: StoredLink): Promise<void>
  /** Somebody looked at this version. */
  markOpened(pageId: number, version: number, at: number): Promise<void>
  addVersion(pageId: number, version: CrewVersion): Promise<void>
  /** The newest first. */
  versions(pageId: number): Promise<CrewVersion[]>
}

export interface CrewPorts extends AuditPorts {
  readonly crewPages: CrewPageStore
  /** Charters as the sheet had them at the last sync that was applied. */
  readonly charterReader: {
    find(id: string): Promise<{ readonly charter: Charter; readonly removed: boolean; readonly readAt: number | null } | null>
  }
}
