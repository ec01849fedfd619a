// The apps to which a user is signed in, and signing out of one.
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { findClient } from '#domain/clients/client.service.ts'
import { type AppSignIn, listAppSignIns } from '#domain/grants/app-sign-in.service.ts'
import { withdrawConsent } from '#domain/grants/consent.service.ts'
import { sessionRulesOf } from '#domain/policies/evaluation/session-rules.service.ts'
import type { WithAuthenticated } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

type Reading = WithAuthenticated<'db' | 'now' | 'config'>
type Deps = WithAuthenticated<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Returns the apps to which the user is signed in, or has agreed to be, by name. */
export function listOwnSignIns(ctx: Reading): Promise<AppSignIn[]> {
  const { user } = ctx.principal
  return listAppSignIns(ctx, user, () => sessionRulesOf(ctx, user))
}

/** Returns one of them. Throws `app.not_found` for an app to which the user is not signed in too, so that ids cannot be probed. */
export async function readOwnSignIn(ctx: Reading, id: string): Promise<AppSignIn> {
  const found = (await listOwnSignIns(ctx)).find(({ client }) => client.id === id)
  if (found === undefined) throw new Refusal('app.not_found')
  return found
}

/**
 * Takes back what the user has agreed to at an app, and ends what the app got: its tokens are refused at once. Does nothing for another app, nor
 * for an id that no app has, which the answer does not distinguish.
 */
export function signOutOfApp(ctx: Deps, id: string): Promise<void> {
  const { subject } = ctx.principal.user
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    const client = await findClient(tx, id)
    if (client !== undefined) await withdrawConsent(tx, client, subject)
  })
}
