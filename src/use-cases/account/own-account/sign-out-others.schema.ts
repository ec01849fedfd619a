import { Type } from '#foundation/web/http/type.ts'

/** The wish to end all other sessions, of a route that adds a factor. */
export const SignOutOthers = Type.Optional(
  Type.Boolean({ default: false, description: 'Whether all other sessions end, where that is a choice.' }),
)
