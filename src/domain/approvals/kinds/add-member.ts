// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'

export const AddMember = Type.Object({
  /** The name of the group, for the person who decides. */
  group: Type.String(),
  groupId: Type.String(),
})
