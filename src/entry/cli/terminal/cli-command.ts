import { Command, InvalidArgumentError } from 'commander'
import type { HelpContext } from 'commander'

/** A command with examples and nested help. */
export class CliCommand extends Command {
  /** Without the program's name. */
  readonly examples: string[] = []

  override createCommand(name?: string): CliCommand {
    return new CliCommand(name)
  }

  withExamples(...examples: string[]): this {
    this.examples.push(...examples)
    return this
  }

  /** The subcommand that the words name; further words are its arguments. Throws a `CommanderError` for an unknown command. */
  commandAt([word, ...rest]: readonly string[]): CliCommand {
    if (word === undefined || this.commands.length === 0) return this
    const named = this.#named(word)
    return named === undefined ? this.#refuse(word) : named.commandAt(rest)
  }

  /** Refuses an unknown command, whose help would otherwise end with exit code 0. */
  override outputHelp(context?: HelpContext | ((text: string) => string)): void {
    const word = this.args.find((one) => !one.startsWith('-'))
    if (this.commands.length > 0 && word !== undefined && this.#named(word) === undefined) this.#refuse(word)
    if (typeof context === 'function') throw new Error('Help is changed by addHelpText')
    super.outputHelp(context)
  }

  #named(word: string): CliCommand | undefined {
    return this.commands.filter((child) => child instanceof CliCommand).find((child) => child.name() === word)
  }

  /** A group of commands has no action, so parsing throws for the word and suggests a similar one. */
  #refuse(word: string): never {
    this.parse([word], { from: 'user' })
    throw new Error('A group of commands took an unknown word')
  }
}

/** Returns the parser of a flag such as `--limit 20`; it throws `InvalidArgumentError` outside `least` to `most`. */
export function wholeNumberFlag(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`)
  }
}
