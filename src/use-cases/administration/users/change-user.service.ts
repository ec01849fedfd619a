// Changes a user.
import { narrowApiTokens } from '#domain/api-tokens/api-token.service.ts'
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import { changesIn, type GivenValues } from '#domain/attributes/attribute-value.ts'
import { valuedAttributes, writeValues } from '#domain/attributes/attribute-values.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { notifyOfAdminChange } from '#domain/notices/email-change.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { requireReducible } from '#domain/policies/store/named-scope.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { endSessionsOf } from '#domain/sessions/session.service.ts'
import { fieldErrorsInExpiry, isExpired } from '#domain/users/account-expiry.ts'
import { requireOtherAdmin } from '#domain/users/acting-admins.service.ts'
import {
  changeEvent,
  type Differing,
  differing,
  fieldErrorsInProfile,
  type ProfileChanges,
} from '#domain/users/profile.ts'
import { requireNamesAvailable, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { actorOf, type Permission } from '#foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { requireOtherUser, type UserRef, withTargetUser } from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { requireFreshAuthenticationToGrant, requireGrantableRole } from '../access/role-grant.service.ts'

/** What an admin may change of a user. Values of attributes that are left out stay. */
export type WantedChanges = ProfileChanges & { readonly attributes?: GivenValues | undefined }

export interface ChangedUser extends User {
  /** Whether an open invitation has ended, because it went to the former email. */
  readonly invitationWithdrawn: boolean
}

/**
 * Changes a user. Another email ends what was mailed to the former one, the invitation too. Another role ends their sessions and removes from their API tokens the scopes that either role does not allow. Throws
 * `user.not_found`, `request.validation_failed`, `user.username_taken`, `user.email_taken`; for another role `user.own_account` (where mail is
 * on, also for another email), `user.last_admin`, `role.grant_forbidden`, `role.beyond_own`, `role.policy_needed` (the user leaves a role that a
 * policy names) and `access.reauthentication_required` (for that, and for a role with permissions); with a precondition
 * `resource.stale`. An end of the account throws as another role does, for a user with permissions; its lifting ends what was open before.
 */
export async function changeUser(
  ctx: ChangeDeps,
  ref: UserRef,
  wanted: WantedChanges,
  precondition?: Precondition<User>,
): Promise<ChangedUser> {
  requireNoFieldErrors(fieldErrorsInProfile({ locale: wanted.locale, timeZone: wanted.timeZone }))
  return withTargetUser(ctx, ref, 'user.changed', (tx, user) => applyChanges(tx, user, wanted), precondition)
}

async function applyChanges(ctx: InTransaction<ChangeDeps>, user: User, wanted: WantedChanges): Promise<ChangedUser> {
  const { attributes = {}, ...profile } = wanted
  const changes = differing(user, profile)
  if (Object.keys(changes).length === 0) {
    return { ...(await applyValues(ctx, user, attributes)), invitationWithdrawn: false }
  }
  const given = changes.role === undefined ? [] : await requireRoleChange(ctx, user, changes.role)
  if (changes.expiresAt !== undefined) await requireExpiryChange(ctx, user, changes.expiresAt)
  // Where mail is on, one's own email waits for its confirmation: a stolen session would else turn the notices away at once.
  if (changes.email !== undefined && isMailOn(ctx.config)) requireOtherUser(ctx.principal, user)
  if (given.length > 0 || isCovered(user, changes, actorOf(ctx.principal))) {
    // A request that would be refused when it is carried out must not wait for a second admin.
    const shown = await valuedAttributes(ctx, user.subject, BY_ADMIN.audience)
    requireNoFieldErrors([...fieldErrorsInProfile(changes), ...changesIn(shown, attributes, BY_ADMIN).errors])
    await requireNamesAvailable(ctx, { id: user.id, username: changes.username, email: changes.email })
    await requireApproval(ctx, { kind: 'change', values: requested(changes, attributes) }, user)
  }
  if (changes.role !== undefined) await endSessionsOf(ctx, user.subject)
  // Sessions, attempts and links that the end of the account has stopped must not work again when it is lifted.
  const revived = changes.expiresAt !== undefined && isExpired(user, ctx.now)
  const changed = await updateUser(ctx, user, changes, revived ? { bumpEpoch: true } : {})
  await writeValues(ctx, changed, attributes, BY_ADMIN)
  const event = changeEvent(user, changed, changes)
  // Also at a promotion: scopes that an externally written role did not allow must not become valid again.
  const narrowed = changes.role === undefined ? {} : { api_tokens: await narrowApiTokens(ctx, user, changed) }
  if (changes.username !== undefined) await notifyUser(ctx, changed, 'username-changed')
  const invitationWithdrawn = changes.email !== undefined && (await notifyOfAdminChange(ctx, user, changed))
  const withdrawn = invitationWithdrawn ? { invitation: 'withdrawn' } : {}
  const ending = changes.role !== undefined || revived ? {} : undefined
  await recordEvent(ctx, { ...event, details: { ...event.details, ...narrowed, ...withdrawn }, ending })
  return { ...changed, invitationWithdrawn }
}

/** An admin gives the values, and their errors are at the keys below the field `attributes`. */
const BY_ADMIN = { audience: 'admin', prefix: '/attributes/' } as const

/** A change of values alone needs no second admin: no account is taken over by them. It raises the revision (lost update). */
async function applyValues(ctx: InTransaction<ChangeDeps>, user: User, attributes: GivenValues): Promise<User> {
  return (await writeValues(ctx, user, attributes, BY_ADMIN)) ? updateUser(ctx, user, {}) : user
}

async function requireRoleChange(
  ctx: InTransaction<ChangeDeps>,
  user: User,
  role: string,
): Promise<readonly Permission[]> {
  const given = await requireGrantableRole(ctx, role, user.role)
  await requireReducible(ctx, 'role', user.role)
  if (role !== 'admin') await requireOtherAdmin(ctx, user)
  requireFreshAuthenticationToGrant(ctx, given)
  requireOtherUser(ctx.principal, user)
  return given
}

/** What gives no attacker a way to take an account over. A field that is added later is covered until it stands here. */
const EXEMPT: ReadonlySet<string> = new Set(['fullName', 'locale', 'timeZone'])

/**
 * Another role or end takes permissions or gives them back, the email of a user with permissions is where links to their account go, and with
 * another username a user who is signed out does not know how to sign in.
 */
function isCovered(user: User, changes: Differing, actor: string | null): boolean {
  if (!isPrivileged(user)) return false
  return (
    changes.role !== undefined || (actor !== user.subject && Object.keys(changes).some((field) => !EXEMPT.has(field)))
  )
}

function requested(changes: Differing, attributes: GivenValues): ApprovalValues['change'] {
  const { username, email, role, locale, fullName, timeZone, expiresAt } = changes
  const given = Object.keys(attributes).length > 0 ? attributes : undefined
  return { username, email, role, locale, fullName, timeZone, expiresAt, attributes: given }
}

// The end is also refused for the own account, so that an admin whose account ends cannot make it last.
async function requireExpiryChange(
  ctx: InTransaction<ChangeDeps>,
  user: User,
  expiresAt: Instant | null,
): Promise<void> {
  requireNoFieldErrors(fieldErrorsInExpiry(expiresAt, ctx.now))
  requireOtherUser(ctx.principal, user)
  requireFreshAuthenticationToGrant(ctx, user.rolePermissions)
  if (expiresAt !== null) await requireOtherAdmin(ctx, user, expiresAt)
}
