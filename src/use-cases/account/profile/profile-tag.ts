import type { PrincipalUser } from '../../../foundation/kernel/principal.ts'
import { representationTag } from '../../../domain/users/form-precondition.ts'

/** Changes with what the form of one's own details shows. */
export function profileTag({ username, email, fullName, locale, timeZone }: PrincipalUser): string {
  return representationTag([username, email, fullName, locale, timeZone])
}
