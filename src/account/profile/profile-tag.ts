import type { CallerUser } from '../../kernel/caller.ts'
import { tagOf } from '../../users/as-shown.ts'

/** Changes with what the form of one's own details shows. */
export function profileTag({ username, email, fullName, locale, timeZone }: CallerUser): string {
  return tagOf([username, email, fullName, locale, timeZone])
}
