// What apps may have of users, for those who have to hear that it has ended.
import type { With } from '#foundation/context.ts'
import { selectUsersAtApps, type UserAtApp } from './user-at-app.queries.ts'

export type { UserAtApp } from './user-at-app.queries.ts'

/** Returns what apps may have of these users. */
export function usersAtApps({ db }: With<'db'>, subjects: readonly string[]): Promise<UserAtApp[]> {
  return selectUsersAtApps(db, [...new Set(subjects)])
}
