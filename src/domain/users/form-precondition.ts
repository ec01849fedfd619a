import { createHash } from 'node:crypto'

import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { Precondition } from './optimistic-locking.ts'
import type { User } from './user.ts'

/** Changes with what a form shows of a user, and with nothing else about them, such as a sign-in. */
export function representationTag(shown: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url')
}

/** That a user is still as the form showed them; a form that does not say what it showed asks for nothing. */
export function matchesForm(seen: string | undefined, tag: (user: User) => string): Precondition | undefined {
  if (seen === undefined) return undefined
  return (user) => {
    if (tag(user) !== seen) throw new Refusal('user.stale')
  }
}
