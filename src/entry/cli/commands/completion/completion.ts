// Prints the completion scripts for shells.
import { Argument } from 'commander'

import type { CliCommand } from '../../terminal/cli-command.ts'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { type CompletionTable, completionTable } from './table.ts'
import { zshCompletion } from './zsh.ts'

type Shell = 'bash' | 'zsh' | 'fish'

const SCRIPTS: Readonly<Record<Shell, (table: CompletionTable) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

export function addCompletion(program: CliCommand): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'name of the shell').choices(Object.keys(SCRIPTS)))
    .withExamples('completion bash', 'completion zsh', 'completion fish > ~/.config/fish/completions/doorward.fish')
    .action((shell: Shell) => void process.stdout.write(SCRIPTS[shell](completionTable(program))))
}
