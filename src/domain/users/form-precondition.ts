import { createHash } from 'node:crypto'

import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { Precondition } from './optimistic-locking.ts'
import type { User } from './user.ts'

/** Returns a hash of the values that a form shows of a user. It does not change with other fields, such as the last sign-in. */
export function representationTag(shown: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url')
}

/** Returns the precondition that the user is still as the form showed them (lost update); undefined for a form without a tag. */
export function matchesForm(shownTag: string | undefined, tag: (user: User) => string): Precondition | undefined {
  if (shownTag === undefined) return undefined
  return (user) => {
    if (tag(user) !== shownTag) throw new Refusal('user.stale')
  }
}
