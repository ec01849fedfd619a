import packageFile from '../../package.json' with { type: 'json' }
import { MIGRATIONS } from '../platform/database/migrations/list.ts'
import type { CliCommand } from './cli-command.ts'
import { newOutput } from './output.ts'
import type { OutputWishes } from './output.ts'
import { printFields } from './list.ts'

export const VERSION: string = packageFile.version

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
  if (out.form === 'json') return out.json({ version: VERSION, node: process.versions.node, schema })
  printFields(out, [
    ['doorward', VERSION],
    ['node', process.versions.node],
    ['schema', String(schema)],
  ])
}
