// The end of an account: from this instant on the user cannot sign in. It is checked at each access, so no job has to run.
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { EXPIRY_WARNINGS } from '#foundation/kernel/stated-limits.ts'
import { type Duration, type Instant, LAST_INSTANT } from '#foundation/kernel/time.ts'

/** Whether the end has been reached; at the instant `expiresAt` itself it has. The last admin stays (`isShutOut`). */
export function isExpired({ expiresAt }: Pick<PrincipalUser, 'expiresAt'>, now: Instant): boolean {
  return expiresAt !== null && now >= expiresAt
}

/** Whether the user has an admin's permissions, apart from the end of the account. */
export function isActingAdmin({
  role,
  secondFactorAt,
  disabled,
}: Pick<PrincipalUser, 'role' | 'secondFactorAt' | 'disabled'>): boolean {
  return role === 'admin' && secondFactorAt !== null && !disabled
}

/** Why a user cannot sign in, as events record it. Both have the same answer, so that it does not reveal which one applies. */
export type ShutOutReason = 'disabled' | 'account_expired'

/** Returns the error of a new end, at `/expires_at`: it lies in the future, since an account is ended at once by disabling it. */
export function fieldErrorsInExpiry(expiresAt: Instant | null | undefined, now: Instant): FieldError[] {
  if (expiresAt === null || expiresAt === undefined) return []
  return expiresAt > now && expiresAt <= LAST_INSTANT ? [] : [{ pointer: '/expires_at', code: 'user.expiry_past' }]
}

/** What a user or the admins are notified of about an end; each notice at most once. */
export const EXPIRY_NOTICES = [
  { stage: 1, before: EXPIRY_WARNINGS[0] },
  { stage: 2, before: EXPIRY_WARNINGS[1] },
  { stage: 3, before: 0 },
] as const satisfies readonly { readonly stage: number; readonly before: Duration }[]
export type ExpiryStage = (typeof EXPIRY_NOTICES)[number]['stage']
