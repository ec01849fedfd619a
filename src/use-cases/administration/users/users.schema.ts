import { GivenAttributes } from '#domain/attributes/attribute.schema.ts'
import { RoleName } from '#domain/roles/role.schema.ts'
import { AccountExpiry, Email, FullName, Username, UserView } from '#domain/users/user.schema.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { ETAG } from '#foundation/web/http/etag.ts'
import { decodeCursor, INSTANT_SCHEMA, PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable, parse, sentWith } from '#foundation/web/http/schema.ts'
import { type Static, type TSchema, Type } from '#foundation/web/http/type.ts'
import { DEFAULT_PAGE_SIZE, PAGE_SIZES, type UserListQuery } from './user-list-query.ts'
import type { PageStart } from './user-list.service.ts'
import { orderOf, positionIn, STRONGEST_FACTORS, USER_SORTS } from './user-list.ts'

/** A merge patch (RFC 7396): a field left out stays, null empties it. */
export const UserChange = named(
  'UserChange',
  Type.Object(
    {
      username: Type.Optional(Username),
      email: Type.Optional(Email),
      full_name: Type.Optional(FullName),
      role: Type.Optional(RoleName),
      locale: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
      time_zone: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
      expires_at: Type.Optional(AccountExpiry),
      attributes: Type.Optional(GivenAttributes),
    },
    { additionalProperties: false, examples: [{ full_name: 'Grace Brewster Hopper' }] },
  ),
)

export const ChangedUserView = sentWith(
  ETAG,
  named(
    'ChangedUser',
    Type.Object(
      {
        ...UserView.properties,
        invitation_withdrawn: Type.Optional(
          Type.Boolean({
            description:
              'True where an open invitation ended with the former email; `POST /users/{id}/invitation` makes another.',
          }),
        ),
      },
      { description: 'The user as changed.', additionalProperties: false },
    ),
  ),
)

export const UserParameters = Type.Object({ id: Type.Integer({ description: 'The number in the user’s `id`.' }) })

export const UserPageView = pageOf('UserPage', UserView)

const SORT_TEXTS = USER_SORTS.flatMap((sort) => [sort, `-${sort}`] as const)
const SortText = choice(SORT_TEXTS)

export const UserQuery = Type.Object(
  {
    ...PAGE_PARAMETERS,
    sort: Type.Optional(choice(SORT_TEXTS, { default: 'username', description: 'With `-` in descending order.' })),
    q: Type.Optional(
      Type.String({
        maxLength: 200,
        description:
          'Part of a username, email or full name; below three characters, the beginning of a username or an email.',
      }),
    ),
    status: Type.Optional(choice(['active', 'invited', 'disabled', 'no-factor'])),
    role: Type.Optional(RoleName),
    second_factor: Type.Optional(
      choice(STRONGEST_FACTORS, { description: 'The strongest second factor, whatever the status.' }),
    ),
    group: Type.Optional(Type.String({ maxLength: 300, description: 'The name of a group: only its members.' })),
  },
  { additionalProperties: false },
)

/** The content of a cursor. It contains the order, so that it is refused under another one. */
export const UserCursorShape = Type.Object({
  sort: SortText,
  key: Type.Union([Type.String(), INSTANT_SCHEMA, Type.Null()]),
  id: Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  ordinal: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
})

/** Parses the query string of the page; unknown and invalid parameters are ignored. */
export function listQueryIn(query: unknown): UserListQuery {
  const said: Readonly<Record<string, unknown>> = typeof query === 'object' && query !== null ? { ...query } : {}
  const { q, cursor, group } = UserQuery.properties
  const words = given(q, said['q'])?.trim()
  return {
    q: words === '' ? undefined : words,
    group: given(group, said['group']) || undefined,
    ...shownBy(said),
    sort: given(SortText, said['sort']) ?? 'username',
    size: PAGE_SIZES.find((size) => String(size) === said['size']) ?? DEFAULT_PAGE_SIZE,
    ticked: said['ticked'] === 'all' ? 'all' : undefined,
    after: given(cursor, said['after']),
    before: given(cursor, said['before']),
  }
}

/** The choice of the list that the parameters describe; a second factor is a part of the active users. */
function shownBy(said: Readonly<Record<string, unknown>>): Pick<UserListQuery, 'show' | 'role'> {
  const { status, role, second_factor: factor } = UserQuery.properties
  const ofRole = given(role, said['role'])
  if (ofRole === 'admin') return { show: 'admins' }
  const wanted = given(status, said['status'])
  const kind = given(factor, said['second_factor'])
  if ((wanted ?? 'active') === 'active' && (kind === 'passkey' || kind === 'app')) return { show: kind }
  return wanted === undefined && ofRole !== undefined ? { show: 'all', role: ofRole } : { show: wanted ?? 'all' }
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
    const payload = decodeCursor(UserCursorShape, cursor)
    const position = positionIn(payload, orderOf(sort))
    return position === undefined ? null : { position, backwards: after === undefined, ordinal: payload.ordinal }
  } catch (refusal) {
    if (refusal instanceof Refusal) return null
    throw refusal
  }
}
