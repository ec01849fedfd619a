import { ALLOWABLE_FACTORS } from '../../../src/domain/policies/policy.ts'
import type { UserPolicy } from '../../../src/domain/policies/policy.ts'
import { hours, minutes } from '../../../src/foundation/kernel/time.ts'

/** What a configuration without policies requires. */
export const DEFAULT_TERMS: UserPolicy = {
  secondFactor: 'required',
  factors: ALLOWABLE_FACTORS,
  sessionIdle: hours(1),
  sessionAbsolute: hours(24),
  reauthentication: minutes(10),
  rememberFor: 0,
}
