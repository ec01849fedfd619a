import { showConfig } from '#foundation/platform/config/config.ts'
import type { ShownSetting } from '#foundation/platform/config/types.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { invocationOf } from '../terminal/invocation.ts'
import { type Column, printTable } from '../terminal/list.ts'

const VALUES: readonly Column<ShownSetting>[] = [
  { head: 'setting', of: ({ key }) => key },
  { head: 'value', of: ({ value }) => value },
]
const ORIGINS: readonly Column<ShownSetting>[] = [...VALUES, { head: 'from', of: ({ detail }) => detail }]

export function addConfig(program: CliCommand): void {
  program
    .command('config')
    .description('show the configuration')
    .command('show')
    .description('show every setting in use; secrets stay hidden')
    .option('--origin', 'also show where each comes from')
    .withExamples('config show', 'config show --origin --json')
    .action(show)
}

function show({ origin = false }: { origin?: boolean }, command: CliCommand): void {
  const { out, loaded } = invocationOf(command)
  const settings = showConfig(loaded)
  if (out.form !== 'json') return printTable(out, origin ? ORIGINS : VALUES, settings)
  const items = settings.map(({ key, value, source, detail }) => ({ key, value, ...(origin && { source, detail }) }))
  out.json({ items, file: loaded.file })
}
