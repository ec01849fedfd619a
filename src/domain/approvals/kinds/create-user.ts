// Tested in ../approval-change.test.ts.
import { GROUP_SEPARATOR } from '#domain/groups/group.ts'
import { Type } from '#foundation/web/http/type.ts'
import { Answers, MomentOrNull, orNull, storedAs, TextOrNull } from '../stored-field.ts'
import { Delivery } from './invite.ts'

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
