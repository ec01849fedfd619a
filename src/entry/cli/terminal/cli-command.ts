import { Command, type ErrorOptions, type HelpContext } from 'commander'

import { listedOr } from './usage-sentence.ts'

/** A command with examples and nested help. */
export class CliCommand extends Command {
  declare readonly commands: readonly CliCommand[]
  declare parent: CliCommand | null
  /** Without the program's name. */
  readonly examples: string[] = []
  /** Former names of subcommands, with the current ones. */
  readonly #successors = new Map<string, readonly string[]>()

  override createCommand(name?: string): CliCommand {
    return new CliCommand(name)
  }

  withExamples(...examples: string[]): this {
    this.examples.push(...examples)
    return this
  }

  /** An unknown command of this former name is answered with the current ones, not with a name of similar letters. */
  renamed(former: string, ...current: string[]): this {
    this.#successors.set(former, current)
    return this
  }

  override error(message: string, options?: ErrorOptions): never {
    const [, name = ''] = /^error: unknown command '([^']*)'/.exec(message) ?? []
    const current = this.#successors.get(name)?.map((word) => `"${this.path} ${word}"`)
    return super.error(current ? `"${this.path} ${name}" was renamed. Use ${listedOr(current)}.` : message, options)
  }

  /** The words that select the command, such as `user list`; empty for the program. */
  get path(): string {
    return this.parent === null ? '' : `${this.parent.path} ${this.name()}`.trim()
  }

  /** The subcommands, each followed by its own. */
  get descendants(): CliCommand[] {
    return this.commands.flatMap((child) => [child, ...child.descendants])
  }

  /** The subcommand that the words name; further words are its arguments. Throws a `CommanderError` for an unknown command. */
  commandAt([word, ...rest]: readonly string[]): CliCommand {
    if (word === undefined || this.commands.length === 0) return this
    return this.#named(word)?.commandAt(rest) ?? this.#refuse(word)
  }

  /** Refuses an unknown command, whose help would otherwise end with exit code 0. */
  override outputHelp(context?: HelpContext | ((text: string) => string)): void {
    const word = this.args.find((one) => !one.startsWith('-'))
    if (this.commands.length > 0 && word !== undefined && this.#named(word) === undefined) this.#refuse(word)
    if (typeof context === 'function') throw new Error('Help is changed by addHelpText')
    super.outputHelp(context)
  }

  #named(word: string): CliCommand | undefined {
    return this.commands.find((child) => child.name() === word)
  }

  /** A group of commands has no action, so parsing throws for the word and suggests a similar one. */
  #refuse(word: string): never {
    this.parse([word], { from: 'user' })
    throw new Error('A group of commands took an unknown word')
  }
}
