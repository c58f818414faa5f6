import type { z } from 'zod'

/** One complaint about a payload, in the words and the pointer notation the real service uses. */
export interface Problem {
  message: string
  /** JSON pointer, e.g. `/blocks/0/text/text`. */
  pointer: string
}

type Issue = z.core.$ZodIssue

const escapeKey = (key: PropertyKey) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')

const pointer = (path: readonly PropertyKey[]) => path.map((key) => `/${escapeKey(key)}`).join('')

function describeSize(issue: Issue): string {
  if (issue.code === 'too_big') {
    if (issue.origin === 'string') return `must be less than ${Number(issue.maximum) + 1} characters`
    if (issue.origin === 'array') return `no more than ${issue.maximum} items allowed`
    return `must be no more than ${issue.maximum}`
  }
  if (issue.code !== 'too_small') return issue.message
  if (issue.origin === 'string') return `must be more than ${Number(issue.minimum) - 1} characters`
  if (issue.origin === 'array') return `must provide at least ${issue.minimum} items`
  return `must be no less than ${issue.minimum}`
}

function missing(issue: Issue, at: string): Problem {
  return {
    message: `missing required field: ${String(issue.path.at(-1))}`,
    pointer: at + pointer(issue.path.slice(0, -1)),
  }
}

/** The value of the discriminator, which zod reports only as part of the whole object. */
function badType(issue: Issue, at: string): Problem {
  const type = (issue.input as { type?: unknown } | undefined)?.type
  if (type === undefined) return missing(issue, at)
  return {
    message: `unsupported type: ${typeof type === 'string' ? type : JSON.stringify(type)}`,
    pointer: at + pointer(issue.path),
  }
}

function toProblems(issue: Issue, at: string): Problem[] {
  const here = at + pointer(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      message: `invalid additional property: ${key}`,
      pointer: here,
    }))
  }
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'type') return [badType(issue, at)]
  if (issue.code === 'invalid_type' && issue.input === undefined) return [missing(issue, at)]
  if (issue.code === 'invalid_type') return [{ message: `must be a valid ${issue.expected}`, pointer: here }]
  if (issue.code === 'invalid_value') {
    if (issue.input === undefined) return [missing(issue, at)]
    return [
      {
        message: `must be a valid enum value: ${issue.values.map(String).join(', ')}`,
        pointer: here,
      },
    ]
  }
  return [{ message: describeSize(issue), pointer: here }]
}

/** What is wrong with `value`; `at` is the pointer of the value itself. */
export function findProblems(schema: z.ZodType, value: unknown, at: string): Problem[] {
  const parsed = schema.safeParse(value, { reportInput: true })
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => toProblems(issue, at))
}

export const formatProblem = (problem: Problem) => `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`
