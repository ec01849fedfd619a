import { type Client, type ClientSecret, isSecretValid } from '#domain/clients/client.ts'
import { issuerOf } from '#domain/clients/issuer.ts'
import { filledSettings } from '#domain/clients/preset.ts'
import { findGroup } from '#domain/groups/group.service.ts'
import type { With } from '#foundation/context.ts'
import { presentAppWithSecrets } from '#use-cases/administration/clients/clients.schema.ts'
import { readApp } from '#use-cases/administration/clients/clients.service.ts'
import { presentSettings } from '#use-cases/administration/clients/preset.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import type { Working } from '../../terminal/invocation.ts'
import { cellOr, momentIn, printFields } from '../../terminal/list.ts'
import type { Output } from '../../terminal/output.ts'
import { accessFields } from './access.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'
import { namedPreset, PRESET_FLAG, printSettings } from './preset.ts'

export function addAppShow(app: CliCommand): void {
  app
    .command('show')
    .description(
      'show an app, what it learns, and its secrets (without their values); --preset adds the settings of a program',
    )
    .argument('<app>', APP_ARGUMENT)
    .option(...PRESET_FLAG)
    .withExamples('app show Wiki', 'app show Reader --preset miniflux')
    .action(ofApp(show))
}

async function show({ ctx, out }: Working, { id }: Client, flags: { readonly preset?: string }): Promise<void> {
  const preset = flags.preset === undefined ? undefined : await namedPreset(flags.preset)
  const app = await readApp(ctx, id)
  const settings = { client: app.client, config: ctx.config }
  if (out.form === 'json') {
    const shown = presentAppWithSecrets(ctx.config, app)
    return out.json(preset ? { ...shown, settings: presentSettings(filledSettings(preset, settings)) } : shown)
  }
  const { client, use, secrets } = app
  const valid = secrets.filter((secret) => isSecretValid(secret, ctx.now))
  printFields(out, [
    ['name', client.name],
    ['issuer', issuerOf(ctx.config)],
    ['client id', client.id],
    ['kind', client.kind],
    ['status', client.disabledAt === null ? 'enabled' : `disabled ${momentIn(out, client.disabledAt)}`],
    ['redirect URIs', client.redirectUris.join(' ') || 'none'],
    ['logout URIs', client.logoutUris.join(' ') || 'none'],
    ['authentication', client.authMethod],
    ['ID tokens', client.idTokenAlg],
    ['scopes', client.scopes.join(' ')],
    ['groups', await groupsIn(ctx, client)],
    [
      'attributes',
      client.attributes.map(({ key, claim }) => (key === claim ? key : `${key}=${claim}`)).join(' ') || 'none',
    ],
    ...(await accessFields(ctx, client)),
    ['told of sign-outs at', client.backchannelUri ?? 'nowhere'],
    ['opened at', client.startUrl ?? 'nowhere'],
    ['icon', app.icon === undefined ? 'none' : 'yes'],
    ...permitted(client),
    ['secrets', valid.map((secret) => secretText(out, secret)).join(', ') || 'none'],
    ['created', { at: client.createdAt }],
    ['sign-ins', String(use.living)],
    ['last used', cellOr(use.lastUsedAt, 'never')],
  ])
  if (preset) printSettings(out, preset, settings)
}

async function groupsIn(ctx: With<'db'>, { sharedGroups }: Client): Promise<string> {
  if (sharedGroups === 'all') return 'all'
  const groups = await Promise.all(sharedGroups.map((id) => findGroup(ctx, id)))
  return groups.flatMap((group) => group?.name ?? []).join(', ') || 'none'
}

function permitted(client: Client): [name: string, value: string][] {
  const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no')
  return [
    ['refresh tokens', yesOrNo(client.refreshTokens)],
    ['PKCE required', yesOrNo(client.requirePkce)],
    ['http allowed', yesOrNo(client.allowHttp)],
    ['only single sessions told', yesOrNo(client.backchannelSessionRequired)],
    ['sign-in on devices', yesOrNo(client.deviceSignIn)],
    ['claims in the ID token', yesOrNo(client.claimsInIdToken)],
    ['unverified emails', yesOrNo(client.unconfirmedEmail)],
    ['trusted', yesOrNo(client.trusted)],
    ['hidden', yesOrNo(client.hidden)],
  ]
}

function secretText(out: Output, { id, createdAt, lastUsedAt }: ClientSecret): string {
  const used = lastUsedAt === null ? 'never used' : `last used ${momentIn(out, lastUsedAt)}`
  return `${id} (created ${momentIn(out, createdAt)}, ${used})`
}
