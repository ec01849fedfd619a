// The apps to which a user is signed in, and signing the user out of one, for admins.
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { findClient } from '#domain/clients/client.service.ts'
import { type AppSignIn, listAppSignIns } from '#domain/grants/app-sign-in.service.ts'
import { withdrawConsent } from '#domain/grants/consent.service.ts'
import { sessionRulesOf } from '#domain/policies/evaluation/session-rules.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { requireMayManage } from '../access/role-grant.service.ts'

export function listAppsOf(ctx: With<'db' | 'now' | 'config'>, user: User): Promise<AppSignIn[]> {
  return listAppSignIns(ctx, user, () => sessionRulesOf(ctx, user))
}

/** Ends what an app got of a user, and the user's consent, if there was any of it. Throws `user.not_found`, `role.beyond_own`. */
export function signOutOfAppOf(ctx: ChangeDeps, ref: UserRef, id: string): Promise<void> {
  return auditedChange(ctx, {}, async (tx) => {
    const { subject, rolePermissions } = await readUser(tx, ref)
    requireMayManage(tx.principal, rolePermissions)
    const client = await findClient(tx, id)
    if (client !== undefined) await withdrawConsent(tx, client, subject)
  })
}
