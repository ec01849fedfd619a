import type { With } from '../../foundation/context.ts'
import type { UserSummary } from './user.ts'
import { selectUserSummaries } from './user.queries.ts'

/** The users with these subjects who still exist, by subject; null is left out. */
export async function findUserSummaries(
  ctx: With<'db'>,
  subjects: readonly (string | null)[],
): Promise<ReadonlyMap<string, UserSummary>> {
  const asked = new Set(subjects.filter((subject) => subject !== null))
  if (asked.size === 0) return new Map()
  const found = await selectUserSummaries(ctx.db, [...asked])
  return new Map(found.map((user) => [user.subject, user]))
}
