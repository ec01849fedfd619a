import { createHash } from 'node:crypto'

import type { CallerUser } from '../../kernel/caller.ts'

type Details = Pick<CallerUser, 'username' | 'email' | 'fullName' | 'role'>

/** Changes with what the form of a user’s details shows, and with nothing else about them, such as a sign-in. */
export function detailsTag({ username, email, fullName, role }: Details): string {
  return createHash('sha256')
    .update(JSON.stringify([username, email, fullName, role]))
    .digest('base64url')
}
