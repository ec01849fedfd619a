import type { Secret } from '../../../foundation/kernel/secret.ts'
import { days, hours, minutes } from '../../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../../foundation/kernel/time.ts'

/** A link that lets one person set their password and second step; whoever holds it until then can do the same. */
export interface Invitation {
  readonly token: Secret
  readonly expiresAt: Instant
}

/** Where the invited person opens it. */
export function invitationUrl({ publicUrl }: { readonly publicUrl: string }, token: Secret): string {
  return `${publicUrl}/invitation/${token.reveal()}`
}

/** The bounds of the setting `invitation_lifetime`; a single invitation keeps to them too. */
export const SHORTEST_INVITATION: Duration = minutes(10)
export const LONGEST_INVITATION: Duration = days(60)

/** How long an invitation may work where an admin chooses from a few: an hour, a day, a week, and what is configured. */
export function lifetimesOffered(configured: Duration): readonly Duration[] {
  return [...new Set([hours(1), hours(24), days(7), configured])].toSorted((a, b) => a - b)
}
