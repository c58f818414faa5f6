/** `never`: the same call cannot succeed until somebody changes something. `later`: it may, by itself. */
export type Retry = 'never' | 'later'

/**
 * The one error class of ours. Its message is written for people and holds no secret: whoever makes one has
 * already left out what a log must not show.
 */
export class JadaError extends Error {
  readonly code: string
  readonly retry: Retry

  constructor(code: string, message: string, options: { retry?: Retry; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'JadaError'
    this.code = code
    this.retry = options.retry ?? 'never'
  }
}

/** The code of an error, wherever a library put it: Node's errno codes, SQLite's numbers, ours. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { code } = error as { code?: unknown }
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}

/** One line about any thrown value: name, code, message. Never its other fields, where libraries keep requests. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `thrown value of type ${typeof error}`
  const code = errorCode(error)
  return `${error.name}${code === undefined ? '' : ` ${code}`}: ${error.message}`
}
