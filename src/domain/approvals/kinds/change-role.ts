// Tested in ../approval-change.test.ts.
import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { Type } from '#foundation/web/http/type.ts'
import { wordList } from '../stored-field.ts'

/** What changes of a role; the rest is left out. */
export const ChangeRole = Type.Object({
  description: Type.Optional(Type.String()),
  permissions: Type.Optional(wordList(PERMISSIONS)),
})
