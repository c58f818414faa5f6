/** A rectangle of cells, 0-based, both ends inside. */
export interface Rectangle {
  top: number
  left: number
  bottom: number
  right: number
}

export interface Grid {
  title: string
  rowCount: number
  columnCount: number
}

export type RangeResult<G extends Grid> = { ok: true; grid: G; area: Rectangle; range: string } | { ok: false; message: string }

/** Resolves A1 notation against the tabs. Its end is cut to the grid; a start outside of it is refused. */
export function resolveRange<G extends Grid>(text: string, grids: readonly G[]): RangeResult<G> {
  const unparsed = { ok: false as const, message: `Unable to parse range: ${text}` }
  const { title, cells } = splitRange(text, grids)
  const grid = title === undefined ? grids[0] : findGrid(title, grids)
  if (grid === undefined) return unparsed
  const area = cells === undefined ? wholeGrid(grid) : parseCells(cells, grid)
  if (area === undefined) return unparsed
  if (area.top >= grid.rowCount || area.left >= grid.columnCount) {
    const asked = `${quoteTitle(grid.title)}!${cells ?? ''}`
    return { ok: false, message: `Range (${asked}) exceeds grid limits. Max rows: ${grid.rowCount}, max columns: ${grid.columnCount}` }
  }
  const cut = { ...area, bottom: Math.min(area.bottom, grid.rowCount - 1), right: Math.min(area.right, grid.columnCount - 1) }
  return { ok: true, grid, area: cut, range: `${quoteTitle(grid.title)}!${writeCells(cut)}` }
}

function splitRange(text: string, grids: readonly Grid[]): { title?: string; cells?: string } {
  const quoted = /^'((?:[^']|'')*)'(?:!(.*))?$/.exec(text)
  if (quoted !== null) return { title: (quoted[1] ?? '').replaceAll("''", "'"), ...(quoted[2] === undefined ? {} : { cells: quoted[2] }) }
  // Google's documentation asks for quotes around anything but letters, digits and underscores.
  const plain = /^([\p{L}\p{N}_]+)!(.*)$/u.exec(text)
  if (plain !== null) return { title: plain[1] ?? '', cells: plain[2] ?? '' }
  return findGrid(text, grids) === undefined ? { cells: text } : { title: text }
}

/** Titles differ only by more than case: Sheets does not allow `May` beside `MAY`. */
function findGrid<G extends Grid>(title: string, grids: readonly G[]): G | undefined {
  return grids.find((grid) => grid.title.toLowerCase() === title.toLowerCase())
}

const wholeGrid = (grid: Grid): Rectangle => ({ top: 0, left: 0, bottom: grid.rowCount - 1, right: grid.columnCount - 1 })

function parseCells(cells: string, grid: Grid): Rectangle | undefined {
  const [first, second, ...rest] = cells.split(':')
  const from = parseCorner(first)
  if (from === undefined || rest.length > 0) return undefined
  if (second === undefined) {
    // A lone column or row is no range: it needs a colon.
    return from.row === undefined || from.col === undefined
      ? undefined
      : { top: from.row, left: from.col, bottom: from.row, right: from.col }
  }
  const to = parseCorner(second)
  if (to === undefined) return undefined
  const rows = [from.row ?? 0, to.row ?? grid.rowCount - 1] as const
  const cols = [from.col ?? 0, to.col ?? grid.columnCount - 1] as const
  return { top: Math.min(...rows), bottom: Math.max(...rows), left: Math.min(...cols), right: Math.max(...cols) }
}

function parseCorner(text: string | undefined): { row?: number; col?: number } | undefined {
  const match = /^\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,6})?$/.exec(text ?? '')
  if (match === null || (match[1] === undefined && match[2] === undefined)) return undefined
  return {
    ...(match[1] === undefined ? {} : { col: columnNumber(match[1]) }),
    ...(match[2] === undefined ? {} : { row: Number(match[2]) - 1 }),
  }
}

function columnNumber(letters: string): number {
  let number = 0
  for (const letter of letters.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64
  return number - 1
}

function columnLetters(column: number): string {
  const before = column < 26 ? '' : columnLetters(Math.floor(column / 26) - 1)
  return before + String.fromCharCode(65 + (column % 26))
}

function writeCells({ top, left, bottom, right }: Rectangle): string {
  const start = `${columnLetters(left)}${top + 1}`
  return top === bottom && left === right ? start : `${start}:${columnLetters(right)}${bottom + 1}`
}

function quoteTitle(title: string): string {
  return /^[A-Za-z_]\w*$/.test(title) ? title : `'${title.replaceAll("'", "''")}'`
}
