import type { PrincipalUser } from '../../../foundation/kernel/principal.ts'
import { representationTag } from '../../../domain/users/optimistic-locking.ts'

/** Identifies the state that the profile form shows; it changes when one of the form's fields does. */
export function profileTag({ username, email, fullName, locale, timeZone }: PrincipalUser): string {
  return representationTag([username, email, fullName, locale, timeZone])
}
