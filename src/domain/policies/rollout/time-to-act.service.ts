// Evaluates whether a change of the policies of one user stops a user with permissions before they had time to act.
import { isPrivileged } from '#domain/roles/role.ts'
import type { With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { heldFactors } from '../evaluation/second-factor-counts.service.ts'
import { configuredPolicy, twoPersonRule } from '../policy.service.ts'
import type { EvaluatedUser } from '../policy.ts'
import { applicableVersions } from '../store/stored-policy.service.ts'
import { stopsSoon } from './time-to-act.ts'

/**
 * Makes a change that may bring a user under a policy; returns its result, and whether it needs a second admin: under the two-person rule, if it
 * stops a user with permissions other than the principal at once or within a week. The caller then rolls the transaction back.
 */
export async function checkingStops<Result>(
  ctx: With<'db' | 'now' | 'config' | 'principal'>,
  user: EvaluatedUser,
  change: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly stops: boolean }> {
  const isRuled = twoPersonRule(ctx).isOn && ctx.principal.kind !== 'approved'
  const isOther = isPrivileged(user) && user.subject !== actorOf(ctx.principal)
  if (!isRuled || !isOther) return { result: await change(), stops: false }
  const before = await applicableVersions(ctx, user)
  const result = await change()
  const after = await applicableVersions(ctx, user)
  const held = await heldFactors(ctx, user.subject)
  const evaluated = { configured: configuredPolicy(ctx), held, hasPermissions: true, now: ctx.now }
  return { result, stops: stopsSoon(before, after, evaluated) }
}
