import { newBreachCheck } from './breached-passwords.ts'
import type { IsBreached, RangeService } from './breached-passwords.ts'
import { commonPasswords } from './common-passwords.ts'

/** What is known of passwords in general, whoever chooses one. */
export interface KnownPasswords {
  /** Those that many people use, in lower case. */
  common(): Promise<ReadonlySet<string>>
  readonly isBreached: IsBreached
}

export function newKnownPasswords(service: RangeService): KnownPasswords {
  return { common: commonPasswords, isBreached: newBreachCheck(service) }
}
