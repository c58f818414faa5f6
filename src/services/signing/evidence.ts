import { CONSENT, TYPED_COUNTS } from './wording.ts'

/** What is kept with a signature, for good. */
export interface Signature {
  readonly requestId: number
  /** The exact text that was signed, in Markdown, and its SHA-256 in hex. */
  readonly document: string
  readonly documentHash: string
  /** The sentences that were agreed to. */
  readonly consent: string
  readonly name: string
  readonly method: 'drawn' | 'typed'
  /** Strokes as SVG path data within `DRAWING`: `M` and `L` with whole numbers only. */
  readonly drawing: string | null
  /** UTC milliseconds. */
  readonly at: number
  /** As the server saw it; null: not known. */
  readonly address: string | null
  readonly userAgent: string
}

export const DRAWING = { width: 600, height: 240, mostBytes: 60 * 1024 } as const
const LONGEST_SIGNED_NAME = 120
const LONGEST_AGENT = 400
const LONGEST_REASON = 1000
/** A shorter line than this is a finger that slipped. In units of `DRAWING`. */
const SHORTEST_LINE = 40

export type Field = 'consent' | 'name' | 'signature'

/** What a guest filled in, as it came. */
export interface Form {
  readonly consent: boolean
  readonly name: string
  /** The typed name is meant to be the signature. */
  readonly typed: boolean
  readonly drawing: string
}

export interface Submission {
  readonly name: string
  readonly method: Signature['method']
  readonly drawing: string | null
}

export type Problem = { readonly field: Field; readonly problem: string }

export type Checked = { readonly ok: true; readonly submission: Submission } | { readonly ok: false; readonly problems: readonly Problem[] }

const STROKES = /^(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})*)+$/

/** The strokes of a drawing; null: it is none of ours. */
export function readStrokes(drawing: string): readonly (readonly (readonly [number, number])[])[] | null {
  if (drawing.length > DRAWING.mostBytes || !STROKES.test(drawing)) return null
  const strokes = drawing
    .slice(1)
    .split('M')
    .map((stroke) =>
      stroke.split('L').map((point) => {
        const [x = 0, y = 0] = point.split(' ').map(Number)
        return [x, y] as const
      }),
    )
  return strokes.flat().every(([x, y]) => x <= DRAWING.width && y <= DRAWING.height) ? strokes : null
}

function lengthOf(strokes: readonly (readonly (readonly [number, number])[])[]): number {
  let length = 0
  for (const stroke of strokes) {
    for (const [index, [x, y]] of stroke.entries()) {
      const [fromX, fromY] = stroke[index - 1] ?? [x, y]
      length += Math.hypot(x - fromX, y - fromY)
    }
  }
  return length
}

/** Text without what cannot be seen, on one line. */
const plain = (text: string, most: number): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()

function signatureProblem({ drawing, typed }: Form): string | null {
  if (drawing === '') return typed ? null : 'Draw your signature, or let your typed name count as your signature.'
  const strokes = readStrokes(drawing)
  if (strokes === null) return 'The drawing did not arrive whole. Clear it and draw again, or let your typed name count.'
  return typed || lengthOf(strokes) >= SHORTEST_LINE ? null : 'That is only a dot or two. Draw your whole signature.'
}

/** Whether a guest has filled in all it takes. */
export function checkForm(form: Form): Checked {
  const name = plain(form.name, LONGEST_SIGNED_NAME + 1)
  const signature = signatureProblem(form)
  const problems: Problem[] = []
  if (!/\p{L}/u.test(name)) problems.push({ field: 'name', problem: 'Type your full name.' })
  else if (name.length > LONGEST_SIGNED_NAME)
    problems.push({ field: 'name', problem: `Type a name of at most ${LONGEST_SIGNED_NAME} characters.` })
  if (signature !== null) problems.push({ field: 'signature', problem: signature })
  if (!form.consent) problems.push({ field: 'consent', problem: 'Tick the box if you agree. Without that you cannot sign.' })
  if (problems.length > 0) return { ok: false, problems }
  const isDrawn = form.drawing !== '' && lengthOf(readStrokes(form.drawing) ?? []) >= SHORTEST_LINE
  return { ok: true, submission: { name, method: isDrawn ? 'drawn' : 'typed', drawing: isDrawn ? form.drawing : null } }
}

/** The sentences that somebody agreed to by this submission. */
export const consentOf = ({ method }: Submission): string => (method === 'typed' ? `${CONSENT} ${TYPED_COUNTS}` : CONSENT)

export const agentOf = (header: string | undefined): string => plain(header ?? '', LONGEST_AGENT)

/** Why somebody declined; null: they did not say. */
export function reasonOf(text: string): string | null {
  const reason = plain(text, LONGEST_REASON)
  return reason === '' ? null : reason
}
