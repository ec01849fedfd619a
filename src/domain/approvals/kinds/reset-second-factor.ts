// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'

export const ResetSecondFactor = Type.Object({
  /** Also removes the password and makes an invitation to choose a new one. */
  resetPassword: Type.Boolean(),
})
