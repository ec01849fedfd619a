// Disables, enables, signs out and deletes users.
import { revokeApiTokensOf } from '#domain/api-tokens/api-token.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { queueDeletion } from '#domain/back-channel/app-deliveries.service.ts'
import { revokeGrantsOfUser } from '#domain/grants/grant.service.ts'
import { dropLinkMails, MAILED_PURPOSES, withdrawMailedLinks } from '#domain/mail/mailed-links.service.ts'
import { forgetRememberedDevices } from '#domain/remembered-devices/remembered-device.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { endSessionsOf } from '#domain/sessions/session.service.ts'
import { requireOtherAdmin } from '#domain/users/acting-admins.service.ts'
import { deleteUserRow, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { recordAbout, requireOtherUser, type UserRef, withTargetUser } from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { requireFreshAuthenticationToGrant } from '../access/role-grant.service.ts'
import { listSessionsOf } from '../credentials/credentials-summary.service.ts'

/**
 * Disables a user: ends their sessions, revokes their API tokens and withdraws their invitation. Idempotent. Throws `user.not_found`,
 * `user.last_admin`, `user.own_account`.
 */
export function disableUser(ctx: ChangeDeps, ref: UserRef): Promise<User> {
  return withTargetUser(ctx, ref, 'user.disabled', async (tx, user) => {
    if (user.disabled) return user
    await requireOtherAdmin(tx, user)
    requireOtherUser(tx.principal, user)
    if (isPrivileged(user)) await requireApproval(tx, { kind: 'disable', values: {} }, user)
    const disabled = await updateUser(tx, user, { disabled: true })
    const sessions = await endSessionsOf(tx, user.subject)
    const apiTokens = await revokeApiTokensOf(tx, user.subject)
    await withdrawMailedLinks(tx, user.subject, ['invitation'])
    await recordAbout(tx, user, 'user.disabled', { sessions, api_tokens: apiTokens })
    return disabled
  })
}

/** Lets a disabled user sign in again. Idempotent. Throws `user.not_found`, and `access.reauthentication_required` for an admin without
 * a recent authentication. */
export function enableUser(ctx: ChangeDeps, ref: UserRef): Promise<User> {
  return withTargetUser(ctx, ref, 'user.enabled', async (tx, user) => {
    if (!user.disabled) return user
    requireFreshAuthenticationToGrant(tx, user.rolePermissions)
    if (isPrivileged(user)) await requireApproval(tx, { kind: 'enable', values: {} }, user)
    const enabled = await updateUser(tx, user, { disabled: false })
    await recordAbout(tx, user, 'user.enabled')
    return enabled
  })
}

/** Deletes a user and all their data; their audit events stay. Throws `user.not_found`, `user.last_admin`, `user.own_account`. */
export function deleteUser(ctx: ChangeDeps, ref: UserRef): Promise<void> {
  return withTargetUser(ctx, ref, 'user.deleted', async (tx, user) => {
    await requireOtherAdmin(tx, user)
    requireOtherUser(tx.principal, user)
    if (isPrivileged(user)) await requireApproval(tx, { kind: 'delete', values: {} }, user)
    await queueDeletion(tx, user.subject, await recordAbout(tx, user, 'user.deleted'))
    await deleteUserRow(tx, user)
    // The links are deleted with the user; the outbox keeps what it sends, so that a notice of a change still leaves.
    await dropLinkMails(tx, user.subject, MAILED_PURPOSES)
  })
}

/**
 * Ends every session, forgets every device and revokes every API token of a user, and what apps may use without a session; returns how many
 * sessions were running. Throws `user.not_found`.
 */
export function signOutUser(ctx: ChangeDeps, ref: UserRef): Promise<number> {
  return withTargetUser(ctx, ref, 'user.signed_out', async (tx, user) => {
    const running = await listSessionsOf(tx, user)
    // A credential that the user makes concurrently, such as an API token, conflicts with this write; otherwise it would survive.
    await updateUser(tx, user, {}, { bumpEpoch: false })
    await endSessionsOf(tx, user.subject)
    await revokeGrantsOfUser(tx, user.subject)
    await forgetRememberedDevices(tx, user.subject)
    const apiTokens = await revokeApiTokensOf(tx, user.subject)
    await recordAbout(tx, user, 'user.signed_out', { sessions: running.length, api_tokens: apiTokens })
    return running.length
  })
}
