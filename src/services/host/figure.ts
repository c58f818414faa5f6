/** A figure with the time it is of: its value, or why there is none. What is not known is never good. Times are UTC milliseconds. */
export type Figure<T> = { readonly at: number; readonly value: T } | Unknown

export interface Unknown {
  readonly at: number
  /** The reason, in words. */
  readonly unknown: string
  /** Whoever was asked could not be reached at all. */
  readonly unreached?: true
}

export const known = <T>(value: T, at: number): Figure<T> => ({ at, value })
export const unknown = (reason: string, at: number): Unknown => ({ at, unknown: reason })

export const isKnown = <T>(figure: Figure<T>): figure is { readonly at: number; readonly value: T } => 'value' in figure

export const valueOf = <T>(figure: Figure<T>): T | null => (isKnown(figure) ? figure.value : null)

/** The figure made of another one; what is unknown stays so, with its reason. */
export function mapFigure<T, U>(figure: Figure<T>, change: (value: T) => U): Figure<U> {
  return isKnown(figure) ? known(change(figure.value), figure.at) : figure
}
