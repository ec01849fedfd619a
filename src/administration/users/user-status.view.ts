// A user's standing in SQL, for lists and counts.
import type { ExpressionBuilder } from 'kysely'

import type { Schema } from '../../platform/database/schema.ts'
import { isEnabled } from '../../users/user.queries.ts'
import type { UserStatus } from '../../users/user.ts'

export type OfUsers = ExpressionBuilder<Schema, 'users'>

/** `statusOf`. */
export function inStatus(eb: OfUsers, status: UserStatus) {
  if (status === 'disabled') return eb.not(isEnabled())
  if (status === 'active') return eb.and([isEnabled(), eb('users.second_factor_at', 'is not', null)])
  const invited = eb('users.invited_at', status === 'invited' ? 'is not' : 'is', null)
  return eb.and([isEnabled(), eb('users.second_factor_at', 'is', null), invited])
}
