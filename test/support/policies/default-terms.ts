import { ALLOWABLE_FACTORS, type UserPolicy } from '#domain/policies/policy.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'

/** What a configuration without policies requires. */
export const DEFAULT_TERMS: UserPolicy = {
  secondFactor: 'required',
  factors: ALLOWABLE_FACTORS,
  sessionIdle: hours(1),
  sessionAbsolute: hours(24),
  reauthentication: minutes(10),
  rememberFor: 0,
}
