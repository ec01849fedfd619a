// Tested in ../approval-change.test.ts.
import { optionalFields, Type } from '#foundation/web/http/type.ts'
import { APP_FIELDS, LATER_APP_FIELDS } from './create-app.ts'

/** What changes of an app; the rest is left out. */
export const ChangeApp = Type.Object({
  clientId: Type.String(),
  name: Type.Optional(Type.String()),
  ...optionalFields(APP_FIELDS),
  ...LATER_APP_FIELDS,
})
