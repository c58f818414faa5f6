import { inspect } from 'node:util'

const SHOWN = '[secret]'

/**
 * A value that must not be seen. Printing, joining, inspecting and serialising it all give `[secret]`;
 * only `reveal` gives the value, so that every use can be found by that word.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [inspect.custom](): string {
    return SHOWN
  }
}
