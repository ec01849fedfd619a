// Changes of a user's email: pending until confirmed, then undoable by the former one.
// Tested in test/attacks/email-confirmation.test.ts.
import { days, type Instant } from '#foundation/kernel/time.ts'

/** How long a new email waits for its confirmation. */
export const CONFIRMATION_LIFETIME = days(1)

/** How long the link works with which an admin asks for a confirmation. A user is asked once in this time at most. */
export const ASKED_LIFETIME = days(7)

export interface EmailChange {
  readonly id: string
  readonly subject: string
  readonly position: number
  /** Null for a removal. */
  readonly email: string | null
  readonly formerEmail: string | null
  readonly formerVerifiedAt: Instant | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly confirmedAt: Instant | null
}

/** Whether the change waits for its confirmation; it ends at the instant `expiresAt`. */
export function isPending(change: Pick<EmailChange, 'confirmedAt' | 'expiresAt'>, now: Instant): boolean {
  return change.confirmedAt === null && now < change.expiresAt
}
