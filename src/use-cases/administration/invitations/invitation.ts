import type { Link } from '#domain/links/link.ts'
import { isMailable } from '#foundation/kernel/mailable.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { days, type Duration, hours, type Instant, minutes } from '#foundation/kernel/time.ts'

/** A link by which one user sets password and second factor. Until it is used, possession of it is enough to do so. */
export interface Invitation {
  readonly token: Secret
  readonly expiresAt: Instant
}

/** An invitation whose link left by mail alone: neither an admin nor an answer of the API has seen it. */
export interface MailedInvitation {
  readonly mailedTo: string
  readonly expiresAt: Instant
}

/** How the link of an invitation reaches the user: by mail, or shown once to the admin, who passes it on. */
export const DELIVERIES = ['link', 'mail'] as const
export type Delivery = (typeof DELIVERIES)[number]

/** Returns the error of a delivery, at `/delivery`: mail must be on, and the user must have an email that mail can be sent to. */
export function fieldErrorsInDelivery(
  delivery: Delivery | null | undefined,
  { isOn, email }: { readonly isOn: boolean; readonly email: string | null | undefined },
): FieldError[] {
  if (delivery !== 'mail') return []
  if (!isOn) return [{ pointer: '/delivery', code: 'invitation.mail_off' }]
  return email && isMailable(email) ? [] : [{ pointer: '/delivery', code: 'invitation.no_address' }]
}

/** The page that accepts an invitation, before the token of its link. */
export const INVITATION_PATH = '/invitation'

/** The URL of an invitation. */
export function invitationUrl({ publicUrl }: { readonly publicUrl: string }, token: Secret): string {
  return `${publicUrl}${INVITATION_PATH}/${token.reveal()}`
}

/** The URI that opens a message to this email in a mail program (RFC 6068); its lines end in CRLF. */
export function mailtoUri(mail: { readonly to: string; readonly subject: string; readonly body: string }): string {
  const encoded = (text: string): string => encodeURIComponent(text.replaceAll('\n', '\r\n'))
  const to = mail.to.split('@').map(encoded).join('@')
  return `mailto:${to}?subject=${encoded(mail.subject)}&body=${encoded(mail.body)}`
}

/** The bounds of the setting `invitation_lifetime` and of the lifetime of a single invitation. */
export const SHORTEST_INVITATION: Duration = minutes(10)
export const LONGEST_INVITATION: Duration = days(60)

/** A link that expires sooner than this after it was mailed is not reminded of: its user has been notified today. */
const SHORTEST_REMINDED: Duration = days(1)
/** No reminder comes earlier than this before the link expires. */
export const LONGEST_LEAD: Duration = days(2)

/** Whether the user of a mailed link that was not used is reminded now: when a third of its lifetime is left, at most two days. */
export function isReminderDue({ createdAt, expiresAt }: Pick<Link, 'createdAt' | 'expiresAt'>, now: Instant): boolean {
  const lifetime = expiresAt - createdAt
  if (lifetime < SHORTEST_REMINDED || now >= expiresAt) return false
  return expiresAt - now <= Math.min(lifetime / 3, LONGEST_LEAD)
}

/** The lifetimes that the pages offer, ascending: an hour, a day, a week, and the configured one. */
export function lifetimesOffered(configured: Duration): readonly Duration[] {
  return [...new Set([hours(1), hours(24), days(7), configured])].toSorted((a, b) => a - b)
}
