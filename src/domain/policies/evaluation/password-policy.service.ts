// How long passwords must be, which depends on whether a second factor stands beside them.
import type { PasswordPolicy } from '#domain/factors/password/password.ts'
import type { With } from '#foundation/context.ts'
import { passwordMinimum } from '../policy.service.ts'
import { policyForEveryone } from './user-policy.service.ts'

const LONGEST_PASSWORD = 256
/** NIST SP 800-63B-4 §3.1.1.2: fewest characters of a password that stands alone, and beside a second factor. */
const SHORTEST_ALONE = 15
const SHORTEST_BESIDE = 8

/**
 * Returns how long a new password must and may be, in code points. The setting can only raise the minimum of NIST. It is the same for every
 * user, so that it reveals nothing of one: where anyone may go without a second factor, each password must be able to stand alone.
 */
export async function passwordPolicy(ctx: With<'db' | 'now' | 'config'>): Promise<PasswordPolicy> {
  const { secondFactor } = await policyForEveryone(ctx)
  const minimum = secondFactor === 'optional' ? minimumAlone(ctx) : Math.max(passwordMinimum(ctx), SHORTEST_BESIDE)
  return { minimum, maximum: LONGEST_PASSWORD }
}

/** Returns how long each new password must be while a policy makes the second factor optional for everyone. */
export function minimumAlone(ctx: With<'config'>): number {
  return Math.max(passwordMinimum(ctx), SHORTEST_ALONE)
}
