// Lists the words that may follow each command, derived from the commands. The script of each shell is made from the list.
import type { Option } from 'commander'

import { BUILT_IN_ROLES } from '#foundation/kernel/principal.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'

export interface Word {
  readonly word: string
  readonly about: string
}

export interface Flag extends Word {
  /** The possible or usual values: these words, a file, or something that a shell cannot complete. */
  readonly value: 'none' | 'file' | 'other' | readonly string[]
}

export interface CommandCompletion {
  /** The commands typed so far, such as `user list`; empty at the beginning. */
  readonly path: string
  /** Subcommands, or the choices of an argument. */
  readonly words: readonly Word[]
  readonly flags: readonly Flag[]
}

export interface CompletionTable {
  readonly commands: readonly CommandCompletion[]
  /** Flags of every command. */
  readonly everywhere: readonly Flag[]
  /** Every flag with a value, hidden ones included: the word behind such a flag is no command. */
  readonly valued: readonly string[]
}

const HELP: Flag = { word: '--help', about: 'show help', value: 'none' }

/** The table of the whole command line. */
export function completionTable(program: CliCommand): CompletionTable {
  const commands = [program, ...program.descendants]
  const options = commands.flatMap((command) => command.options)
  return {
    commands: commands.map((command) => ({
      path: command.path,
      words: commandWords(command),
      // Flags of the program are in `everywhere`.
      flags: command === program ? [] : commandFlags(command),
    })),
    everywhere: [HELP, ...commandFlags(program)],
    valued: [...new Set(options.filter(({ required }) => required).map(({ long }) => long ?? ''))],
  }
}

function commandWords(command: CliCommand): Word[] {
  const choices = command.registeredArguments.flatMap(({ argChoices, description }) =>
    (argChoices ?? []).map((word) => ({ word, about: description })),
  )
  return [...command.commands.map((child) => ({ word: child.name(), about: child.description() })), ...choices]
}

function commandFlags(command: CliCommand): Flag[] {
  return command.options
    .filter(({ hidden, long }) => !hidden && long)
    .map((option) => ({ word: option.long ?? '', about: option.description, value: flagValues(option) }))
}

function flagValues({ required, argChoices, flags }: Option): Flag['value'] {
  if (!required) return 'none'
  if (argChoices !== undefined) return argChoices
  // The names of other roles are in the database, which a completion does not open.
  if (flags.endsWith('<role>')) return BUILT_IN_ROLES
  return /<file>|--(data-dir|keyring-file|logo|icon)\b/.test(flags) ? 'file' : 'other'
}
