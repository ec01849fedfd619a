import { CommanderError } from 'commander'

import { loadConfig } from '#foundation/platform/config/config.ts'
import { serverNameIn, sqliteFileIn } from '#foundation/platform/config/database-url.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { newProgram } from './program.ts'
import type { CliCommand } from './terminal/cli-command.ts'
import { EXIT, type ExitCode } from './terminal/exit-codes.ts'
import { describeFailure } from './terminal/failure.ts'
import { withoutFlagValues } from './terminal/flag-values.ts'
import { configFlagsOf } from './terminal/invocation.ts'
import { endQuietlyWithoutReader, newOutput, type OutputWishes } from './terminal/output.ts'
import { STOPPED } from './terminal/prompt.ts'

/** Runs one command line (without the program's name) and sets the exit code of the process. */
export async function runCli(argv: readonly string[]): Promise<void> {
  endQuietlyWithoutReader()
  const program = newProgram()
  try {
    await program.parseAsync(withoutFlagValues(argv), { from: 'user' })
  } catch (error) {
    process.exitCode = report(program, argv, error)
  }
}

function report(program: CliCommand, argv: readonly string[], error: unknown): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok
  // Commander has printed the help that replaces a missing command.
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage
  const wishes = program.opts<OutputWishes>()
  const out = newOutput({ ...wishes, json: wishes.json ?? argv.includes('--json') })
  const config = configOf(program)
  const surroundings = config && {
    publicUrl: config.publicUrl,
    postgres: serverNameIn(config.databaseUrl),
    sqlite: sqliteFileIn(config.databaseUrl),
    command: (words: string) => commandFor(config, words),
  }
  const { exit, problem } = describeFailure(error, surroundings)
  if (STOPPED.includes(problem.code)) out.warn(problem.detail)
  else out.fail(problem)
  if (out.verbose && error instanceof Error) out.warn(String(error.stack))
  return exit
}

/** Undefined if the configuration itself is invalid. */
function configOf(program: CliCommand): Config | undefined {
  try {
    return loadConfig({ flags: configFlagsOf(program) }).config
  } catch {
    return undefined
  }
}
