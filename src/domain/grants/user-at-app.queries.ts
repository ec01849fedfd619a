// What apps may have of users: their sign-ins, and tokens for the APIs of other apps.
import type { Database } from '#foundation/platform/database/database.ts'

/** That an app may have something of a user: by one session, or by none that is known. */
export interface UserAtApp {
  readonly subject: string
  readonly clientId: string
  readonly sessionId: string | null
  /** The identifier of the session that the app gets. */
  readonly sid: string | null
  /** The app that serves the API for which the tokens are; null for tokens of this server alone. */
  readonly servedBy: string | null
}

/** Returns what apps may have of these users: grants as long as they are kept after their end, and the apps where they have ever signed in. */
export async function selectUsersAtApps(db: Database, subjects: readonly string[]): Promise<UserAtApp[]> {
  if (subjects.length === 0) return []
  const grants = await db
    .selectFrom('client_grant')
    .leftJoin('client_session', (join) =>
      join
        .onRef('client_session.session_id', '=', 'client_grant.session_id')
        .onRef('client_session.client_id', '=', 'client_grant.client_id'),
    )
    .leftJoin('resource', 'resource.id', 'client_grant.resource_id')
    .select([
      'client_grant.subject',
      'client_grant.client_id as clientId',
      'client_grant.session_id as sessionId',
      'client_session.sid',
      'resource.client_id as servedBy',
    ])
    .where('client_grant.subject', 'in', subjects)
    .execute()
  const users = await db
    .selectFrom('client_user')
    .select(['subject', 'client_id as clientId'])
    .where('subject', 'in', subjects)
    .execute()
  return [...grants, ...users.map((user) => ({ ...user, sessionId: null, sid: null, servedBy: null }))]
}
