import { narrowApiTokens } from '../../../domain/api-tokens/api-token.service.ts'
import { recordEvent } from '../../../domain/audit/audit.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { Role } from '../../../foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '../../../foundation/kernel/refusal.ts'
import { endSessionsOf } from '../../../domain/sessions/session.service.ts'
import { changeEvent, differing, faultsInProfile } from '../../../domain/users/profile.ts'
import type { ProfileChanges } from '../../../domain/users/profile.ts'
import type { Precondition } from '../../../domain/users/optimistic-locking.ts'
import { updateUser as writeUser, requireOtherAdmin } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import { withTargetUser, requireFreshAuthenticationToGrant, requireOtherUser } from '../access/access.service.ts'
import type { UserRef } from '../access/access.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Changes a user. Another role ends their sessions, takes from their API tokens what it may not do, is not for one's own
 * account, and is refused with `user.last_admin` when it would leave nobody to administer; `admin` is given only on a
 * recent proof. With a precondition the first lost race is `user.stale`.
 */
export async function changeUser(
  ctx: Deps,
  ref: UserRef,
  wanted: ProfileChanges,
  precondition?: Precondition,
): Promise<User> {
  requireNoFieldErrors(faultsInProfile({ locale: wanted.locale, timeZone: wanted.timeZone }))
  return withTargetUser(ctx, ref, 'user.changed', (tx, user) => applyChanges(tx, user, wanted), precondition)
}

async function applyChanges(ctx: Deps, user: User, wanted: ProfileChanges): Promise<User> {
  const changes = differing(user, wanted)
  if (Object.keys(changes).length === 0) return user
  if (changes.role !== undefined) await prepareRoleChange(ctx, user, changes.role)
  const changed = await writeUser(ctx, user, changes)
  const event = changeEvent(user, changed, changes)
  // At a promotion too: what a role that was typed into the row took away must not come back with it.
  const narrowed = changes.role === undefined ? {} : { api_tokens: await narrowApiTokens(ctx, user, changed) }
  await recordEvent(ctx, { ...event, details: { ...event.details, ...narrowed } })
  return changed
}

async function prepareRoleChange(ctx: Deps, user: User, role: Role): Promise<void> {
  if (role !== 'admin') await requireOtherAdmin(ctx, user)
  requireFreshAuthenticationToGrant(ctx, role)
  requireOtherUser(ctx.principal, user)
  await endSessionsOf(ctx, user.subject)
}
