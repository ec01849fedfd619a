// A user's status in SQL, for lists and counts.
import { sql } from 'kysely'
import type { ExpressionBuilder, RawBuilder, SqlBool } from 'kysely'

import type { Schema } from '../../../foundation/platform/database/schema.ts'
import { statusSql } from '../../../foundation/platform/database/user-cells.ts'
import type { UserStatus } from '../../../domain/users/user.ts'

export type OfUsers = ExpressionBuilder<Schema, 'users'>

/** `statusOf` as a condition, in the expression of the list's indexes. */
export function inStatus(status: UserStatus): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.raw(statusSql('users'))} = ${sql.lit(status)}`
}
