// Issues invitations.
import type { With } from '../../../foundation/context.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../../foundation/kernel/time.ts'
import { issueLink, withdrawLinks } from '../../../domain/links/link.service.ts'
import { updateUser } from '../../../domain/users/user.service.ts'
import { statusOf } from '../../../domain/users/user.ts'
import type { User } from '../../../domain/users/user.ts'
import type { Invitation } from './invitation.ts'
import {
  recordAbout,
  requireFreshAuthenticationToGrant,
  sealTargetSecret,
  withTargetUser,
} from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import type { ChangeDeps, UserRef } from '../access/access.service.ts'
import { selectInvitationEnds } from './invitations.view.ts'

export interface InvitationWish {
  /** The lifetime in milliseconds; the configured one if left out. */
  readonly lifetime?: Duration | undefined
}

export interface Invited {
  readonly user: User
  readonly invitation: Invitation
}

/**
 * Creates an invitation and revokes earlier ones. Throws `user.not_found`; `user.already_enrolled` for a user with a second factor,
 * since the link would replace a password in use; `user.disabled`; and `access.reauthentication_required` for an admin without recent
 * authentication, since the link gives access to an admin account.
 */
export async function inviteUser(ctx: ChangeDeps, ref: UserRef, wish: InvitationWish = {}): Promise<Invited> {
  await sealTargetSecret(ctx, ref)
  return withTargetUser(ctx, ref, 'invitation.issued', async (tx, user) => {
    requireInvitable(tx, user)
    const parameters = { lifetime: wish.lifetime ?? null }
    if (user.role === 'admin') await requireApproval(tx, { kind: 'invite', parameters }, user)
    const invited = await updateUser(tx, user, { invitedAt: tx.now })
    return { user: invited, invitation: await issueInvitation(tx, invited, wish) }
  })
}

/** Throws what `inviteUser` throws for this user. */
export function requireInvitable(ctx: With<'principal' | 'now' | 'config'>, user: User): void {
  if (user.disabled) throw new Refusal('user.disabled')
  if (user.secondFactorAt !== null) throw new Refusal('user.already_enrolled')
  requireFreshAuthenticationToGrant(ctx, user.role)
}

/** Issues and records an invitation, inside a transaction. `user` must be current, since the link holds their credential epoch. */
export async function issueInvitation(ctx: ChangeDeps, user: User, wish: InvitationWish = {}): Promise<Invitation> {
  const { subject, credentialEpoch: epoch } = user
  await withdrawLinks(ctx, { purpose: 'invitation', subject })
  const lifetime = wish.lifetime ?? ctx.config.invitationLifetime
  const { link, token } = await issueLink(ctx, { purpose: 'invitation', subject, epoch, lifetime })
  await recordAbout(ctx, user, 'invitation.issued', { expires_at: toRfc3339(link.expiresAt) })
  return { token, expiresAt: link.expiresAt }
}

/** Returns by subject when the last invitation of each invited user expires, or expired. */
export async function invitationEnds(ctx: With<'db'>, users: readonly User[]): Promise<ReadonlyMap<string, Instant>> {
  const invited = users.filter((user) => statusOf(user) === 'invited').map(({ subject }) => subject)
  return invited.length === 0 ? new Map() : selectInvitationEnds(ctx.db, invited)
}
