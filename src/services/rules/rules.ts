import { parse } from 'yaml'
import { z } from 'zod'
import { JadaError } from '../../errors.ts'
import type { Charter } from '../sheets/charter.ts'
import { PRIORITIES, type Priority } from '../tasks/task.ts'

/** What follows from the port sheet by itself: the file `rules.yml`. */
export interface Rules {
  readonly crewPage: boolean
  readonly eSignature: boolean
  /** Before sailing, in hours; 0: open signatures are never chased. */
  readonly chaseHours: number
  readonly cancelled: readonly string[]
  readonly undecided: readonly string[]
  readonly priority: Priority
}

const words = z.array(
  z
    .string({ error: 'must be a word; put it in quotation marks if it is a number, or true or false' })
    .transform((word) => word.trim().toLowerCase()),
  { error: 'must be a list of words, such as [cancelled, refunded]' },
)
const flag = z.boolean({ error: 'must be true or false' })

const file = z.strictObject(
  {
    crewPage: flag.default(true),
    eSignature: flag.default(true),
    chaseHours: z
      .int({ error: 'must be a whole number of hours' })
      .min(0, 'must not be negative')
      .max(720, 'must be at most 720')
      .default(48),
    cancelled: words.default(['cancelled', 'canceled']),
    undecided: words.default([]),
    priority: z.enum(PRIORITIES, { error: `must be one of ${PRIORITIES.join(', ')}` }).default('normal'),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be rules, one a line, such as crewPage: true' : undefined) },
)

const fail = (problems: readonly string[]): never => {
  throw new JadaError('config-file', problems.map((problem) => `rules.yml: ${problem}`).join('\n'))
}

/** What each word alone does not show. */
function problemsOf({ cancelled, undecided }: Rules): string[] {
  const both = cancelled.filter((word) => word !== '' && undecided.includes(word))
  return [
    ...(cancelled.includes('') ? ['cancelled: has an empty word, which would call off every charter without a status'] : []),
    ...(both.length > 0 ? [`${both.join(', ')}: is in cancelled and in undecided; it can only be one of them`] : []),
  ]
}

/** Reads `rules.yml`. Throws JadaError `config-file` with every problem. */
export function parseRules(text: string): Rules {
  let raw: unknown
  try {
    raw = parse(text)
  } catch (error) {
    return fail([`is not valid YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? 'unreadable') : 'unreadable'}`])
  }
  const parsed = file.safeParse(raw ?? {})
  if (parsed.success) {
    const problems = problemsOf(parsed.data)
    return problems.length === 0 ? parsed.data : fail(problems)
  }
  const problems = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: there is no such rule; there is ${Object.keys(file.shape).join(', ')}`
      : `${issue.path.join('.') || 'the file'}: ${issue.message}`,
  )
  return fail(problems)
}

/** How a charter's status is to be understood. `over`: it has sailed. */
export type Standing = 'sails' | 'cancelled' | 'undecided' | 'over'

export function standingOf(rules: Rules, charter: Pick<Charter, 'status' | 'endsAt'>, removed: boolean, now: number): Standing {
  const status = charter.status.trim().toLowerCase()
  if (removed || rules.cancelled.includes(status)) return 'cancelled'
  if (charter.endsAt <= now) return 'over'
  return rules.undecided.includes(status) ? 'undecided' : 'sails'
}
