import { Type } from '../../../foundation/web/http/type.ts'
import { ROLES } from '../../../foundation/kernel/principal.ts'
import { Email, FullName, Username, UserView } from '../../../domain/users/user.schema.ts'
import { PAGE_PARAMETERS, pageOf, INSTANT_SCHEMA } from '../../../foundation/web/http/pagination.ts'
import { choice, named, nullable } from '../../../foundation/web/http/schema.ts'
import { USER_SORTS } from './user-list.ts'

export const AnyRole = choice(ROLES)

/** A merge patch (RFC 7396): a field left out stays, null empties it. */
export const UserChange = named(
  'UserChange',
  Type.Object(
    {
      username: Type.Optional(Username),
      email: Type.Optional(Email),
      full_name: Type.Optional(FullName),
      role: Type.Optional(AnyRole),
      locale: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
      time_zone: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
    },
    { additionalProperties: false, examples: [{ full_name: 'Grace Brewster Hopper' }] },
  ),
)

export const UserParameters = Type.Object({ id: Type.Integer({ description: 'The number in the user’s `id`.' }) })

export const UserPageView = pageOf('UserPage', UserView)

export const SORT_TEXTS = USER_SORTS.flatMap((sort) => [sort, `-${sort}`] as const)

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
    role: Type.Optional(AnyRole),
  },
  { additionalProperties: false },
)

/** The content of a cursor. It contains the order, so that it is refused under another one. */
export const UserCursorShape = Type.Object({
  sort: choice(SORT_TEXTS),
  key: Type.Union([Type.String(), INSTANT_SCHEMA, Type.Null()]),
  id: Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
})
