import type { With } from '../../foundation/context.ts'
import type { User, UserSummary } from './user.ts'
import { userFromRow } from './user-row.ts'
import { actingAdmins, selectUserSummaries } from './user.queries.ts'

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

/** Returns the users with an admin's permissions: enabled and with a second factor. */
export async function findActingAdmins(ctx: With<'db'>): Promise<User[]> {
  return (await actingAdmins(ctx.db)).map(userFromRow)
}
