import { newBreachCheck } from './breached-passwords.ts'
import type { IsBreached, RangeService } from './breached-passwords.ts'
import { commonPasswords } from './common-passwords.ts'

/** Lists of passwords that no user may choose. */
export interface KnownPasswords {
  /** Common passwords, in lower case. */
  common(): Promise<ReadonlySet<string>>
  readonly isBreached: IsBreached
}

/** The list of common passwords and the check by the range service. */
export function newKnownPasswords(service: RangeService): KnownPasswords {
  return { common: commonPasswords, isBreached: newBreachCheck(service) }
}
