// Tested in ../approval-change.test.ts.
import { GROUP_SEPARATOR } from '#domain/groups/group.ts'
import type { ProfileChanges } from '#domain/users/profile.ts'
import { type TSchema, Type } from '#foundation/web/http/type.ts'
import { Answers, MomentOrNull, orNull, storedAs, TextOrNull } from '../stored-field.ts'

const Delivery = Type.Union([Type.Literal('link'), Type.Literal('mail')])

export const Invite = Type.Object({
  /** In milliseconds; the configured one if null. */
  lifetime: orNull(Type.Integer()),
  /** Left out by earlier versions, which showed each link. */
  delivery: Type.Optional(Delivery),
})

const Groups = storedAs<readonly string[], string>(Type.String(), {
  encode: (names) => names.join(GROUP_SEPARATOR),
  decode: (text) => text.split(GROUP_SEPARATOR),
})

export const CreateUser = Type.Object({
  username: Type.String(),
  email: Type.Optional(TextOrNull),
  fullName: Type.Optional(TextOrNull),
  role: Type.Optional(Type.String()),
  /** Whether to make an invitation; true if left out. */
  invite: Type.Optional(Type.Boolean()),
  /** The lifetime of the invitation in milliseconds; the configured one if left out. */
  lifetime: Type.Optional(orNull(Type.Integer())),
  locale: Type.Optional(TextOrNull),
  /** Shown in the answer, or sent to the email of the user; shown if left out. */
  delivery: Type.Optional(orNull(Delivery)),
  /** From this instant on the user cannot sign in; no end if left out. */
  expiresAt: Type.Optional(MomentOrNull),
  attributes: Type.Optional(orNull(Answers)),
  /** The names of the groups to which the user is added; it needs the permission `groups:write`. */
  groups: Type.Optional(Groups),
})

/** What changes of an account; the rest is left out. */
export const Change = Type.Object({
  username: Type.Optional(Type.String()),
  email: Type.Optional(TextOrNull),
  role: Type.Optional(Type.String()),
  locale: Type.Optional(TextOrNull),
  fullName: Type.Optional(TextOrNull),
  timeZone: Type.Optional(TextOrNull),
  expiresAt: Type.Optional(MomentOrNull),
  attributes: Type.Optional(Answers),
} satisfies Record<keyof ProfileChanges | 'attributes', TSchema>)

export const ResetSecondFactor = Type.Object({
  /** Also removes the password and makes an invitation to choose a new one. */
  resetPassword: Type.Boolean(),
})

/** The hash is stored beside these, and erased when the request ends. */
export const SetPassword = Type.Object({
  /** Requests a new password at the next sign-in. */
  mustChange: Type.Boolean(),
  /** Keeps the user's sessions and API tokens. */
  keepSessions: Type.Boolean(),
})

export const AddMember = Type.Object({
  /** The name of the group, for the person who decides. */
  group: Type.String(),
  groupId: Type.String(),
})
