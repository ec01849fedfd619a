import type { Argument, Option } from 'commander'

import { newProgram } from './program.ts'
import type { CliCommand } from './terminal/cli-command.ts'
import { EXIT_MEANINGS } from './terminal/exit-codes.ts'

const HEAD = `# Command line

Every command opens the database itself, with or without a running server. Only \`serve\` and \`db migrate\` create a
database. In a clone of the repository, write \`npm run -s doorward --\` in place of \`doorward\`.

- **Standard output** is for data, **standard error** for messages. With \`--json\` there is one document on standard output, with
  the field names of the API, or after a failure a problem document (RFC 9457) on standard error and nothing else.
- **Passwords** come from \`--password-stdin\`, \`--password-file FILE\` or a hidden prompt, never from a flag's value.
- **Confirmation** is asked for in a terminal only. Elsewhere, a command that asks needs \`--yes\`.
- **Colours** are for terminals only, and off with \`--no-color\`, \`NO_COLOR\`, \`TERM=dumb\` or \`CI\`.
- **Completion** in bash, zsh and fish: [completion](#completion) prints the script; its first lines say where to put it.
- **\`<user>\`** is an id, a username, an email address or a subject.
- **Settings** are flags, too, before or after the command: [configuration.md](configuration.md).

This page is made from the program by \`npm run docs\`.
`

/** The text of `docs/cli.md`, made from the commands. */
export function cliPage(): string {
  const program = newProgram()
  const flags = program.options.filter(({ hidden }) => !hidden)
  const codes = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  return [
    HEAD,
    '## Exit codes\n',
    ['| code | meaning |', '| --- | --- |', ...codes, ''].join('\n'),
    '## Flags of every command\n',
    `${flags.map(optionLine).join('\n')}\n`,
    ...program.descendants.filter(({ commands }) => commands.length === 0).map(commandSection),
  ].join('\n')
}

function commandSection(command: CliCommand): string {
  const { path, registeredArguments, options, examples } = command
  const usage = ['doorward', path, ...registeredArguments.map(argumentWord), ...(options.length > 0 ? ['[flags]'] : [])]
  const argumentLines = registeredArguments
    .filter((argument) => argument.name() !== 'user')
    .map((argument) => `- \`${argumentWord(argument)}\`: ${argument.description}`)
  const lines = [...argumentLines, ...options.map(optionLine)]
  return [
    `## ${path}`,
    '',
    `\`${usage.join(' ')}\`: ${asSentence(command.description())}`,
    '',
    ...(lines.length > 0 ? [...lines, ''] : []),
    '```sh',
    ...examples.map((example) => `doorward ${example}`),
    '```',
    '',
  ].join('\n')
}

function argumentWord(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name()
  return argument.required ? `<${name}>` : `[${name}]`
}

function optionLine({ flags, description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const choices = argChoices === undefined || argChoices.length > 8 ? '' : ` (${argChoices.join(', ')})`
  const isShown = typeof defaultValue === 'string' || (typeof defaultValue === 'number' && choices === '')
  const standard = isShown ? `; default \`${defaultValueDescription ?? defaultValue}\`` : ''
  return `- \`${flags}\`: ${description}${choices}${standard}`
}

function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
