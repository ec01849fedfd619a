// Joins unused invitations with their users.
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
