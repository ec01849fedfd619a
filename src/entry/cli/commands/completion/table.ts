// What can be typed after which command, taken from the commands themselves; the script of each shell is made from it.
import type { Option } from 'commander'

import { CliCommand } from '../../terminal/cli-command.ts'

export interface Word {
  readonly word: string
  readonly about: string
}

export interface Flag extends Word {
  /** What its value may be: one of these words, a file, or something that no shell knows. */
  readonly value: 'none' | 'file' | 'other' | readonly string[]
}

export interface Place {
  /** The commands typed so far, such as `user list`; empty at the beginning. */
  readonly path: string
  /** Commands, or the words that an argument can be. */
  readonly words: readonly Word[]
  readonly flags: readonly Flag[]
}

export interface CompletionTable {
  readonly places: readonly Place[]
  /** Flags that every command takes. */
  readonly everywhere: readonly Flag[]
  /** Every flag that takes a value, also those that are not offered: the word after such a flag is no command. */
  readonly valued: readonly string[]
}

const HELP: Flag = { word: '--help', about: 'show how the command is used', value: 'none' }

/** The table of a whole command line. */
export function completionTable(program: CliCommand): CompletionTable {
  const commands = [{ path: '', command: program }, ...below(program, '')]
  const options = commands.flatMap(({ command }) => command.options)
  return {
    places: commands.map(({ path, command }) => ({
      path,
      words: wordsOf(command),
      // Those of the program are offered everywhere.
      flags: command === program ? [] : flagsOf(command),
    })),
    everywhere: [HELP, ...flagsOf(program)],
    valued: [...new Set(options.filter(({ required }) => required).map(({ long }) => long ?? ''))],
  }
}

function below(command: CliCommand, path: string): { readonly path: string; readonly command: CliCommand }[] {
  return command.commands.flatMap((child) => {
    if (!(child instanceof CliCommand)) return []
    const own = `${path} ${child.name()}`.trim()
    return [{ path: own, command: child }, ...below(child, own)]
  })
}

function wordsOf(command: CliCommand): Word[] {
  const choices = command.registeredArguments.flatMap(({ argChoices, description }) =>
    (argChoices ?? []).map((word) => ({ word, about: description })),
  )
  return [...command.commands.map((child) => ({ word: child.name(), about: child.description() })), ...choices]
}

function flagsOf(command: CliCommand): Flag[] {
  return command.options
    .filter(({ hidden, long }) => !hidden && long)
    .map((option) => ({ word: option.long ?? '', about: option.description, value: valueOf(option) }))
}

function valueOf({ required, argChoices, flags }: Option): Flag['value'] {
  if (!required) return 'none'
  if (argChoices !== undefined) return argChoices
  return /<file>|--(data-dir|keyring-file|logo)\b/.test(flags) ? 'file' : 'other'
}
