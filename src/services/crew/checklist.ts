import { parse } from 'yaml'
import { z } from 'zod'
import { JadaError } from '../../errors.ts'
import type { Charter } from '../sheets/charter.ts'
import type { ChecklistSection } from './page.ts'
import { isSigned } from './wording.ts'

/** One item, and for which charters it is. */
export interface ChecklistItem {
  readonly text: string
  readonly vessels: readonly string[] | null
  readonly guestsAtLeast: number | null
  /** Only while the agreement is not signed. */
  readonly unsigned: boolean
}

/** The checklist that `crew-checklist.yml` gives; which items a charter gets is worked out by code, never by the model. */
export type ChecklistPlan = readonly { readonly title: string; readonly items: readonly ChecklistItem[] }[]

/** Together they must fit the printed page. */
const MOST_ITEMS = 40
const LONGEST_ITEM = 120

const itemText = z
  .string({ error: 'must be text' })
  .trim()
  .min(1, 'is empty')
  .max(LONGEST_ITEM, `is longer than ${LONGEST_ITEM} characters`)

const conditional = z.strictObject(
  {
    text: itemText,
    vessels: z.array(z.string().trim().min(1, 'is empty'), { error: 'must be a list of vessels' }).min(1, 'names no vessel').optional(),
    guestsAtLeast: z.int({ error: 'must be a whole number' }).min(1, 'must be at least 1').optional(),
    unsigned: z.literal(true, { error: 'can only be true; leave it out otherwise' }).optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys?.join(', ') ?? ''} is no setting of an item`
        : 'must be text, or text with conditions',
  },
)

const section = z.strictObject(
  {
    title: z
      .string({ error: 'is missing; say which part of the day it is' })
      .trim()
      .min(1, 'is empty')
      .max(60, 'is longer than 60 characters'),
    items: z.array(z.union([itemText, conditional]), { error: 'must be a list of items' }).min(1, 'has no item'),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${issue.keys?.join(', ') ?? ''} is no setting of a section` : 'must have a title and items',
  },
)

const file = z.strictObject(
  { sections: z.array(section, { error: 'is missing; it is a list of parts, each with a title and items' }).min(1, 'has no section') },
  { error: 'must begin with sections:' },
)

/** Of a union the error that the file's author can use: that of the kind they meant. */
function linesOf(issue: z.core.$ZodIssue, at: readonly PropertyKey[] = []): string[] {
  const path = [...at, ...issue.path]
  if (issue.code !== 'invalid_union') return [`${path.join('.') || 'the file'}: ${issue.message}`]
  const [asText = [], asObject = []] = issue.errors
  const meant = asText.some(({ code }) => code === 'invalid_type') ? asObject : asText
  return meant.flatMap((inner) => linesOf(inner, path))
}

/** Reads `crew-checklist.yml`. Throws JadaError `config-file` that lists every problem. */
export function parseChecklist(yaml: string): ChecklistPlan {
  const fail = (problems: readonly string[]): never => {
    throw new JadaError('config-file', problems.map((problem) => `crew-checklist.yml: ${problem}`).join('\n'))
  }
  let raw: unknown
  try {
    raw = parse(yaml)
  } catch (error) {
    return fail([`is not valid YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? 'unreadable') : 'unreadable'}`])
  }
  const parsed = file.safeParse(raw)
  if (!parsed.success) return fail(parsed.error.issues.flatMap((issue) => linesOf(issue)))
  const plan = parsed.data.sections.map(({ title, items }) => ({
    title,
    items: items.map((item): ChecklistItem => {
      const { text, vessels = null, guestsAtLeast = null, unsigned = false } = typeof item === 'string' ? { text: item } : item
      return { text, vessels, guestsAtLeast, unsigned }
    }),
  }))
  const count = plan.reduce((sum, { items }) => sum + items.length, 0)
  return count > MOST_ITEMS ? fail([`has ${count} items; at most ${MOST_ITEMS} fit on the printed page`]) : plan
}

const plain = (name: string): string => name.trim().toLowerCase()

/** The items for this charter; sections without any are left out. */
export function checklistFor(plan: ChecklistPlan, charter: Pick<Charter, 'vessel' | 'guests' | 'agreement'>): ChecklistSection[] {
  const applies = (item: ChecklistItem): boolean =>
    (item.vessels?.map(plain).includes(plain(charter.vessel)) ?? true) &&
    (item.guestsAtLeast === null || (charter.guests ?? 0) >= item.guestsAtLeast) &&
    (!item.unsigned || !isSigned(charter.agreement))
  return plan.flatMap(({ title, items }) => {
    const texts = items.filter(applies).map(({ text }) => text)
    return texts.length === 0 ? [] : [{ title, items: texts }]
  })
}
