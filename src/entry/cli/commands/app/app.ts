// Commands about apps that sign their users in here.
import type { Client } from '#domain/clients/client.ts'
import { deleteApp, disableApp, enableApp, endAppGrants } from '#use-cases/administration/clients/app-state.service.ts'
import {
  AppPosition,
  presentAppWithSecrets,
  presentClient,
  presentListedApp,
} from '#use-cases/administration/clients/clients.schema.ts'
import { type ListedApp, listApps, readApp } from '#use-cases/administration/clients/clients.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { cellOr, type Column, counted, printFields } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { addPageFlags, type PageFlags, printPages } from '../../terminal/pages.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { addAppAccess } from './access.ts'
import { addAgents } from './agents.ts'
import { addFileCommands } from './apply.ts'
import { addDeliveriesCommand } from './deliveries.ts'
import { addIconCommand } from './icon.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'
import { addPresets } from './preset.ts'
import { addRegisterCommands } from './register.ts'
import { addSecretCommand } from './secret.ts'
import { addAppShow } from './show.ts'

const COLUMNS: readonly Column<ListedApp>[] = [
  { head: 'name', of: ({ client }) => client.name },
  { head: 'kind', of: ({ client }) => client.kind },
  { head: 'status', of: ({ client }) => (client.disabledAt === null ? 'enabled' : 'disabled') },
  { head: 'sign-ins', of: ({ use }) => String(use.living) },
  { head: 'last used', of: ({ use }) => cellOr(use.lastUsedAt, 'never') },
  { head: 'client id', of: ({ client }) => client.id },
]

export function addApp(program: CliCommand): void {
  const app = program.command('app').description('manage apps that people sign in to with their account')
  const list = app
    .command('list')
    .description('list apps by name')
    .option('--search <text>', 'only apps with this text in the name')
  addPageFlags(list, 'app').withExamples('app list', 'app list --search wiki --json').action(withContext(listAll))
  addAppShow(app)
  addRegisterCommands(app)
  addAppAccess(app)
  addIconCommand(app)
  addSecretCommand(app)
  addPresets(app)
  addStateCommands(app)
  app
    .command('grants')
    .description('show how many sign-ins to an app are open; --end ends them (asks for confirmation)')
    .argument('<app>', APP_ARGUMENT)
    .option('--end', 'end all of them; people can sign in again')
    .withExamples('app grants Wiki', 'app grants Wiki --end --yes')
    .action(ofApp(grants))
  addDeliveriesCommand(app)
  addAgents(app)
  addFileCommands(app)
}

function addStateCommands(app: CliCommand): void {
  const one = (name: string, description: string, work: (working: Working, client: Client) => Promise<void>) =>
    app
      .command(name)
      .description(description)
      .argument('<app>', APP_ARGUMENT)
      .withExamples(`app ${name} Wiki`)
      .action(ofApp(work))
  one('disable', 'let no one sign in to an app anymore, and end its sign-ins', disable)
  one('enable', 'let people sign in to an app again', enable)
  one('remove', 'delete an app with its secrets, and end its sign-ins (asks for confirmation)', remove)
}

interface ListFlags extends PageFlags {
  readonly search?: string
}

async function listAll(working: Working, flags: ListFlags): Promise<void> {
  const { ctx } = working
  const { search } = flags
  await printPages(working, flags, {
    noun: 'app',
    command: 'app list',
    words: { search },
    columns: COLUMNS,
    position: AppPosition,
    read: (page) => listApps(ctx, { ...page, q: search }),
    show: (app) => presentListedApp(ctx.config, app),
  })
}

async function disable({ ctx, out }: Working, { id, name }: Client): Promise<void> {
  await disableApp(ctx, id)
  out.result(presentAppWithSecrets(ctx.config, await readApp(ctx, id)), `Disabled the app ${printable(name)}`)
}

async function enable({ ctx, out }: Working, { id, name }: Client): Promise<void> {
  await enableApp(ctx, id)
  out.result(presentAppWithSecrets(ctx.config, await readApp(ctx, id)), `Enabled the app ${printable(name)}`)
}

async function remove(working: Working, client: Client): Promise<void> {
  const { ctx, out } = working
  await confirmOr(working, `Delete the app ${printable(client.name)}?`)
  await deleteApp(ctx, client.id)
  out.result({ deleted: presentClient(ctx.config, client) }, `Deleted the app ${printable(client.name)}`)
}

async function grants(working: Working, { id, name }: Client, { end }: { end?: true }): Promise<void> {
  const { ctx, out } = working
  if (end) {
    await confirmOr(working, `End all sign-ins to ${printable(name)}?`)
    const ended = await endAppGrants(ctx, id)
    return out.result({ ended }, `Ended ${counted(ended, 'sign-in')} to ${printable(name)}`)
  }
  const app = await readApp(ctx, id)
  if (out.form === 'json') {
    const { sign_ins: count, last_used_at: last } = presentListedApp(ctx.config, app)
    return out.json({ sign_ins: count, last_used_at: last })
  }
  printFields(out, [
    ['sign-ins', String(app.use.living)],
    ['last used', cellOr(app.use.lastUsedAt, 'never')],
  ])
}
