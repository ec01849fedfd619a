import type { Database } from '../platform/database/schema.ts'
import { USER_COLUMNS } from './user-row.ts'
import type { UserRow } from './user-row.ts'

/** Users whose hash names this key, and perhaps some whose key is spelled alike. Reads every user; keys are rarely lost. */
export function selectPepperedWith(db: Database, keyId: string): Promise<UserRow[]> {
  return db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('hashed_password', 'like', `$argon2id$%,keyid=${keyId}$%`)
    .orderBy('id')
    .execute()
}
