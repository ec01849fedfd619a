import type { Static, TSchema } from '../../../foundation/web/http/type.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { decodeCursor } from '../../../foundation/web/http/pagination.ts'
import { choice, parse } from '../../../foundation/web/http/schema.ts'
import { orderOf, placeIn } from './user-list.ts'
import type { PageStart } from './user-list.service.ts'
import type { UserListQuery } from './user-list-query.ts'
import { SORT_TEXTS, UserCursorShape, UserQuery } from './users.schema.ts'

const SORT = choice(SORT_TEXTS)

/** Parses the query string; unknown and invalid parameters are ignored. */
export function addressIn(query: unknown): UserListQuery {
  const said: Readonly<Record<string, unknown>> = typeof query === 'object' && query !== null ? { ...query } : {}
  const { q, cursor, status, role } = UserQuery.properties
  const words = given(q, said['q'])?.trim()
  return {
    q: words === '' ? undefined : words,
    show: given(role, said['role']) === 'admin' ? 'admins' : (given(status, said['status']) ?? 'all'),
    sort: given(SORT, said['sort']) ?? 'username',
    after: given(cursor, said['after']),
    before: given(cursor, said['before']),
  }
}

function given<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> | undefined {
  const parsed = parse(schema, value)
  return 'value' in parsed ? parsed.value : undefined
}

/** The cursor of the query string; null, the first page, for a cursor of another order or an invalid one. */
export function pageStartIn({ sort, after, before }: UserListQuery): PageStart {
  const cursor = after ?? before
  if (cursor === undefined) return null
  try {
    const place = placeIn(decodeCursor(UserCursorShape, cursor), orderOf(sort))
    return place === undefined ? null : { place, backwards: after === undefined }
  } catch (refusal) {
    if (refusal instanceof Refusal) return null
    throw refusal
  }
}
