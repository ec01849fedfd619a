import type { Database } from '#foundation/platform/database/database.ts'
import { hasRow } from '#foundation/platform/database/row-count.ts'

/** Whether a row other than that of the subject has this role. */
export function roleIsHeldBeside(db: Database, role: string, subject: string): Promise<boolean> {
  return hasRow(db.selectFrom('users').select('id').where('role', '=', role).where('subject', '!=', subject))
}

/** Returns how many rows have each of these roles; a role without users is left out. */
export async function countByRole(db: Database, roles: readonly string[]): Promise<{ role: string; count: number }[]> {
  const rows = await db
    .selectFrom('users')
    .select((eb) => ['role', eb.fn.countAll<number>().as('count')])
    .where('role', 'in', roles)
    .groupBy('role')
    .execute()
  return rows.map(({ role, count }) => ({ role: role ?? '', count: Number(count) }))
}
