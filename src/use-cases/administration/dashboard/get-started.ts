// What is left to do on a new server: a second admin, and an app that uses it.
// Tested in test/stories/pages-overview.test.ts.
import type { UserCounts } from '#domain/users/user-count.service.ts'

export interface GetStarted {
  readonly hasSecondAdmin: boolean
  readonly hasApiToken: boolean
}

/** Returns what is done and what is not; undefined once all is done or an admin has closed the list. */
export function getStarted(
  { actingAdmins, waitingAdmins }: Pick<UserCounts, 'actingAdmins' | 'waitingAdmins'>,
  { isClosed, hasApiToken }: { readonly isClosed: boolean; readonly hasApiToken: boolean },
): GetStarted | undefined {
  const hasSecondAdmin = actingAdmins + waitingAdmins > 1
  return isClosed || (hasSecondAdmin && hasApiToken) ? undefined : { hasSecondAdmin, hasApiToken }
}
