import { createHash } from 'node:crypto'

import type { CallerUser } from '../../kernel/caller.ts'

type Profile = Pick<CallerUser, 'username' | 'email' | 'fullName' | 'locale' | 'timeZone'>

/** Changes with what the form of one's own details shows, and with nothing else about the person. */
export function profileTag({ username, email, fullName, locale, timeZone }: Profile): string {
  const shown = JSON.stringify([username, email, fullName, locale, timeZone])
  return createHash('sha256').update(shown).digest('base64url')
}
