// What pages say to a user about policies: before a deadline that will stop them, and when it has.
import type { With } from '../../foundation/context.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { selectPlannedInstants } from './asking.queries.ts'
import { demandAt } from './demand.ts'
import { whyStopped } from './enough.ts'
import { heldFactors } from './second-factor-counts.service.ts'
import { versionInForce } from './policy.ts'
import type { AllowableFactor } from './policy.ts'
import { scopeKey } from './scope.ts'
import { concerningVersions, userPolicy } from './stored-policy.service.ts'
import type { Concerned } from './stored-policy.service.ts'

/** The only second factor that is allowed, or any. */
export type NeededFactor = AllowableFactor | 'any'

export interface AskedOfUser {
  /** From when on the user needs it. */
  readonly at: Instant
  readonly needs: NeededFactor
}

type Deps = With<'db' | 'now' | 'config'>

/** Returns the first deadline at which the user would be stopped who is not stopped now; undefined if there is none. */
export async function upcomingDeadline(ctx: Deps, user: Concerned): Promise<AskedOfUser | undefined> {
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
export async function stoppedSince(ctx: Deps, user: Concerned): Promise<AskedOfUser | undefined> {
  const held = await heldFactors(ctx, user.subject)
  const policy = await userPolicy(ctx, user)
  if (whyStopped(policy, held) === undefined) return undefined
  const isAsking = (versions: Parameters<typeof demandAt>[0]): boolean => {
    const demand = demandAt(versions, ctx.now)
    if (demand === undefined) return false
    if (held.apps + held.passkeys === 0) return demand.asksForOne
    return (
      (held.apps > 0 && demand.forbidden.includes('totp')) ||
      (held.passkeys > 0 && demand.forbidden.includes('passkey'))
    )
  }
  const applied = (await concerningVersions(ctx, user)).filter(
    ({ exemptUntil }) => exemptUntil === null || exemptUntil <= ctx.now,
  )
  const byPolicy = Object.values(Object.groupBy(applied, ({ policyId }) => policyId))
  const begun = byPolicy.flatMap((versions = []) => {
    const version = versionInForce(versions, ctx.now)
    return version !== undefined && isAsking(versions) ? [version.inForceFrom] : []
  })
  return begun.length === 0 ? undefined : { at: Math.min(...begun), needs: neededOf(policy.factors) }
}

function neededOf(factors: readonly AllowableFactor[]): NeededFactor {
  const [only, ...others] = factors
  return only === undefined || others.length > 0 ? 'any' : only
}
