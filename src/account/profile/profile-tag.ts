import type { PrincipalUser } from '../../kernel/caller.ts'
import { representationTag } from '../../users/as-shown.ts'

/** Changes with what the form of one's own details shows. */
export function profileTag({ username, email, fullName, locale, timeZone }: PrincipalUser): string {
  return representationTag([username, email, fullName, locale, timeZone])
}
