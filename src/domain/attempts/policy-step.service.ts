import type { With } from '../../foundation/context.ts'
import { afterFactors, NO_FACTORS, usesOnlyDisallowed } from '../policies/enough.ts'
import type { StepByPolicy } from '../policies/enough.ts'
import { heldFactors } from '../policies/second-factor-counts.service.ts'
import type { UserPolicy } from '../policies/policy.ts'
import type { User } from '../users/user.ts'

/** Returns where the verified factors of a user lead by the policies. The factors that the user holds are read only if they decide. */
export async function stepByPolicy(
  ctx: With<'db'>,
  { subject }: Pick<User, 'subject'>,
  { policy, methods }: { readonly policy: UserPolicy; readonly methods: readonly string[] },
): Promise<StepByPolicy> {
  const held = usesOnlyDisallowed(policy, methods) ? await heldFactors(ctx, subject) : NO_FACTORS
  return afterFactors(policy, methods, held)
}
