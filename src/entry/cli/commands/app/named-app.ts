import { findClient, findClientByName } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { With } from '#foundation/context.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withNamed } from '../../terminal/invocation.ts'
import { printable } from '../../terminal/output.ts'

export const APP_ARGUMENT = 'name or client ID of the app'

/** Returns the app that the word names; an id takes precedence, since it stands in the settings of the app. Throws `app.not_found`. */
export async function namedApp(ctx: With<'db'>, word: string): Promise<Client> {
  const app = (await findClient(ctx, word)) ?? (await findClientByName(ctx, word))
  if (app?.kind === 'agent')
    throw CliFailure.refusal('app.not_found', `"${printable(word)}" is an agent. Use "app agents" for it.`)
  if (app !== undefined) return app
  throw CliFailure.refusal('app.not_found', `No app "${printable(word)}".`)
}

export const ofApp = withNamed(namedApp)
