import { parse } from 'yaml'
import { z } from 'zod'
import { JadaError } from '../../errors.ts'

/** What answers questions in threads: `questions.yml`. */
export interface QuestionSettings {
  readonly model: string
  /** The longest answer, in tokens, with what the model thinks before it writes. */
  readonly replyTokens: number
}

const file = z.strictObject(
  {
    model: z.string({ error: 'must be the name of a model, such as claude-haiku-5-5' }).min(1, 'must be the name of a model'),
    replyTokens: z
      .number({ error: 'must be a whole number from 200 to 8000' })
      .int('must be a whole number from 200 to 8000')
      .min(200, 'must be a whole number from 200 to 8000')
      .max(8000, 'must be a whole number from 200 to 8000'),
  },
  {
    error: (issue: { readonly code?: string; readonly keys?: readonly string[] }) =>
      issue.code === 'unrecognized_keys'
        ? `has ${(issue.keys ?? []).join(', ')}, which is no setting; remove it`
        : 'must be two settings, one a line: model and replyTokens',
  },
)

/** Reads `questions.yml`; `models` are those with a price. Throws JadaError `config-file` that names what to correct. */
export function parseQuestions(text: string, models: readonly string[]): QuestionSettings {
  let raw: unknown
  try {
    raw = parse(text)
  } catch (error) {
    throw new JadaError('config-file', `questions.yml is not valid YAML: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
  const parsed = file.safeParse(raw)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
    throw new JadaError('config-file', `questions.yml: ${problems.join('; ')}`)
  }
  const { model } = parsed.data
  if (models.includes(model)) return parsed.data
  throw new JadaError('config-file', `questions.yml: model: prices.yml has no price for ${model}; it has ${models.join(', ')}`)
}
