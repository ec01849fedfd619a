// Joins unused invitations with their users and their mails.
import { sql, type SqlBool } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** The link of an invitation that was not used. */
export interface UnusedInvitation {
  readonly subject: string
  /** The subject of who invited; null for the operator. */
  readonly createdBy: string | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
  /** Null for a link that was shown. */
  readonly mailedTo: string | null
  /** The id of the link that a reminder replaced; null for the first. */
  readonly about: string | null
}

/** Returns the unused invitations of these users and of their current credential epoch, expired or not, the last of each user last. */
export function selectInvitations(db: Database, subjects: readonly string[]): Promise<UnusedInvitation[]> {
  return db
    .selectFrom('link')
    .innerJoin('users', (join) =>
      join.onRef('users.subject', '=', 'link.subject').onRef('users.credential_epoch', '=', 'link.epoch'),
    )
    .select([
      'users.subject as subject',
      'link.created_by as createdBy',
      'link.created_at as createdAt',
      'link.expires_at as expiresAt',
      'link.mailed_to as mailedTo',
      'link.about as about',
    ])
    .where('link.subject', 'in', [...subjects])
    .where('link.purpose', '=', 'invitation')
    .where('link.consumed_at', 'is', null)
    .orderBy('link.created_at')
    .execute()
}

export interface InvitationMail {
  readonly recipient: string
  readonly state: 'queued' | 'accepted' | 'failed' | 'dropped' | 'expired'
  /** When it was accepted, failed or was given up; null while it waits. */
  readonly endedAt: Instant | null
}

/**
 * Returns the mail of the user's unused invitation of the current credential epoch; undefined if none was mailed, or its row is deleted.
 */
export function selectInvitationMail(
  db: Database,
  { subject, epoch }: { readonly subject: string; readonly epoch: number },
): Promise<InvitationMail | undefined> {
  return db
    .selectFrom('link')
    .innerJoin('outbox', 'outbox.link_id', 'link.id')
    .select(['outbox.recipient', 'outbox.state', 'outbox.ended_at as endedAt'])
    .where('link.subject', '=', subject)
    .where('link.epoch', '=', epoch)
    .where('link.purpose', '=', 'invitation')
    .where('link.consumed_at', 'is', null)
    .orderBy('link.created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The last link of a batch. */
export interface LinkPosition {
  readonly id: string
  readonly expiresAt: Instant
}

export interface UnusedLink extends LinkPosition {
  readonly createdAt: Instant
  /** The language of its mail; null if the mail had none, or its row is deleted. */
  readonly locale: string | null
}

export interface UnusedLinks {
  /** The links that expire after `from`, and at `until` at the latest. */
  readonly from: Instant
  readonly until: Instant
  readonly after: LinkPosition | null
  readonly limit: number
}

/** The condition of the index `link_reminder_due`, so that the planner uses it. */
const REMINDER_LEFT = sql<SqlBool>`link.mailed_to is not null and link.about is null and link.consumed_at is null and link.replaced_at is null`

/** Returns the first mailed links that were not used and expire in a span, in the order in which they expire. */
export function selectUnusedMailedLinks(
  db: Database,
  { from, until, after, limit }: UnusedLinks,
): Promise<UnusedLink[]> {
  return db
    .selectFrom('link')
    .leftJoin('outbox', 'outbox.link_id', 'link.id')
    .select([
      'link.id as id',
      'link.created_at as createdAt',
      'link.expires_at as expiresAt',
      'outbox.locale as locale',
    ])
    .where(REMINDER_LEFT)
    .where('link.purpose', '=', 'invitation')
    .where('link.expires_at', '>', from)
    .where('link.expires_at', '<=', until)
    .$if(after !== null, (query) =>
      query.where(
        sql<SqlBool>`(link.expires_at, link.id) > (cast(${after?.expiresAt ?? 0} as bigint), ${after?.id ?? ''})`,
      ),
    )
    .orderBy('link.expires_at')
    .orderBy('link.id')
    .limit(limit)
    .execute()
}
