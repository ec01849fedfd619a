import { decidingFactors } from '#domain/policies/evaluation/second-factor-counts.service.ts'
import { stepAfterFactors, type StepByPolicy } from '#domain/policies/evaluation/sufficient-factors.ts'
import type { UserPolicy } from '#domain/policies/policy.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'

/** Returns where the verified factors of a user lead by the policies. */
export async function stepByPolicy(
  ctx: With<'db'>,
  user: Pick<User, 'subject' | 'secondFactorAt' | 'passkeyAt'>,
  { policy, methods }: { readonly policy: UserPolicy; readonly methods: readonly string[] },
): Promise<StepByPolicy> {
  return stepAfterFactors(policy, methods, await decidingFactors(ctx, policy, user))
}
