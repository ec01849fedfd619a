// Who could not use an app: why, and by which counts. Tested in test/attacks/app-access-check.test.ts.
import { type AppAccess, type Restriction, RESTRICTIONS, restrictionOf } from '#domain/clients/app-access.ts'
import type { AllRequirements } from '../policy-rollout/plan.ts'

/**
 * Why a user could not use an app: by its roles and groups, because the account has no factor of the required level, or because the policies of the
 * user do not allow one.
 */
export const ACCESS_REASONS = [...RESTRICTIONS, 'no_second_factor', 'no_passkey', 'passkey_not_allowed'] as const
export type AccessReason = (typeof ACCESS_REASONS)[number]

/** A change of who can use an app, and what decides about it. */
export interface AccessQuestion {
  readonly before: AppAccess
  readonly after: AppAccess
  /** What the policies require now. */
  readonly current: AllRequirements
  /** The admin who can still sign in although the account has ended; undefined if there is none. */
  readonly keptAdmin: number | undefined
}

/** Returns the reasons for which users could not use an app, in the order in which one is named that has several. */
export function reasonsOf(access: AppAccess): AccessReason[] {
  const restriction: Restriction | undefined = restrictionOf(access)
  return [...(restriction === undefined ? [] : [restriction]), ...LACKING[access.leastAssurance ?? 'nothing']]
}

const LACKING = {
  nothing: [],
  'two-factors': ['no_second_factor'],
  'phishing-resistant': ['passkey_not_allowed', 'no_passkey'],
} as const satisfies Record<string, readonly AccessReason[]>

/** How many users could not use the app for this reason. */
export interface ReasonCount {
  readonly reason: AccessReason
  readonly users: number
  /** How many of them can use it now. */
  readonly newly: number
}

export interface AccessCheck {
  /** How many users can sign in now: enabled, not expired, joined, and stopped by no policy. */
  readonly users: number
  readonly counts: readonly ReasonCount[]
}

/** Returns how many users could not use the app. */
export function refusedIn({ counts }: Pick<AccessCheck, 'counts'>): number {
  return counts.reduce((sum, { users }) => sum + users, 0)
}

/** Returns how many of them can use it now. */
export function newlyRefusedIn({ counts }: Pick<AccessCheck, 'counts'>): number {
  return counts.reduce((sum, { newly }) => sum + newly, 0)
}
