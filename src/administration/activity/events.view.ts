// Whom the events of a page are about.
import type { Database } from '../../platform/database/schema.ts'

export interface Person {
  readonly subject: string
  readonly id: number
  readonly username: string
}

/** The people behind these subjects who still exist. */
export async function selectPeople(db: Database, subjects: readonly string[]): Promise<Map<string, Person>> {
  if (subjects.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .select(['subject', 'id', 'username'])
    .where('subject', 'in', subjects)
    .execute()
  return new Map(rows.map(({ subject, id, username }) => [subject, { subject, id, username: username ?? '' }]))
}
