// What an operator says about a resource in flags.
import { Option } from 'commander'

import { TOKEN_FORMATS, type TokenFormat } from '#domain/clients/resource.ts'
import type { With } from '#foundation/context.ts'
import type { ResourceChanges } from '#use-cases/administration/resources/resource-request.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { readSpan } from '../../terminal/flag-values.ts'
import { listIn, orNone, repeated } from '../app/app-flags.ts'
import { namedApp } from '../app/named-app.ts'

/** Undefined stays as it is. */
export interface ResourceFlags {
  readonly name?: string
  readonly servedBy?: string
  readonly tokens?: TokenFormat
  readonly lifetime?: number | 'usual'
  readonly scope?: readonly string[]
  readonly app?: readonly string[]
}

/** Adds the flags that `resource add` and `resource change` have in common. */
export function addResourceFlags(command: CliCommand): CliCommand {
  return command
    .option('--served-by <app>', 'the app that checks its tokens, or none for JWTs')
    .addOption(new Option('--tokens <format>', 'what apps get for it').choices(TOKEN_FORMATS))
    .option('--lifetime <duration>', 'how long a token lives, such as 5m, or usual', lifetimeIn)
    .option('--scope <scope>', 'what apps can ask for; repeat for more, or none', repeated)
    .option('--app <app>', 'an app that may ask for tokens; repeat, or all, or none', repeated)
}

function lifetimeIn(text: string): number | 'usual' {
  return text === 'usual' ? text : readSpan(text) / 1000
}

/** Returns what the flags say. Throws `app.not_found`. */
export async function resourceChangesByFlags(ctx: With<'db'>, flags: ResourceFlags): Promise<ResourceChanges> {
  const { name, servedBy, tokens, lifetime, scope, app } = flags
  const serving = orNone(servedBy)
  return {
    name,
    servedBy: serving && (await namedApp(ctx, serving)).id,
    tokenFormat: tokens,
    lifetime: lifetime === 'usual' ? null : lifetime,
    scopes: scope && listIn(scope),
    allowedClients: app && (await allowedIn(ctx, app)),
  }
}

/** An app with the name `all` or `none` is named by its id. */
async function allowedIn(ctx: With<'db'>, given: readonly string[]): Promise<'all' | readonly string[]> {
  if (given.length === 1 && given[0] === 'all') return 'all'
  return Promise.all(listIn(given).map(async (word) => (await namedApp(ctx, word)).id))
}
