// Users with authenticator apps whose secret cannot be opened.
import type { Database } from '#foundation/platform/database/database.ts'

export async function selectUsersOfUnreadableApps(db: Database, most: number): Promise<number[]> {
  const rows = await db
    .selectFrom('totp_factor')
    .innerJoin('users', 'users.subject', 'totp_factor.subject')
    .select('users.id as id')
    .distinct()
    .where('totp_factor.unreadable_at', 'is not', null)
    .where('totp_factor.confirmed_at', 'is not', null)
    .orderBy('users.id')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}
