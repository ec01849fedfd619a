import type { CliCommand } from '../terminal/cli-command.ts'
import { EXIT_MEANINGS } from '../terminal/exit-codes.ts'

/** A topic of `help` that is no command. */
const EXIT_CODES = 'exit-codes'

/** Replaces the library's help command, which supports one level of commands only. */
export function addHelp(program: CliCommand): void {
  program
    .helpCommand(false)
    .command('help')
    .description('show how a command is used, or what the exit codes mean')
    .argument('[command...]', `a command, such as "user create", or "${EXIT_CODES}"`)
    .withExamples('help user create', `help ${EXIT_CODES}`)
    .action((words: readonly string[]) => {
      if (words.join(' ') === EXIT_CODES) process.stdout.write(exitCodesText())
      else program.commandAt(words).outputHelp()
    })
}

function exitCodesText(): string {
  const lines = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}\n`)
  return `Exit codes:\n${lines.join('')}`
}
