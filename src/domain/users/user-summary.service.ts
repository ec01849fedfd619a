// Whom events are about.
import type { With } from '../../foundation/context.ts'
import { selectPeople } from './user.queries.ts'

export interface Person {
  readonly subject: string
  readonly id: number
  readonly username: string
}

/** The people behind these subjects who still exist; null is nobody. */
export async function findPeople(
  ctx: With<'db'>,
  subjects: readonly (string | null)[],
): Promise<ReadonlyMap<string, Person>> {
  const asked = new Set(subjects.filter((subject) => subject !== null))
  if (asked.size === 0) return new Map()
  const people = await selectPeople(ctx.db, [...asked])
  return new Map(people.map((person) => [person.subject, person]))
}
