import type { Instant } from '../../foundation/kernel/time.ts'

/** A single-use link, made to be handed to one person. */
export type LinkPurpose = 'set-up' | 'invitation'

export interface Link {
  readonly id: string
  readonly purpose: LinkPurpose
  /** The user it is for; null for the set-up of a server that has none yet. */
  readonly subject: string | null
  /** The user's credential epoch when it was made: a later change of credentials ends it. */
  readonly epoch: number
  readonly createdBy: string | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly consumedAt: Instant | null
}

/** Whether a link can still be followed: `live` until it is spent or its time is over (the end itself is too late). */
export function linkStatus(link: Link, now: Instant): 'live' | 'used' | 'expired' {
  if (link.consumedAt !== null) return 'used'
  return now >= link.expiresAt ? 'expired' : 'live'
}
