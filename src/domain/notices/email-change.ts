// Changes of a user's email: pending until confirmed, then undoable by the former one.
// Tested in test/attacks/email-confirmation.test.ts.
import type { Instant } from '#foundation/kernel/time.ts'

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
