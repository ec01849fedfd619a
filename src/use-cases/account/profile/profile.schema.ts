import { RENEWED_FIELDS } from '#domain/sessions/session.schema.ts'
import { Email, FullName, Username, UserView } from '#domain/users/user.schema.ts'
import { ETAG } from '#foundation/web/http/etag.ts'
import { named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'

/** A merge patch (RFC 7396): a field left out stays, null empties it. */
export const ProfileChange = named(
  'ProfileChange',
  Type.Object(
    {
      username: Type.Optional(Username),
      email: Type.Optional(Email),
      full_name: Type.Optional(FullName),
      locale: Type.Optional(nullable(Type.String({ maxLength: 64, description: 'A language tag such as `en-GB`.' }))),
      time_zone: Type.Optional(nullable(Type.String({ maxLength: 64, description: 'Such as `Europe/Berlin`.' }))),
    },
    { additionalProperties: false, examples: [{ full_name: 'Ada Lovelace', time_zone: 'Europe/London' }] },
  ),
)

/** The whole record, as clients of the legacy app send it; other fields are ignored. */
export const WholeProfile = named(
  'WholeProfile',
  Type.Object(
    {
      username: Username,
      email: Type.Optional(Email),
      full_name: Type.Optional(FullName),
      password: Type.String({
        description: 'The current password changes nothing; another one requires recent authentication.',
      }),
    },
    {
      examples: [
        { username: 'ada', email: 'ada@example.org', full_name: 'Ada Lovelace', password: 'three calm words' },
      ],
    },
  ),
)

export const ReplacedUser = sentWith(
  ETAG,
  named(
    'ReplacedUser',
    Type.Object(
      { ...UserView.properties, ...RENEWED_FIELDS },
      {
        description:
          'The user; and, if the password changed, the new token of the session: the token of the request no longer works.',
        additionalProperties: false,
      },
    ),
  ),
)

export const OwnPasswordChange = named(
  'OwnPasswordChange',
  Type.Object(
    {
      current: Type.String(),
      new: Type.String(),
      end_api_tokens: Type.Optional(
        Type.Boolean({ description: 'Revoke my API tokens as well; otherwise they keep working.' }),
      ),
    },
    { additionalProperties: false, examples: [{ current: 'three calm words', new: 'a kettle full of stars' }] },
  ),
)
