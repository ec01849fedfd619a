// Tested in ../approval-change.test.ts.
import { optionalFields, Type } from '#foundation/web/http/type.ts'
import { RESOURCE_FIELDS } from './create-resource.ts'

/** What changes of a resource; the rest is left out. */
export const ChangeResource = Type.Object({
  resourceId: Type.String(),
  name: Type.Optional(Type.String()),
  ...optionalFields(RESOURCE_FIELDS),
})
