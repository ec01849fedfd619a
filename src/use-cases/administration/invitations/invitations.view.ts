// Joins unused invitations with their users and their mails.
import type { Instant } from '../../../foundation/kernel/time.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'

/** Returns by subject when the last unused invitation of the present credential epoch expires, or expired; other users are left out. */
export async function selectInvitationEnds(
  db: Database,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await db
    .selectFrom('link')
    .innerJoin('users', (join) =>
      join.onRef('users.subject', '=', 'link.subject').onRef('users.credential_epoch', '=', 'link.epoch'),
    )
    .select((eb) => ['users.subject as subject', eb.fn.max<number>('link.expires_at').as('end')])
    .where('link.subject', 'in', [...subjects])
    .where('link.purpose', '=', 'invitation')
    .where('link.consumed_at', 'is', null)
    .groupBy('users.subject')
    .execute()
  return new Map(rows.map(({ subject, end }) => [subject, end]))
}

/** The mail of an invitation. */
export interface InvitationMail {
  readonly recipient: string
  readonly state: 'queued' | 'accepted' | 'failed' | 'dropped' | 'expired'
  /** When it was accepted, failed or was given up; null while it waits. */
  readonly endedAt: Instant | null
}

/** Returns the mail of the user's unused invitation of the present credential epoch; undefined if none was mailed, or its row is deleted. */
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
