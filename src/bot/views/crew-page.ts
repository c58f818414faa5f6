import { createHash } from 'node:crypto'
import type { ChecklistSection, CrewContent, CrewPage, CrewVersion } from '../../services/crew/page.ts'
import {
  clockTime,
  dayWords,
  isCancelled,
  isOld,
  lengthWords,
  longDayWords,
  minutesOf,
  momentWords,
  zoneWords,
} from '../../services/crew/wording.ts'
import { CREW_STYLE } from './crew-page-style.ts'
import { escapeHtml, PAGE_HEADERS } from './page.ts'

const STYLE_HASH = createHash('sha256').update(CREW_STYLE).digest('base64')

/** Nothing is kept, passed on, framed, loaded or run. */
export const CREW_PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'x-robots-tag': 'noindex, nofollow',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
}

export interface ShownCrewPage {
  readonly page: Pick<CrewPage, 'startsAt' | 'expiresAt'>
  /** The newest first. */
  readonly versions: readonly CrewVersion[]
  readonly readAt: number | null
  readonly isBehind: boolean
  readonly zone: string
  readonly now: number
}

/** More than this nobody reads on a phone. */
const MOST_HISTORY = 20

const bdi = (text: string): string => `<bdi>${escapeHtml(text)}</bdi>`

const list = (items: readonly string[]): string => `<ul>${items.map((item) => `<li>${bdi(item)}</li>`).join('')}</ul>`

function alarm(title: string, line: string): string {
  return `<div class="alarm"><strong>${escapeHtml(title)}</strong><p>${escapeHtml(line)}</p></div>`
}

/** What a crew must not miss, above everything else. */
function alarms(content: CrewContent, { readAt, isBehind, now, zone }: ShownCrewPage): string[] {
  const shown: string[] = []
  if (content.removed)
    shown.push(alarm('NOT IN THE PORT SHEET', 'The office took this charter out of the port sheet. Do not sail before you have asked.'))
  else if (isCancelled(content.status))
    shown.push(alarm('CANCELLED', 'This charter does not sail. If you think that is wrong, ask the office.'))
  if (isBehind)
    shown.push(
      alarm('BEING CHANGED', 'The port sheet says something else by now. Load this page again in a few minutes, or ask the office.'),
    )
  else if (readAt !== null && isOld(readAt, now))
    shown.push(
      alarm(
        'OLD DATA',
        `The port sheet was last read on ${momentWords(readAt, zone)}. What changed after that is not on this page: ask the office.`,
      ),
    )
  return shown
}

/** The zone by name where it is surely the sheet's; else nothing, and the sheet's own times stand. */
function zoneName(content: CrewContent, { page, zone }: ShownCrewPage): string {
  const there = momentWords(page.startsAt, zone)
  return there === `${dayWords(content.date)}, ${clockTime(content.start)}` ? `, ${zoneWords(page.startsAt, zone)}` : ''
}

function heading(content: CrewContent, shown: ShownCrewPage): string {
  const nextDay = content.end <= content.start ? ' next day' : ''
  return `<h1><span class="vessel">${bdi(content.vessel === '' ? 'Vessel not set yet' : content.vessel)}</span>${escapeHtml(longDayWords(content.date))}</h1>
<p class="times"><span>${clockTime(content.start)}</span> – <span>${clockTime(content.end)}${nextDay}</span></p>
<p class="length">${lengthWords(minutesOf(content))}${escapeHtml(zoneName(content, shown))}</p>`
}

function news({ changes, at }: CrewVersion, zone: string): string {
  return changes.length === 0 ? '' : `<div class="news"><p>Changed ${escapeHtml(momentWords(at, zone))}</p>${list(changes)}</div>`
}

function facts(content: CrewContent): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Captain', content.captain],
    ['Crew', content.crew],
    ['Guests', content.guests === null ? '' : String(content.guests)],
    ['Booked by', content.client],
    ['Platform', content.source],
    ['Agreement', content.agreement],
    ['Status', content.status],
    ['Charter', content.id],
  ]
  const value = (text: string): string => (text === '' ? '<dd class="missing">not set yet</dd>' : `<dd>${bdi(text)}</dd>`)
  return `<dl>${rows.map(([label, text]) => `<div><dt>${label}</dt>${value(text)}</div>`).join('\n')}</dl>`
}

const notes = (title: string, text: string): string =>
  text === '' ? '' : `<h2>${title}</h2><p class="text" dir="auto">${escapeHtml(text)}</p>`

/** Boxes for a finger or a pen. Nothing is sent: a browser that put old ticks beside new items would be worse than none. */
function checklist(sections: readonly ChecklistSection[]): string {
  if (sections.length === 0) return ''
  const item = (text: string): string => `<li><label><input type="checkbox" autocomplete="off"><span>${bdi(text)}</span></label></li>`
  const parts = sections.map(
    ({ title, items }) => `<section><h3>${bdi(title)}</h3><ul class="list">${items.map(item).join('\n')}</ul></section>`,
  )
  return `<h2>Checklist</h2>
<p class="screen">For you alone: ticks are not sent, and are gone when the page is loaded again.</p>
<div class="sections">${parts.join('\n')}</div>`
}

function history(versions: readonly CrewVersion[], zone: string): string {
  const entry = ({ changes, at, version }: CrewVersion): string =>
    `<li>${escapeHtml(momentWords(at, zone))}${changes.length === 0 ? (version === 1 ? ': page made' : ': changed') : list(changes)}</li>`
  const left = versions.length - MOST_HISTORY
  const more = left > 0 ? `<li>and ${left} earlier</li>` : ''
  return `<h2>What changed</h2><ol class="history">${versions.slice(0, MOST_HISTORY).map(entry).join('\n')}${more}</ol>`
}

function footer({ page, readAt, zone, now }: ShownCrewPage): string {
  const source =
    readAt === null ? 'From the port sheet; when it was read is not known.' : `From the port sheet of ${momentWords(readAt, zone)}.`
  return `<footer>
<p>${escapeHtml(source)} This copy: ${escapeHtml(momentWords(now, zone))}. It does not change by itself: load the page again before you sail.</p>
<p class="screen">For the crew of this charter: do not pass the link on. It ends ${escapeHtml(momentWords(page.expiresAt, zone))}. Guests' contacts are with the office.</p>
</footer>`
}

/** The page of one charter. `versions` must not be empty. */
export function crewPageView(shown: ShownCrewPage): string {
  const { versions, zone } = shown
  const [newest] = versions
  if (newest === undefined) throw new RangeError('a crew page has at least one version')
  const { content } = newest
  const isOff = content.removed || isCancelled(content.status)
  const title = `${isOff ? 'OFF: ' : ''}${content.vessel}, ${dayWords(content.date)}, ${clockTime(content.start)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${escapeHtml(title)}</title>
<style>${CREW_STYLE}</style>
</head>
<body>
<main>
${alarms(content, shown).join('\n')}
<header${isOff ? ' class="off"' : ''}>
${heading(content, shown)}
</header>
${news(newest, zone)}
${facts(content)}
${notes('Notes from the port sheet', content.notes)}
${notes('Notes from the office', content.officeNotes)}
${checklist(content.checklist)}
${history(versions, zone)}
${footer(shown)}
</main>
</body>
</html>
`
}
