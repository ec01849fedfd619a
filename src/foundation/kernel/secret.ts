import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/**
 * A value that must not be disclosed by accident: printing, joining, inspecting or serialising it shows a placeholder. Only `reveal()`
 * returns it, so a search for that word finds all code that uses the value.
 */
export class Secret<Value = string> {
  readonly #value: Value

  private constructor(value: Value) {
    this.#value = value
  }

  static of<Value>(value: Value): Secret<Value> {
    return new Secret(value)
  }

  reveal(): Value {
    return this.#value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}
