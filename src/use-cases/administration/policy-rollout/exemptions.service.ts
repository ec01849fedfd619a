// What admins decide on exemptions: who need not meet a policy for a while, and why.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { configuredPolicy } from '#domain/policies/policy.service.ts'
import type { Requirement } from '#domain/policies/policy.ts'
import { isOfUse, requirementUntil } from '#domain/policies/rollout/exemption-effect.ts'
import { findExemption, putExemption, removeExemption } from '#domain/policies/rollout/exemption.service.ts'
import type { Exemption, NewExemption } from '#domain/policies/rollout/exemption.ts'
import { checkingStops } from '#domain/policies/rollout/time-to-act.service.ts'
import { readStoredPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { lockScope } from '#domain/policies/store/policy-validity.service.ts'
import { applicableVersions, type StoredPolicy, versionsIn } from '#domain/policies/store/stored-policy.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { readUser, recordAbout, type UserRef, withTargetUser } from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { type ExemptRow, selectExempt } from './exemptions.view.ts'

export interface ExemptUser extends Omit<ExemptRow, 'policies'> {
  /** The most that is required of the user's second factor until the exemption ends; once it has ended, what is required now. */
  readonly asked: Requirement
}

export interface ExemptPage {
  readonly items: readonly ExemptUser[]
  /** The id of the user after which the next page begins; null on the last page. */
  readonly next: number | null
}

/** Returns one page of the users who are or were exempt from a policy. Throws `policy.not_found`. */
export async function pageExempt(
  ctx: With<'db' | 'now' | 'config'>,
  policyId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<ExemptPage> {
  await readStoredPolicy(ctx, policyId)
  const found = await selectExempt(ctx.db, policyId, { after, limit: limit + 1 })
  const items = found.slice(0, limit).map(({ policies, ...row }) => {
    return {
      ...row,
      asked: requirementUntil(configuredPolicy(ctx), versionsIn(policies), spanOf(ctx, row.user, row.endsAt)),
    }
  })
  return { items, next: found.length > limit ? (items.at(-1)?.user.id ?? null) : null }
}

/** Returns a user with the exemption that they have from a policy. Throws `policy.not_found`, `user.not_found`. */
export async function readExemption(
  ctx: With<'db'>,
  policyId: string,
  ref: UserRef,
): Promise<{ readonly policy: StoredPolicy; readonly user: User; readonly exemption: Exemption | undefined }> {
  const policy = await readStoredPolicy(ctx, policyId)
  const user = await readUser(ctx, ref)
  return { policy, user, exemption: await findExemption(ctx, { policyId, subject: user.subject }) }
}

/**
 * Exempts a user from a policy until the end, instead of an earlier exemption. A user with permissions needs a second factor all the same.
 * Throws `policy.not_found`, `user.not_found`, `policy.own_exemption`, `request.validation_failed` and `policy.exemption_useless`. An earlier
 * end than before needs a second admin under the two-person rule, if it stops a user with permissions within a week.
 */
export function exemptUser(ctx: ChangeDeps, policyId: string, ref: UserRef, wanted: NewExemption): Promise<ExemptUser> {
  return withTargetUser(ctx, ref, 'policy.exempted', (tx, user) =>
    giveExemption(tx, user, policyId, { ...wanted, byHelp: false }),
  )
}

/**
 * Exempts a user in the transaction of the change. Throws what `exemptUser` throws.
 * @param wanted `byHelp`: whether the help desk gives it, which its event says
 * @param check throws if the exemption must not be given; no other transaction changes the policies before this one ends
 */
export async function giveExemption(
  tx: InTransaction<ChangeDeps>,
  user: User,
  policyId: string,
  { byHelp, ...wanted }: NewExemption & Pick<Exemption, 'byHelp'>,
  check?: (tx: InTransaction<ChangeDeps>, user: User, policyId: string) => Promise<void>,
): Promise<ExemptUser> {
  // Without the lock an exemption could be stored while the policy is deleted, and would stay.
  await lockFor(tx.db, 'policies')
  await check?.(tx, user, policyId)
  const policy = await readStoredPolicy(tx, policyId)
  requireAnother(tx, user)
  await lockScope(tx, policy)
  const put = () => putExemption(tx, { policyId, subject: user.subject, byHelp }, wanted)
  const { result: exemption, stops } = await checkingStops(tx, user, put)
  const { reason, endsAt, createdAt: exemptSince, createdBy } = exemption
  const asked = await requireOfUse(tx, user, policy, exemption)
  const about = { policy: policy.name, policy_id: policyId, ends_at: toRfc3339(endsAt), exempt_because: reason }
  const details = { ...about, ...(byHelp && { by_help: true }) }
  await recordAbout(tx, user, 'policy.exempted', details)
  const values = { policy: policy.name, policyId, endsAt }
  if (stops) await requireApproval(tx, { kind: 'exempt', reason, values }, user)
  return { user, reason, endsAt, exemptSince, createdBy, byHelp, asked }
}

/**
 * Returns the most that is required of the user until the exemption ends. Throws `policy.exemption_useless`, which rolls the exemption back, if
 * that is no less than without it. A policy that does not apply to the user is evaluated as if it did: a user who is to join a group can be exempted first.
 */
async function requireOfUse(
  ctx: With<'db' | 'now' | 'config'>,
  user: User,
  { id: policyId, scope, versions: stored }: StoredPolicy,
  { endsAt, byHelp }: Pick<Exemption, 'endsAt' | 'byHelp'>,
): Promise<Requirement> {
  const others = (await applicableVersions(ctx, user)).filter((version) => version.policyId !== policyId)
  const own = stored.filter(({ cancelledAt }) => cancelledAt === null)
  const exempt = { scope, exemptUntil: endsAt, exemptByHelp: byHelp }
  const versions = [...others, ...own.map((version) => ({ ...version, ...exempt }))]
  const span = spanOf(ctx, user, endsAt)
  const asked = requirementUntil(configuredPolicy(ctx), versions, span)
  if (isOfUse(configuredPolicy(ctx), versions, { ...span, policyId })) return asked
  throw new Refusal('policy.exemption_useless', { secondFactor: asked })
}

function spanOf({ now }: With<'now'>, { rolePermissions }: User, until: Instant) {
  return { hasPermissions: rolePermissions.length > 0, now, until }
}

/**
 * Ends the exemption of a user from a policy. Throws `policy.not_found`, `user.not_found` and `policy.exemption_not_found`. It needs a second
 * admin as an earlier end does.
 */
export function unexemptUser(ctx: ChangeDeps, policyId: string, ref: UserRef): Promise<User> {
  return withTargetUser(ctx, ref, 'policy.unexempted', async (tx, user) => {
    // A policy that becomes stricter in a parallel transaction counts on the exemption (write skew).
    await lockFor(tx.db, 'policies')
    const policy = await readStoredPolicy(tx, policyId)
    await lockScope(tx, policy)
    const remove = () => removeExemption(tx, { policyId, subject: user.subject })
    const { stops } = await checkingStops(tx, user, remove)
    await recordAbout(tx, user, 'policy.unexempted', { policy: policy.name, policy_id: policyId })
    if (stops) await requireApproval(tx, { kind: 'unexempt', values: { policy: policy.name, policyId } }, user)
    return user
  })
}

// An admin who could exempt themself would be under no policy that they make for others.
function requireAnother({ principal }: With<'principal'>, user: User): void {
  if (actorOf(principal) === user.subject) throw new Refusal('policy.own_exemption')
}
