import { Command, InvalidArgumentError } from 'commander'

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
}

/** Reads a flag such as `--limit 20`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`)
  }
}
