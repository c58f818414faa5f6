/** The process's environment, for names that stand in a file of the operator. It holds secrets, so it is never printed as a whole. */
export class Variables {
  readonly #values: Readonly<Record<string, string | undefined>>

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.#values = values
  }

  /** Undefined: it is not set. An empty variable is an unset one. */
  get(name: string): string | undefined {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
  }
}
