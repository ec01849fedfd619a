// Whether a user may come in at all.
import { revokeApiTokensOf } from '../../../domain/api-tokens/api-token.service.ts'
import { recordEvent } from '../../../domain/audit/audit.service.ts'
import type { With } from '../../../foundation/context.ts'
import { withdrawLinks } from '../../../domain/links/link.service.ts'
import { sessionPolicy } from '../../../domain/policies/policy.service.ts'
import { endSessionsOf, listSessions } from '../../../domain/sessions/session.service.ts'
import { updateUser, deleteUserRow as removeUser, requireOtherAdmin } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import { withTargetUser, requireFreshAuthenticationToGrant, requireOtherUser } from '../access/access.service.ts'
import type { UserRef } from '../access/access.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Keeps a user out from their next request on; but for their API tokens nothing of theirs is lost. A disabled user stays so. */
export function disableUser(ctx: Deps, ref: UserRef): Promise<User> {
  return withTargetUser(ctx, ref, 'user.disabled', async (tx, user) => {
    if (user.disabled) return user
    await requireOtherAdmin(tx, user)
    requireOtherUser(tx.principal, user)
    const disabled = await updateUser(tx, user, { disabled: true })
    const sessions = await endSessionsOf(tx, user.subject)
    const apiTokens = await revokeApiTokensOf(tx, user.subject)
    await withdrawLinks(tx, { purpose: 'invitation', subject: user.subject })
    await recordEvent(tx, {
      action: 'user.disabled',
      target: user.subject,
      details: { username: user.username, sessions, api_tokens: apiTokens },
    })
    return disabled
  })
}

/** Lets a disabled user sign in again; an admin only on a recent proof. */
export function enableUser(ctx: Deps & With<'config'>, ref: UserRef): Promise<User> {
  return withTargetUser(ctx, ref, 'user.enabled', async (tx, user) => {
    if (!user.disabled) return user
    requireFreshAuthenticationToGrant(tx, user.role)
    const enabled = await updateUser(tx, user, { disabled: false })
    await recordEvent(tx, { action: 'user.enabled', target: user.subject, details: { username: user.username } })
    return enabled
  })
}

/** Removes a user with all that is theirs; their events stay. */
export function deleteUser(ctx: Deps, ref: UserRef): Promise<void> {
  return withTargetUser(ctx, ref, 'user.deleted', async (tx, user) => {
    await requireOtherAdmin(tx, user)
    requireOtherUser(tx.principal, user)
    await recordEvent(tx, { action: 'user.deleted', target: user.subject, details: { username: user.username } })
    await removeUser(tx, user)
  })
}

/** Ends every session and every API token of a user; how many sessions were running. */
export function signOutUser(ctx: Deps & With<'config'>, ref: UserRef): Promise<number> {
  return withTargetUser(ctx, ref, 'user.signed_out', async (tx, user) => {
    const running = await listSessions(tx, user.subject, sessionPolicy(tx))
    // What somebody makes themselves at this moment, such as an API token, collides on it.
    await updateUser(tx, user, {}, { bumpEpoch: false })
    await endSessionsOf(tx, user.subject)
    const apiTokens = await revokeApiTokensOf(tx, user.subject)
    await recordEvent(tx, {
      action: 'user.signed_out',
      target: user.subject,
      details: { username: user.username, sessions: running.length, api_tokens: apiTokens },
    })
    return running.length
  })
}
