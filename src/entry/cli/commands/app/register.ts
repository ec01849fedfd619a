// Registers apps and changes what is said about them.
import { type Client, NEW_CLIENT } from '#domain/clients/client.ts'
import { issuerOf } from '#domain/clients/issuer.ts'
import { filledSettings, type Preset } from '#domain/clients/preset.ts'
import type { With } from '#foundation/context.ts'
import type { AppChanges } from '#use-cases/administration/clients/app-request.ts'
import { presentAppWithSecrets, presentClient } from '#use-cases/administration/clients/clients.schema.ts'
import { changeApp, createApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
import { presentSettings } from '#use-cases/administration/clients/preset.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { noteDefaultUrl } from '../../terminal/link-output.ts'
import { printFields } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { readSecretFile } from '../../terminal/password-input.ts'
import { addAppFlags, type AppFlags, changesByFlags } from './app-flags.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'
import { fieldsByPreset, namedPreset, PRESET_FLAG, printSettings } from './preset.ts'

export function addRegisterCommands(app: CliCommand): void {
  const add = app
    .command('add')
    .description('register an app and print what to enter in it; its secret is shown once')
    .argument('<name>', 'unique; people see it when they sign in')
  addAppFlags(add)
    .option('--id <id>', 'client ID, to have the same one on several servers')
    .option('--secret-file <file>', 'read its secret from a file')
    .option(...PRESET_FLAG)
    .withExamples('app add Reader --preset miniflux --url https://reader.example.org')
    .action(withContext(register))
  const change = app
    .command('change')
    .description('change an app; a list that is given replaces the old one')
    .argument('<app>', APP_ARGUMENT)
    .option('--name <name>', 'new name')
  addAppFlags(change)
    .withExamples(
      'app change Wiki --logout-uri https://wiki.example.org/',
      'app change Wiki --group Staff --without pkce',
    )
    .action(ofApp(update))
}

interface NewAppFlags extends AppFlags {
  readonly id?: string
  readonly secretFile?: string
  readonly preset?: string
}

async function register(working: Working, name: string, flags: NewAppFlags): Promise<void> {
  const { ctx, out } = working
  const preset = flags.preset === undefined ? undefined : await namedPreset(flags.preset)
  const wanted = await wantedByFlags(ctx, flags, preset)
  const given = flags.secretFile === undefined ? undefined : readSecretFile(flags.secretFile, 'secret')
  const { client, secret, approval } = await createApp(ctx, { ...wanted, name, id: flags.id, secret: given })
  const value = secret?.reveal() ?? null
  const settings = { client, secret: value ?? undefined, config: ctx.config }
  if (out.form === 'json') {
    const shown = { ...presentClient(ctx.config, client), client_secret: value, approval }
    return out.json(preset ? { ...shown, settings: presentSettings(filledSettings(preset, settings)) } : shown)
  }
  out.done(`Registered the app ${printable(client.name)}`)
  out.say(`  Enter these settings in the app.${value === null ? '' : ' The secret is shown only once.'}`)
  printFields(out, [
    ['issuer', issuerOf(ctx.config)],
    ['client id', client.id],
    ...(value === null ? [] : [['client secret', value] as const]),
  ])
  if (preset) printSettings(out, preset, settings)
  noteDefaultUrl(working, 'issuer')
}

/** Returns what the flags say, and by a preset what they leave open. */
async function wantedByFlags(ctx: With<'db'>, flags: NewAppFlags, preset: Preset | undefined): Promise<AppChanges> {
  if (preset === undefined) return changesByFlags(ctx, flags, NEW_CLIENT.scopes)
  const said = await changesByFlags(ctx, flags, preset.fields.scopes)
  const given = Object.entries(said).filter(([, value]) => value !== undefined)
  const fields = fieldsByPreset(preset, flags.url, said.allowHttp ?? false)
  // People open a program without encryption at home, but not from the start page.
  const startUrl = said.startUrl?.startsWith('https:') ? said.startUrl : null
  return { ...fields, ...Object.fromEntries(given), startUrl, preset: preset.name }
}

async function update({ ctx, out }: Working, before: Client, flags: AppFlags): Promise<void> {
  const changes = await changesByFlags(ctx, flags, before.scopes)
  if (Object.values(changes).every((value) => value === undefined))
    throw CliFailure.usage('Nothing to change. Use a flag such as --redirect-uri; "app change --help" lists them.')
  const { name, revision } = await changeApp(ctx, before.id, changes)
  if (out.form === 'json') return out.json(presentAppWithSecrets(ctx.config, await readApp(ctx, before.id)))
  if (revision === before.revision) return out.say(`Nothing to change for ${printable(name)}`)
  out.done(`Changed the app ${printable(name)}`)
}
