import type { Database } from '../../foundation/platform/database/database.ts'
import { isEnabled } from './user.queries.ts'

/** Returns the enabled admins with a second factor and an email address. */
export function selectAdminAddresses(db: Database) {
  return db
    .selectFrom('users')
    .select(['subject', 'email', 'locale', 'full_name as fullName', 'username'])
    .where('role', '=', 'admin')
    .where('second_factor_at', 'is not', null)
    .where('email', 'is not', null)
    .where(isEnabled)
    .orderBy('id')
    .execute()
}
