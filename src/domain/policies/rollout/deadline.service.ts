// What pages say to a user about policies: before a deadline that will stop them, and when it has.
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { appliedPolicies } from '../evaluation/applied-policies.ts'
import { factorRequirementOf, type FactorTerms } from '../evaluation/factor-requirement.ts'
import { heldFactors } from '../evaluation/second-factor-counts.service.ts'
import { whyStopped } from '../evaluation/sufficient-factors.ts'
import { userPolicy } from '../evaluation/user-policy.service.ts'
import { configuredPolicy } from '../policy.service.ts'
import type { AllowableFactor, EvaluatedUser } from '../policy.ts'
import { scopeKey } from '../scope.ts'
import { applicableVersions } from '../store/stored-policy.service.ts'
import { selectPlannedInstants } from './deadline.queries.ts'

/** The only second factor that is allowed, or any. */
export type NeededFactor = AllowableFactor | 'any'

export interface RequiredFactor {
  /** From when on the user needs it. */
  readonly at: Instant
  readonly needs: NeededFactor
}

type Deps = With<'db' | 'now' | 'config'>

/** Returns the first deadline at which the user would be stopped who is not stopped now; undefined if there is none. */
export async function upcomingDeadline(ctx: Deps, user: EvaluatedUser): Promise<RequiredFactor | undefined> {
  const roleKey = scopeKey('role', user.role)
  const instants = await selectPlannedInstants(ctx.db, { subject: user.subject, roleKey, now: ctx.now })
  if (instants.length === 0) return undefined
  const held = await heldFactors(ctx, user.subject)
  if (whyStopped(await userPolicy(ctx, user), held) !== undefined) return undefined
  for (const at of instants) {
    const policy = await userPolicy({ ...ctx, now: at }, user)
    if (whyStopped(policy, held) !== undefined) return { at, needs: neededOf(policy.factors) }
  }
  return undefined
}

/** Returns since when a stored policy stops the user; undefined if none does, such as where the configuration asks. */
export async function stoppedSince(ctx: Deps, user: EvaluatedUser): Promise<RequiredFactor | undefined> {
  const held = await heldFactors(ctx, user.subject)
  const policy = await userPolicy(ctx, user)
  if (whyStopped(policy, held) === undefined) return undefined
  const canStopUser = (terms: FactorTerms): boolean => {
    const { requiresOne, forbidden } = factorRequirementOf(terms)
    if (held.apps + held.passkeys === 0) return requiresOne
    return (held.apps > 0 && forbidden.includes('totp')) || (held.passkeys > 0 && forbidden.includes('passkey'))
  }
  const applied = appliedPolicies(configuredPolicy(ctx), await applicableVersions(ctx, user), ctx.now)
  const begun = applied.flatMap(({ terms, since }) => (since !== null && canStopUser(terms) ? [since] : []))
  return begun.length === 0 ? undefined : { at: Math.min(...begun), needs: neededOf(policy.factors) }
}

function neededOf(factors: readonly AllowableFactor[]): NeededFactor {
  const [only, ...others] = factors
  return only === undefined || others.length > 0 ? 'any' : only
}
