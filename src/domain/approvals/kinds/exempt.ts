// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'
import { Moment } from '../stored-field.ts'

export const Exempt = Type.Object({
  /** The name of the policy, for the person who decides. */
  policy: Type.String(),
  policyId: Type.String(),
  endsAt: Moment,
})
