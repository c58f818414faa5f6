import { z } from 'zod'
import { maskKnown, type KnownMask, type Mask } from '../../crew/mask.ts'
import { FIELDS, type Charter, type Field } from '../../sheets/charter.ts'
import { isDate } from '../../tasks/add-task.ts'
import type { Tool, ToolContext } from './tool.ts'

const DAY_MS = 86_400_000
const MOST = 60

const date = z.string().refine(isDate, 'must be a date such as 2026-11-30')

const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const TIMES: ReadonlySet<Field> = new Set(['start', 'end'])
const MONEY: ReadonlySet<Field> = new Set(['grossRevenue', 'crewCost', 'portFee'])

/** Tools find a charter by its id and its day, so these stay what they are; and whoever may see the contact sees all of it. */
const AS_IT_IS: ReadonlySet<Field> = new Set(['id', 'date', 'contact'])

/** The text as it was typed when there is nothing in it to hide: masks also tidy up letters. */
function hide(text: string, mask: Mask): string {
  const masked = mask(text)
  return masked.includes(' hidden]') ? masked : text
}

function show(charter: Charter, field: Field, known: KnownMask): unknown {
  const value = charter[field]
  if (typeof value === 'string') return AS_IT_IS.has(field) ? value : hide(value, field === 'notes' ? known.free : known.short)
  if (typeof value !== 'number') return value
  if (TIMES.has(field)) return clockTime(value)
  return MONEY.has(field) ? value / 100 : value
}

/** The columns a session may see: private ones only when its playbook names them. */
function visibleFields({ playbook, privateFields }: Pick<ToolContext, 'playbook' | 'privateFields'>): Field[] {
  return FIELDS.filter((field) => !privateFields.has(field) || playbook.privateColumns.includes(field))
}

/** What a column holds that the session may not see is hidden wherever else it was written: offices type a number into the notes. */
function toData(
  charter: Charter,
  { privateFields }: Pick<ToolContext, 'privateFields'>,
  fields: readonly Field[],
): Record<string, unknown> {
  const hidden = new Set([...privateFields].filter((field) => !fields.includes(field)))
  const known = maskKnown(charter, hidden)
  return Object.fromEntries(fields.map((field) => [field, show(charter, field, known)]))
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const SHORT: ReadonlySet<Field> = new Set(['id', 'date', 'start', 'end', 'vessel', 'client', 'guests', 'captain', 'agreement', 'status'])

const listInput = z.strictObject({
  from: date.optional().describe('First day, in the zone of the port sheet. Left out: today there.'),
  to: date.optional().describe('Last day. Left out: 30 days after the first.'),
})

export const listCharters: Tool<z.output<typeof listInput>> = {
  name: 'list_charters',
  description: 'Lists the charters of the port sheet between two days, by start, in short. `readAt` says how old the data is.',
  input: listInput,
  reach: () => 'read',
  describe: ({ from, to }) => ({
    title: 'List charters',
    fields: [{ label: 'Days', value: `${from ?? 'today'} to ${to ?? 'in 30 days'}` }],
  }),
  inside: async ({ charterReader }, context, { from, to }) => {
    const first = from ?? context.today
    const firstAt = Date.parse(`${first}T00:00:00Z`)
    const last = to ?? new Date(firstAt + 30 * DAY_MS).toISOString().slice(0, 10)
    if (last < first) return { kind: 'error', message: '`to` lies before `from`.' }
    // The sheet's day begins up to 14 hours away from that of UTC: read a day more on both sides, and keep by the written date.
    const near = await charterReader.between(firstAt - DAY_MS, Date.parse(`${last}T00:00:00Z`) + 2 * DAY_MS, 500)
    const charters = near.filter(({ date: day }) => day >= first && day <= last)
    const fields = visibleFields(context).filter((field) => SHORT.has(field))
    const data = {
      readAt: iso(await charterReader.readAt()),
      from: first,
      to: last,
      charters: charters.slice(0, MOST).map((charter) => toData(charter, context, fields)),
      ...(charters.length > MOST ? { more: charters.length - MOST } : {}),
    }
    return { kind: 'data', source: 'port sheet', data }
  },
}

const readInput = z.strictObject({ id: z.string().min(1).max(100).describe('The id of a charter, as list_charters gives it.') })

export const readCharter: Tool<z.output<typeof readInput>> = {
  name: 'read_charter',
  description: 'Reads one charter of the port sheet with all columns you may see.',
  input: readInput,
  reach: () => 'read',
  describe: ({ id }) => ({ title: 'Read a charter', fields: [{ label: 'Charter', value: id }] }),
  inside: async ({ charterReader }, context, { id }) => {
    const found = await charterReader.find(id)
    if (found === null) return { kind: 'error', message: 'There is no charter with this id. list_charters gives the ids.' }
    const data = {
      readAt: iso(found.readAt),
      removedFromSheet: found.removed,
      charter: toData(found.charter, context, visibleFields(context)),
    }
    return { kind: 'data', source: 'port sheet', data }
  },
}
