// Which factors an attempt may enrol, by the policies for its user.
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { type AskedOfUser, stoppedSince } from '#domain/policies/asking.service.ts'
import type { AllowableFactor, UserPolicy } from '#domain/policies/policy.ts'
import { policyInGroups, userPolicy } from '#domain/policies/stored-policy.service.ts'
import { registrationGroups } from '#domain/registrations/registration-groups.service.ts'
import { heldRole } from '#domain/roles/role.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type ReadAttempt, readAttempt } from './attempt.service.ts'

type Deps = With<'db' | 'now' | 'config'>

/** Returns the factors that the policies allow the user of an attempt, and that pages of this server can ask for. Throws as `readAttempt`. */
export async function enrollableFactors(ctx: Deps, token: Secret): Promise<AllowableFactor[]> {
  const allowed = await allowedFactors(ctx, await readAttempt(ctx, token, 'enrolment'))
  return allowed.filter((kind) => kind !== 'passkey' || canHavePasskeys(ctx.config))
}

/** Returns since when a stored policy stops the user of an attempt; undefined if none does. Throws as `readAttempt`. */
export async function askedAtEnrolment(ctx: Deps, token: Secret): Promise<AskedOfUser | undefined> {
  const { attempt, user } = await readAttempt(ctx, token, 'enrolment')
  return user === undefined || attempt.purpose !== 'sign-in' ? undefined : stoppedSince(ctx, user)
}

/** Throws `factor.not_allowed` if the policies for the user of the attempt do not allow this factor. */
export async function requireAllowed(ctx: Deps, read: ReadAttempt, kind: AllowableFactor): Promise<void> {
  if (!(await allowedFactors(ctx, read)).includes(kind)) throw new Refusal('factor.not_allowed')
}

async function allowedFactors(ctx: Deps, { attempt, user }: ReadAttempt): Promise<readonly AllowableFactor[]> {
  const { factors } = await (user === undefined ? policyOfCreated(ctx, attempt) : userPolicy(ctx, user))
  return factors
}

// A set-up creates an admin without groups. A registration creates a user in the groups of the setting, whose policies are asked already
// here: the completion evaluates them, and would refuse the factor that was set up.
async function policyOfCreated(ctx: Deps, { purpose, subject }: ReadAttempt['attempt']): Promise<UserPolicy> {
  if (purpose !== 'registration') return userPolicy(ctx, { subject, ...heldRole('admin', null) })
  const { found } = await registrationGroups(ctx)
  const joins = found.map(({ id }) => id)
  return policyInGroups(ctx, { subject, ...heldRole('user', null) }, joins)
}
