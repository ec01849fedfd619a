// Runs one action on several users, one after the other. A refusal for one user does not stop the others.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { requireOtherUser } from '../access/access.service.ts'
import { requireFreshAuthenticationToGrant, requireMayManage } from '../access/role-grant.service.ts'
import { disableUser, enableUser, signOutUser } from '../account-status/account-status.service.ts'
import { addGroupMember, requireGroupsPermission } from '../groups/groups.service.ts'
import { inviteUser, mailInvitation, requireInvitable } from '../invitations/invitation.service.ts'
import type { Delivery, Invitation, MailedInvitation } from '../invitations/invitation.ts'
import { selectUsersById } from '../users/user-list.view.ts'

/** In the order of the buttons: destructive actions come last. */
export const BULK_ACTIONS = ['invite', 'enable', 'add-to-group', 'sign-out', 'disable'] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]

/** Whether the action ends sessions, so that its button is marked as dangerous. */
export function takesAway(action: BulkAction): boolean {
  return action === 'disable' || action === 'sign-out'
}

/** Limit of users in one bulk action: each is a transaction of its own, and the response waits for all of them. */
export const MOST_AT_ONCE = 200

type Outcome =
  | { readonly outcome: 'done'; readonly invitation?: Invitation; readonly mailed?: MailedInvitation }
  /** The user already had the requested state. */
  | { readonly outcome: 'unchanged' }
  /** A request was made, which waits for a second admin. */
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

export type Report = { readonly user: User } & Outcome

export interface BulkWish {
  readonly action: BulkAction
  readonly ids: readonly number[]
  /** The lifetime of invitations in milliseconds; the configured one if left out. */
  readonly lifetime?: Duration | undefined
  /** How the links of invitations reach the users; shown if left out. */
  readonly delivery?: Delivery | undefined
  /** The language of mails to users who have none. */
  readonly locale?: string | undefined
  /** The id of the group to which users are added. */
  readonly group?: string | undefined
}

/** Returns the existing users among the first 200 ids, by username. */
export function selectedUsers(ctx: With<'db'>, ids: readonly number[]): Promise<User[]> {
  return selectUsersById(ctx.db, ids.slice(0, MOST_AT_ONCE))
}

/**
 * Returns what the action will do to each user, as far as their rows say. Nothing is changed: sessions that have ended and changes by
 * other admins show in the report only.
 */
export async function foreseeOnUsers(ctx: ChangeDeps, { action, ids }: BulkWish): Promise<Report[]> {
  const users = await selectedUsers(ctx, ids)
  return users.map((user) => ({ user, ...foresee(ctx, action, user) }))
}

function foresee(ctx: ChangeDeps, action: BulkAction, user: User): Outcome {
  try {
    if (user.disabled ? action === 'disable' : action === 'enable') return { outcome: 'unchanged' }
    // A group gives no permissions, so everyone can be added by a principal who changes groups.
    if (action === 'add-to-group') requireGroupsPermission(ctx.principal)
    else requireMayManage(ctx.principal, user.rolePermissions)
    if (takesAway(action)) requireOtherUser(ctx.principal, user)
    if (action === 'enable') requireFreshAuthenticationToGrant(ctx, user.rolePermissions)
    if (action === 'invite') requireInvitable(ctx, user)
    return { outcome: 'done' }
  } catch (error) {
    return refusedOutcome(error)
  }
}

/** Runs the action on each user in a transaction of its own; returns a report for each. */
export async function actOnUsers(ctx: ChangeDeps, wish: BulkWish): Promise<Report[]> {
  return Array.fromAsync(await selectedUsers(ctx, wish.ids), async (user) => {
    const outcome = await act(ctx, wish, user).catch(refusedOutcome)
    await nextTurn()
    return { user, ...outcome }
  })
}

function refusedOutcome(refusal: unknown): Outcome {
  if (refusal instanceof Refusal && refusal.kind === 'waiting') return { outcome: 'waiting' }
  if (refusal instanceof Refusal) return { outcome: 'refused', refusal }
  throw refusal
}

async function act(
  ctx: ChangeDeps,
  { action, lifetime, delivery, locale, group = '' }: BulkWish,
  user: User,
): Promise<Outcome> {
  switch (action) {
    case 'disable':
      await disableUser(ctx, user)
      return { outcome: user.disabled ? 'unchanged' : 'done' }
    case 'enable':
      await enableUser(ctx, user)
      return { outcome: user.disabled ? 'done' : 'unchanged' }
    case 'add-to-group':
      return { outcome: (await addGroupMember(ctx, group, user)) ? 'done' : 'unchanged' }
    case 'sign-out':
      // An admin who selects all users would otherwise end their own session in the middle of the action.
      requireOtherUser(ctx.principal, user)
      return { outcome: (await signOutUser(ctx, user)) === 0 ? 'unchanged' : 'done' }
    case 'invite':
      if (delivery === 'mail')
        return { outcome: 'done', mailed: (await mailInvitation(ctx, user, { lifetime, locale })).mailed }
      return { outcome: 'done', invitation: (await inviteUser(ctx, user, { lifetime })).invitation }
  }
}
