import type { With } from '../../foundation/context.ts'
import { afterFactors } from '../policies/enough.ts'
import type { StepByPolicy } from '../policies/enough.ts'
import { decidingFactors } from '../policies/second-factor-counts.service.ts'
import type { UserPolicy } from '../policies/policy.ts'
import type { User } from '../users/user.ts'

/** Returns where the verified factors of a user lead by the policies. */
export async function stepByPolicy(
  ctx: With<'db'>,
  user: Pick<User, 'subject' | 'secondFactorAt' | 'passkeyAt'>,
  { policy, methods }: { readonly policy: UserPolicy; readonly methods: readonly string[] },
): Promise<StepByPolicy> {
  return afterFactors(policy, methods, await decidingFactors(ctx, policy, user))
}
