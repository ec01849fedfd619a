import type { Database } from '../platform/database/schema.ts'
import type { Person } from './people.service.ts'

export async function selectPeople(db: Database, subjects: readonly string[]): Promise<Person[]> {
  const rows = await db
    .selectFrom('users')
    .select(['subject', 'id', 'username'])
    .where('subject', 'in', subjects)
    .execute()
  return rows.map(({ subject, id, username }) => ({ subject, id, username: username ?? '' }))
}
