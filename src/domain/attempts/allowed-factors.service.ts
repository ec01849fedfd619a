// Which factors an attempt may enrol, by the policies for its user.
import type { With } from '../../foundation/context.ts'
import { permissionsOfRole } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import { canHavePasskeys } from '../factors/passkeys/relying-party.ts'
import type { AllowableFactor } from '../policies/policy.ts'
import { stoppedSince } from '../policies/asking.service.ts'
import type { AskedOfUser } from '../policies/asking.service.ts'
import { userPolicy } from '../policies/stored-policy.service.ts'
import { readAttempt } from './attempt.service.ts'
import type { ReadAttempt } from './attempt.service.ts'

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

// A set-up creates an admin, a registration a user; no group has them yet.
async function allowedFactors(ctx: Deps, { attempt, user }: ReadAttempt): Promise<readonly AllowableFactor[]> {
  const role = attempt.purpose === 'set-up' ? 'admin' : 'user'
  const created = { subject: attempt.subject, role, rolePermissions: permissionsOfRole(role) } as const
  const { factors } = await userPolicy(ctx, user ?? created)
  return factors
}
