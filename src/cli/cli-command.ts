import { Command, InvalidArgumentError } from 'commander'
import type { HelpContext } from 'commander'

/** A command that can show how it is used. */
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

  /** The command below this one that the words name; those behind it are its arguments. Throws for one that there is not. */
  commandAt([word, ...rest]: readonly string[]): CliCommand {
    if (word === undefined || this.commands.length === 0) return this
    const named = this.#named(word)
    return named === undefined ? this.#refuse(word) : named.commandAt(rest)
  }

  /** Help for a command that there is not would end with exit code 0, as if all were well. */
  override outputHelp(context?: HelpContext | ((text: string) => string)): void {
    const word = this.args.find((one) => !one.startsWith('-'))
    if (this.commands.length > 0 && word !== undefined && this.#named(word) === undefined) this.#refuse(word)
    if (typeof context === 'function') throw new Error('Help is changed by addHelpText')
    super.outputHelp(context)
  }

  #named(word: string): CliCommand | undefined {
    return this.commands.filter((child) => child instanceof CliCommand).find((child) => child.name() === word)
  }

  /** A group of commands does nothing itself: it refuses the word, and says which one may be meant. */
  #refuse(word: string): never {
    this.parse([word], { from: 'user' })
    throw new Error('A group of commands took an unknown word')
  }
}

/** Reads a flag such as `--limit 20`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`)
  }
}
