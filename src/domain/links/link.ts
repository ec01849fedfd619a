// The purposes of single-use links, and whether a link still works. Tested in test/attacks/advisories-replay.test.ts.
import type { Instant } from '#foundation/kernel/time.ts'

/** What a single-use link is for. */
export type LinkPurpose =
  | 'set-up'
  | 'invitation'
  | 'password-reset'
  | 'enrolment'
  | 'email-confirmation'
  | 'email-undo'
  | 'not-me'
  | 'objection'
  | 'registration'

export interface Link {
  readonly id: string
  readonly purpose: LinkPurpose
  /** The user for whom the link was issued; null for the set-up of a server without users, and for a registration. */
  readonly subject: string | null
  /**
   * The user's credential epoch at the issue: a later change of credentials ends the link. Links of the purposes `email-undo`, `not-me`
   * and `objection` work in spite of it, because a thief's change of the password would otherwise end the links meant against the thief.
   */
  readonly epoch: number
  readonly createdBy: string | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly consumedAt: Instant | null
  /**
   * The id of what the link answers: an event, a change of email or a request; for a forgotten password a hash of the email that the
   * mail went to; for an invitation that a reminder mailed the link that it replaces; null for a link that is about its user alone.
   */
  readonly about: string | null
  /**
   * The email to which the link left by mail alone: the person who opens it reads the mails of that email. Null if the link was shown to an
   * admin or printed, because then it proves nothing.
   */
  readonly mailedTo: string | null
  /** When a reminder mailed another link instead; null for any other link. */
  readonly replacedAt: Instant | null
}

/** Returns the state of a link: `live` until it is consumed, replaced or expires; it is expired from the instant `expiresAt` on. */
export function linkStatus(link: Link, now: Instant): 'live' | 'used' | 'expired' | 'replaced' {
  if (link.consumedAt !== null) return 'used'
  if (now >= link.expiresAt) return 'expired'
  return link.replacedAt === null ? 'live' : 'replaced'
}
