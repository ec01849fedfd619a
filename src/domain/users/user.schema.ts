import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type Instant, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { choice, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { statusOf, USER_STATUSES } from './user.ts'

const MomentOrNull = nullable(Type.String({ format: 'date-time' }))
const TextOrNull = nullable(Type.String())

/** The user in each answer; the five fields of the legacy app come first, for its clients. */
export const UserView = sentWith(
  ETAG,
  named(
    'User',
    Type.Object(
      {
        username: Type.String(),
        email: TextOrNull,
        full_name: TextOrNull,
        id: Type.Integer({ minimum: 0 }),
        disabled: Type.Boolean(),
        subject: Type.String({ description: 'Random and permanent; a rename does not change it.' }),
        email_verified: Type.Boolean(),
        role: Type.String({ description: '`admin`, `user` or the name of another role.' }),
        status: choice(USER_STATUSES),
        created_at: MomentOrNull,
        invited_at: MomentOrNull,
        second_factor_at: MomentOrNull,
        last_sign_in_at: MomentOrNull,
        password_change_asked: Type.Boolean(),
        expires_at: nullable(
          Type.String({ format: 'date-time', description: 'From this moment on the user cannot sign in.' }),
        ),
        locale: TextOrNull,
        time_zone: TextOrNull,
      },
      { description: 'A user.', additionalProperties: false },
    ),
  ),
)

export type UserView = Static<typeof UserView>

/** Returns the JSON form of a user, without password and revision. */
export function presentUser(user: PrincipalUser): UserView {
  return {
    username: user.username,
    email: user.email,
    full_name: user.fullName,
    id: user.id,
    disabled: user.disabled,
    subject: user.subject,
    email_verified: user.emailVerifiedAt !== null,
    role: user.role,
    status: statusOf(user),
    created_at: toRfc3339OrNull(user.createdAt),
    invited_at: toRfc3339OrNull(user.invitedAt),
    second_factor_at: toRfc3339OrNull(user.secondFactorAt),
    last_sign_in_at: toRfc3339OrNull(user.lastSignInAt),
    password_change_asked: user.passwordChangeAskedAt !== null,
    expires_at: toRfc3339OrNull(user.expiresAt),
    locale: user.locale,
    time_zone: user.timeZone,
  }
}

/** The fields of a user that the user and admins may write. */
export const Username = Type.String({ description: 'One to 64 characters, without @. Unique, ignoring case.' })
export const Email = nullable(
  Type.String({ description: 'Unique, ignoring case. Stays unverified until it is confirmed.' }),
)
export const FullName = nullable(Type.String())
export const AccountExpiry = nullable(
  Type.String({
    format: 'date-time',
    description: 'From this moment on the user cannot sign in; in the future. Null for no end.',
  }),
)

/**
 * Returns the instant of the field `expires_at`. The format `date-time` accepts a leap second and a zone without minutes, which
 * `Date.parse` does not read: throws `request.validation_failed`.
 */
export function accountExpiryIn(text: string | null | undefined): Instant | null | undefined {
  if (text === null || text === undefined) return text
  const instant = Date.parse(text)
  if (!Number.isNaN(instant)) return instant
  throw new Refusal('request.validation_failed', {
    fieldErrors: [{ pointer: '/expires_at', code: 'field.format', facts: { format: 'date-time' } }],
  })
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** The methods of a reply that are used here. Independent of the response type of the route, because the text is sent as it is. */
interface AnyReply {
  header(name: string, value: string): AnyReply
  type(contentType: string): AnyReply
  send(payload?: unknown): AnyReply
}

/** Sends a user and other fields, with the entity tag of the user alone (`ETag`, RFC 9110 §8.8.3). */
export function sendUser<Reply extends AnyReply>(reply: Reply, user: PrincipalUser, beside: object = {}): Reply {
  reply.header('etag', userTag(user)).type(JSON_TYPE)
  reply.send(JSON.stringify({ ...presentUser(user), ...beside }))
  return reply
}

function userText(user: PrincipalUser): string {
  return JSON.stringify(presentUser(user))
}

/** The entity tag of a user, without what an answer holds beside the user. */
export function userTag(user: PrincipalUser): string {
  return etagOf(userText(user))
}
