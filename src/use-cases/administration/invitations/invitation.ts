import type { Secret } from '../../../foundation/kernel/secret.ts'
import { days, hours, minutes } from '../../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../../foundation/kernel/time.ts'

/** A link by which one user sets password and second factor. Until it is used, possession of it is enough to do so. */
export interface Invitation {
  readonly token: Secret
  readonly expiresAt: Instant
}

/** The URL of an invitation. */
export function invitationUrl({ publicUrl }: { readonly publicUrl: string }, token: Secret): string {
  return `${publicUrl}/invitation/${token.reveal()}`
}

/** The URI that opens a message to this address in a mail program (RFC 6068); its lines end in CRLF. */
export function mailtoUri(mail: { readonly to: string; readonly subject: string; readonly body: string }): string {
  const encoded = (text: string): string => encodeURIComponent(text.replaceAll('\n', '\r\n'))
  const to = mail.to.split('@').map(encoded).join('@')
  return `mailto:${to}?subject=${encoded(mail.subject)}&body=${encoded(mail.body)}`
}

/** The bounds of the setting `invitation_lifetime` and of the lifetime of a single invitation. */
export const SHORTEST_INVITATION: Duration = minutes(10)
export const LONGEST_INVITATION: Duration = days(60)

/** The lifetimes that the pages offer, ascending: an hour, a day, a week, and the configured one. */
export function lifetimesOffered(configured: Duration): readonly Duration[] {
  return [...new Set([hours(1), hours(24), days(7), configured])].toSorted((a, b) => a - b)
}
