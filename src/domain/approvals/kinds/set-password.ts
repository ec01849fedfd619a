// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'

/** The hash is stored beside these, and erased when the request ends. */
export const SetPassword = Type.Object({
  /** Requests a new password at the next sign-in. */
  mustChange: Type.Boolean(),
  /** Keeps the user's sessions and API tokens. */
  keepSessions: Type.Boolean(),
})
