// Tested in ../approval-change.test.ts.
import type { ProfileChanges } from '#domain/users/profile.ts'
import { type TSchema, Type } from '#foundation/web/http/type.ts'
import { Answers, MomentOrNull, TextOrNull } from '../stored-field.ts'

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
