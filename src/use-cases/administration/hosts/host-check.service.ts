// Tries a request at a protected host, by the users as they are now.
import { groupsAmong } from '#domain/groups/membership.service.ts'
import type { HostRequest } from '#domain/hosts/host-rule.ts'
import type { ProtectedHost } from '#domain/hosts/host.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { type AssuranceLevel, highestAssuranceOf } from '#foundation/kernel/assurance.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { type CheckedVisitor, checkRequest, type HostCheck } from './host-check.ts'

export interface HostTrial extends HostRequest {
  /** Undefined for a visitor who is not signed in. */
  readonly user?: User | undefined
  /** What the visitor's last authentication reached; what the account can reach if left out. */
  readonly level?: AssuranceLevel | undefined
  /** How long ago it was; just now if left out. */
  readonly age?: Duration | undefined
}

type Deps = With<'db' | 'now' | 'principal'>

/**
 * Returns what would become of a request. Throws `access.insufficient_permissions` for a user whom the principal may not see, since the answer
 * reveals role, groups and factors.
 */
export async function tryRequest(
  ctx: Deps,
  { rules }: Pick<ProtectedHost, 'rules'>,
  { user, level, age, ...request }: HostTrial,
): Promise<HostCheck> {
  if (user !== undefined) requireMaySeeUsers(ctx)
  const visitor = user && (await visitorOf(ctx, { user, level, age }, rules))
  return checkRequest(rules, request, visitor, ctx.now)
}

/** Throws `access.insufficient_permissions`. To be called before a user is looked up, so that names cannot be probed (enumeration). */
export function requireMaySeeUsers({ principal }: With<'principal'>): void {
  if (!permissionsOf(principal).includes('users:read')) throw new Refusal('access.insufficient_permissions')
}

async function visitorOf(
  ctx: Deps,
  { user, level, age = 0 }: Pick<HostTrial, 'level' | 'age'> & { readonly user: User },
  rules: ProtectedHost['rules'],
): Promise<CheckedVisitor> {
  const named = rules.flatMap(({ who, names }) => (who === 'groups' ? names : []))
  return {
    role: user.role,
    groupIds: named.length === 0 ? [] : await groupsAmong(ctx, user.subject, named),
    isShutOut: (await whyShutOut(ctx, user)) !== undefined,
    level: level ?? highestAssuranceOf(user),
    authenticatedAt: ctx.now - age,
  }
}
