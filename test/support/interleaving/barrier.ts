import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs } from 'kysely'

/** Somebody who can be stopped between two statements. */
export interface Stoppable {
  /** Stands at the statement it was to stop after. */
  readonly waits: boolean
  /** Says the same statement again and again, as SQLite's writers do while another one has the file. */
  readonly repeats: boolean
  stopAfter(statement: number): void
  goOn(): void
}

/** Stops whoever uses it after a given statement, until told to go on. */
export class Barrier implements KyselyPlugin, Stoppable {
  readonly #onChange: () => void
  #stopAfter = Infinity
  #gate = Promise.withResolvers<void>()
  #last = ''
  statements = 0
  waits = false
  repeats = false

  /** `onChange` hears when it begins to wait, and when it begins or ends to repeat itself. */
  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange
  }

  stopAfter(statement: number): void {
    this.#stopAfter = statement
    this.#gate = Promise.withResolvers()
    this.statements = 0
    this.waits = false
  }

  goOn(): void {
    this.#stopAfter = Infinity
    this.waits = false
    this.#gate.resolve()
  }

  hear(text: string): void {
    this.#setRepeats(text === this.#last)
    this.#last = text
  }

  transformQuery({ node }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    return node
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    this.statements += 1
    this.#last = ''
    this.#setRepeats(false)
    if (this.statements === this.#stopAfter) {
      this.waits = true
      this.#onChange()
      await this.#gate.promise
    }
    return result
  }

  #setRepeats(repeats: boolean): void {
    if (repeats === this.repeats) return
    this.repeats = repeats
    this.#onChange()
  }
}
