import type { Database } from '../../foundation/platform/database/database.ts'

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
