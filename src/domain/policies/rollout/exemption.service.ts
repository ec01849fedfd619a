// Gives and takes exemptions from policies. Sessions are evaluated at each access, so both take effect at once.
import type { InTransaction, With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { deleteExemptionRow, putExemptionRow, selectExemption } from './exemption.queries.ts'
import { type Exemption, fieldErrorsInExemption, type NewExemption } from './exemption.ts'

/** Exempts a user from a policy until the end, instead of an earlier exemption. Throws `request.validation_failed`. */
export async function putExemption(
  ctx: InTransaction<With<'db' | 'now' | 'principal'>>,
  { policyId, subject, byHelp }: Pick<Exemption, 'policyId' | 'subject' | 'byHelp'>,
  wanted: NewExemption,
): Promise<Exemption> {
  requireNoFieldErrors(fieldErrorsInExemption(wanted, ctx.now))
  const given = { reason: wanted.reason.trim(), endsAt: wanted.endsAt }
  const exemption = { policyId, subject, byHelp, ...given, createdAt: ctx.now, createdBy: actorOf(ctx.principal) }
  await putExemptionRow(ctx.db, exemption)
  return exemption
}

/** Ends the exemption of a user from a policy. Throws `policy.exemption_not_found`. */
export async function removeExemption(
  ctx: With<'db'>,
  { policyId, subject }: Pick<Exemption, 'policyId' | 'subject'>,
): Promise<void> {
  if (!(await deleteExemptionRow(ctx.db, policyId, subject))) throw new Refusal('policy.exemption_not_found')
}

/** Returns the exemption of a user from a policy, ended or not; undefined if there is none. */
export function findExemption(
  ctx: With<'db'>,
  { policyId, subject }: Pick<Exemption, 'policyId' | 'subject'>,
): Promise<Exemption | undefined> {
  return selectExemption(ctx.db, policyId, subject)
}
