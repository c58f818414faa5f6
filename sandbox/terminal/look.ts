/** How text may look in this terminal: colours and widths. Pure. */
export interface Look {
  bold(text: string): string
  dim(text: string): string
  code(text: string): string
  tint(colour: Colour, text: string): string
  readonly hasColour: boolean
  /** Columns to fill at most. */
  readonly width: number
}

export type Colour = 'red' | 'amber' | 'green' | 'blue' | 'grey'

const TINTS: Readonly<Record<Colour, number>> = { red: 31, amber: 33, green: 32, blue: 34, grey: 90 }

const MOST_COLUMNS = 100
const LEAST_COLUMNS = 40

/** Word by word, so that a style never runs over a line's end into the margin. */
const styled = (on: number, off: number) => (text: string) => text.replaceAll(/\S+/g, (word) => `\u001B[${on}m${word}\u001B[${off}m`)

const asIs = (text: string): string => text

export function createLook({ hasColour, columns }: { hasColour: boolean; columns?: number | undefined }): Look {
  const width = Math.max(LEAST_COLUMNS, Math.min(columns || MOST_COLUMNS, MOST_COLUMNS))
  if (!hasColour) return { bold: asIs, dim: asIs, code: asIs, tint: (_colour, text) => text, hasColour, width }
  return {
    bold: styled(1, 22),
    dim: styled(2, 22),
    code: styled(36, 39),
    tint: (colour, text) => styled(TINTS[colour], 39)(text),
    hasColour,
    width,
  }
}

/** Colours only for people at a terminal who have not declined them (no-color.org). */
export function wantsColour(isTty: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

const NAMED: Readonly<Record<string, Colour>> = { good: 'green', warning: 'amber', danger: 'red' }

function hueOf(red: number, green: number, blue: number): Colour {
  const most = Math.max(red, green, blue)
  if (most - Math.min(red, green, blue) < 24) return 'grey'
  if (most === red) return green > most / 2 ? 'amber' : 'red'
  return most === green ? 'green' : 'blue'
}

/** The nearest colour a terminal has, of an attachment's `#rrggbb` or name. */
export function colourOf(color: unknown): Colour {
  if (typeof color !== 'string') return 'grey'
  const [, red, green, blue] = /^#?([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(color) ?? []
  if (red === undefined || green === undefined || blue === undefined) return NAMED[color] ?? 'grey'
  return hueOf(Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16))
}

// oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
const ESCAPES = /\u001B\[\d+m/g

export const visibleLength = (text: string): number => text.replaceAll(ESCAPES, '').length

/** Breaks at spaces so that no line is wider; a longer word, such as a link, stays whole. Later lines begin with `hang`. */
export function wrap(line: string, width: number, hang = ''): string[] {
  if (visibleLength(line) <= width) return [line]
  const lead = /^ */.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let current = lead
  for (const word of line.slice(lead.length).split(' ')) {
    const isFirst = current.trim() === ''
    const next = isFirst ? current + word : `${current} ${word}`
    if (isFirst || visibleLength(next) <= width) {
      current = next
      continue
    }
    lines.push(current)
    current = hang + word
  }
  return [...lines, current]
}
