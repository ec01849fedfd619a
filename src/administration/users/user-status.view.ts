// A user's standing in SQL, for lists and counts.
import { sql } from 'kysely'
import type { ExpressionBuilder, RawBuilder } from 'kysely'

import type { Schema } from '../../platform/database/schema.ts'
import type { UserStatus } from '../../users/user.ts'

export type OfUsers = ExpressionBuilder<Schema, 'users'>

/** The opposite of `isDisabled`; as text, because the column may hold a number or whatever somebody typed. */
export function isEnabled(): RawBuilder<boolean> {
  return sql<boolean>`(users.disabled is null or cast(users.disabled as text) in ('0', 'false'))`
}

/** `statusOf`. */
export function inStatus(eb: OfUsers, status: UserStatus) {
  if (status === 'disabled') return eb.not(isEnabled())
  if (status === 'active') return eb.and([isEnabled(), eb('users.second_factor_at', 'is not', null)])
  const invited = eb('users.invited_at', status === 'invited' ? 'is not' : 'is', null)
  return eb.and([isEnabled(), eb('users.second_factor_at', 'is', null), invited])
}
