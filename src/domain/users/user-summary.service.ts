import type { With } from '#foundation/context.ts'
import { selectUserSummaries } from './user.queries.ts'
import type { UserSummary } from './user.ts'

/** Returns the existing users with these subjects, by subject; null is ignored. */
export async function findUserSummaries(
  ctx: With<'db'>,
  subjects: readonly (string | null)[],
): Promise<ReadonlyMap<string, UserSummary>> {
  const wanted = new Set(subjects.filter((subject) => subject !== null))
  if (wanted.size === 0) return new Map()
  const found = await selectUserSummaries(ctx.db, [...wanted])
  return new Map(found.map((user) => [user.subject, user]))
}
