// How long a mail is tried, and how long it waits between two attempts.
import { days, type Duration, hours, type Instant, minutes, seconds } from '#foundation/kernel/time.ts'
import type { MailTemplate } from './mail-template.ts'

/** `failed`: the server refused it for good; it is sent again by hand only. */
export const MAIL_STATES = ['queued', 'accepted', 'failed', 'dropped', 'expired'] as const
export type MailState = (typeof MAIL_STATES)[number]

/** The states of mails that can still be sent. */
export const OPEN_STATES = ['queued', 'failed'] as const satisfies readonly MailState[]
export type OpenState = (typeof OPEN_STATES)[number]

/** One row of the outbox. It never holds the token of a link: that is sealed. */
export interface QueuedMail {
  readonly id: string
  /** The name of a template; of an unknown one where a newer program queued the mail. */
  readonly template: MailTemplate | (string & {})
  readonly recipient: string
  readonly subject: string | null
  readonly locale: string | null
  readonly facts: Readonly<Record<string, string>>
  readonly linkId: string | null
  readonly linkPath: string | null
  /** Null where there is no link, or where the mail was accepted, dropped or has expired. */
  readonly sealedLinkToken: string | null
  readonly messageId: string
  readonly state: MailState
  readonly attempts: number
  readonly nextAttemptAt: Instant
  readonly leaseOwner: string | null
  readonly leaseUntil: Instant | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly endedAt: Instant | null
  readonly lastError: string | null
}

/** A mail that one lane may send until the end of the lease. */
export type LeasedMail = QueuedMail & { readonly leaseOwner: string; readonly leaseUntil: Instant }

/** Which of the mails that are due a lane takes: the oldest, or the newest of those whose last attempt did not time out. */
export type LaneOrder = 'oldest' | 'newest'

/**
 * The lanes of a node, each of which sends one mail at a time. Mails that timed out before take the first two at most, and a mail that was
 * just queued passes all that wait before it in the other two, so that it waits for no more than one time-out.
 */
export const LANES: readonly LaneOrder[] = ['oldest', 'oldest', 'newest', 'newest']

/** How long a mail without a link is tried. A mail with a link is tried until its link expires. */
export const MAIL_LIFETIME: Duration = days(7)
/** As long may one node hold a mail: longer than an attempt can take, so that no other node sends it at the same time. */
export const MAIL_LEASE: Duration = minutes(3)
/** An attempt that takes longer has failed. */
export const ATTEMPT_DEADLINE: Duration = minutes(1)

const FIRST_WAIT: Duration = seconds(15)
/** No mail waits longer between two attempts. */
export const LONGEST_WAIT: Duration = hours(1)

/** How long to wait after a number of attempts: 15 seconds, doubled with each further one, an hour at most. */
export function waitAfter(attempts: number): Duration {
  return Math.min(FIRST_WAIT * 2 ** Math.max(0, attempts - 1), LONGEST_WAIT)
}

/** The Message-ID of a mail (RFC 5322 §3.6.4): fixed when it is queued, so that a duplicate can be recognized. */
export function messageIdOf(id: string, publicUrl: string): string {
  return `<${id}@${new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '').replaceAll(':', '-')}>`
}
