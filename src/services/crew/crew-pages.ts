import { actorOf, type AuditAct } from '../audit/audit.ts'
import { addressOf, hashOf, isToken, makeLink, openLink, resealLink, type LinkDeps, type LinkOwner } from '../links/link.ts'
import type { Charter, Field } from '../sheets/charter.ts'
import { checklistFor, type ChecklistPlan } from './checklist.ts'
import { crewContent, maskChecklist } from './content.ts'
import { differences } from './differences.ts'
import { PAGE_LIFETIME_MS, type ChecklistSection, type CrewContent, type CrewPage, type CrewVersion } from './page.ts'
import type { CrewPorts } from './ports.ts'

export interface CrewDeps extends LinkDeps {
  readonly checklist: ChecklistPlan
  /** What `sheet.yml` calls private. */
  readonly privateFields: ReadonlySet<Field>
}

/** A charter as it stands in the store. */
export interface CharterNow {
  readonly charter: Charter
  /** Gone from the port sheet. */
  readonly removed: boolean
  /** When the sheet was read; null: not known. */
  readonly readAt: number | null
}

export interface Publishing extends CharterNow {
  /** In place of the checklist by code; null takes that one again. Left out: as it was. */
  readonly checklist?: readonly ChecklistSection[] | null
  /** What the office tells the crew beside the sheet's own notes. Left out: as it was. */
  readonly notes?: string
  /** A Slack user id; null: the bot by itself. */
  readonly by: string | null
}

export type Published =
  | { readonly kind: 'made' | 'same'; readonly page: CrewPage }
  | { readonly kind: 'changed'; readonly page: CrewPage; readonly changes: readonly string[] }
  /** Nobody could open it any more. */
  | { readonly kind: 'too-late' }

const ownerOf = (charterId: string): LinkOwner => ({ kind: 'crew', subject: charterId })

function contentOf(
  deps: Pick<CrewDeps, 'checklist' | 'privateFields'>,
  { charter, removed }: CharterNow,
  page: Pick<CrewPage, 'ownChecklist' | 'officeNotes'>,
): CrewContent {
  const checklist = page.ownChecklist ?? checklistFor(deps.checklist, charter)
  return crewContent({ charter, removed, checklist, officeNotes: page.officeNotes, privateFields: deps.privateFields })
}

/** Writes down what was done to a page; `by` null: a rule did it. */
const noted = (
  ports: CrewPorts,
  act: Extract<AuditAct, `page.${string}`>,
  { id, charterId, version }: CrewPage,
  by: string | null,
  at: number,
) => ports.audit.add({ at, actor: actorOf(by), act, subject: `crew-page:${id}`, details: { charter: charterId, version } })

const wanted = (checklist: Publishing['checklist'], before: CrewPage['ownChecklist']): CrewPage['ownChecklist'] => {
  if (checklist === undefined) return before
  return checklist === null ? null : maskChecklist(checklist)
}

async function make(ports: CrewPorts, deps: CrewDeps, publishing: Publishing, now: number): Promise<Published> {
  const { charter, readAt, by } = publishing
  const expiresAt = charter.endsAt + PAGE_LIFETIME_MS
  if (expiresAt <= now) return { kind: 'too-late' }
  const { hash, sealed } = makeLink(deps, ownerOf(charter.id))
  const page = await ports.crewPages.add({
    charterId: charter.id,
    state: 'live',
    link: { hash, sealed },
    version: 1,
    startsAt: charter.startsAt,
    expiresAt,
    ownChecklist: wanted(publishing.checklist, null),
    officeNotes: publishing.notes ?? '',
    madeBy: by,
    madeAt: now,
    revokedBy: null,
    revokedAt: null,
    openedAt: null,
    openedVersion: null,
  })
  const content = contentOf(deps, publishing, page)
  await ports.crewPages.addVersion(page.id, { version: 1, content, changes: [], readAt, by, at: now })
  await noted(ports, 'page.made', page, by, now)
  return { kind: 'made', page }
}

async function update(ports: CrewPorts, deps: CrewDeps, before: CrewPage, publishing: Publishing, now: number): Promise<Published> {
  const { charter, readAt, by } = publishing
  const page: CrewPage = {
    ...before,
    startsAt: charter.startsAt,
    expiresAt: charter.endsAt + PAGE_LIFETIME_MS,
    ownChecklist: wanted(publishing.checklist, before.ownChecklist),
    officeNotes: publishing.notes ?? before.officeNotes,
  }
  const link = resealLink(deps.box, ownerOf(page.charterId), page.link)
  if (link !== null) await ports.crewPages.saveLink(page.id, link)
  const sealed = link === null ? page : { ...page, link }
  const [newest] = await ports.crewPages.versions(page.id)
  const content = contentOf(deps, publishing, page)
  const changes = newest === undefined ? [] : differences(newest.content, content)
  const isSame = newest !== undefined && changes.length === 0
  const saved = isSame ? sealed : { ...sealed, version: before.version + 1 }
  await ports.crewPages.save(saved)
  if (isSame) return { kind: 'same', page: saved }
  await ports.crewPages.addVersion(page.id, { version: saved.version, content, changes, readAt, by, at: now })
  await noted(ports, 'page.changed', saved, by, now)
  return { kind: 'changed', page: saved, changes }
}

/** Makes the charter's page, or brings it up to date: the same content makes no new version. In the caller's transaction. */
export async function publish(ports: CrewPorts, deps: CrewDeps, publishing: Publishing, now: number): Promise<Published> {
  const live = await ports.crewPages.findLive(publishing.charter.id)
  return live === null ? make(ports, deps, publishing, now) : update(ports, deps, live, publishing, now)
}

/** After a sync: brings a page up to date that there is, and makes none; so a page that was revoked stays away. Null: there is none. */
export async function refresh(ports: CrewPorts, deps: CrewDeps, now: number, current: CharterNow): Promise<Published | null> {
  const live = await ports.crewPages.findLive(current.charter.id)
  return live === null ? null : update(ports, deps, live, { ...current, by: null }, now)
}

/** Ends the charter's page at once. A later `publish` makes another one, at another address. Null: there is none. */
export async function revoke(ports: CrewPorts, charterId: string, by: string, now: number): Promise<CrewPage | null> {
  const live = await ports.crewPages.findLive(charterId)
  if (live === null) return null
  const revoked: CrewPage = { ...live, state: 'revoked', revokedBy: by, revokedAt: now }
  await ports.crewPages.save(revoked)
  await noted(ports, 'page.revoked', revoked, by, now)
  return revoked
}

/** The charter's live page, also when its time is over. */
export function find(ports: CrewPorts, charterId: string): Promise<CrewPage | null> {
  return ports.crewPages.findLive(charterId)
}

/** The page's address, for an operator's eyes. Throws JadaError `link-unreadable`. */
export function pageAddress(deps: Pick<CrewDeps, 'box'>, publicUrl: string, { charterId, link }: CrewPage): string {
  return addressOf(publicUrl, 'crew', openLink(deps.box, ownerOf(charterId), link))
}

export type Opening =
  | { readonly kind: 'unknown' }
  /** It was there once; whoever has its token got it from us. */
  | { readonly kind: 'ended' }
  | {
      readonly kind: 'open'
      readonly page: CrewPage
      /** The newest first; never empty. */
      readonly versions: readonly CrewVersion[]
      /** When the port sheet was last read that says the same; null: not known. */
      readonly readAt: number | null
      /** The port sheet says something else by now, and no version has it yet. */
      readonly isBehind: boolean
    }

const MINUTE_MS = 60_000

/** Looks a page up by the token of its address. `isViewer`: a person looks, no program that previews links. */
export async function openPage(
  ports: CrewPorts,
  deps: Pick<CrewDeps, 'privateFields'>,
  { token, isViewer }: { token: string; isViewer: boolean },
  now: number,
): Promise<Opening> {
  if (!isToken(token)) return { kind: 'unknown' }
  const page = await ports.crewPages.findByHash(hashOf(token))
  if (page === null) return { kind: 'unknown' }
  const versions = await ports.crewPages.versions(page.id)
  const [newest] = versions
  if (page.state !== 'live' || page.expiresAt <= now || newest === undefined) return { kind: 'ended' }
  // Once a minute is often enough to know, and spares the disk.
  const isNews = page.openedVersion !== page.version || now - (page.openedAt ?? 0) >= MINUTE_MS
  if (isViewer && isNews) await ports.crewPages.markOpened(page.id, page.version, now)
  const current = await ports.charterReader.find(page.charterId)
  if (current === null) return { kind: 'open', page, versions, readAt: newest.readAt, isBehind: false }
  const { content } = newest
  const fresh = crewContent({
    ...current,
    checklist: content.checklist,
    officeNotes: content.officeNotes,
    privateFields: deps.privateFields,
  })
  const isBehind = differences(content, fresh).length > 0
  return { kind: 'open', page, versions, readAt: isBehind ? newest.readAt : current.readAt, isBehind }
}
