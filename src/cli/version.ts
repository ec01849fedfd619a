import { MIGRATIONS } from '../platform/database/migrations/list.ts'
import { NODE_VERSION, VERSION } from '../platform/version.ts'
import type { CliCommand } from './cli-command.ts'
import { newOutput } from './output.ts'
import type { OutputWishes } from './output.ts'
import { printFields } from './list.ts'

export function addVersion(program: CliCommand): void {
  program
    .command('version')
    .description('version of the program, of Node and of the schema it makes')
    .withExamples('version --json')
    .action((_flags: object, command: CliCommand) => showVersion(command))
}

function showVersion(command: CliCommand): void {
  const out = newOutput(command.optsWithGlobals<OutputWishes>())
  const schema = MIGRATIONS.at(-1)?.version ?? 0
  if (out.form === 'json') return out.json({ version: VERSION, node: NODE_VERSION, schema })
  printFields(out, [
    ['doorward', VERSION],
    ['node', NODE_VERSION],
    ['schema', String(schema)],
  ])
}
