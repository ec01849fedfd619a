// Tested in ../approval-change.test.ts.
import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { Type } from '#foundation/web/http/type.ts'
import { orAbsent, wordList } from '../stored-field.ts'

export const CreateRole = Type.Object({
  description: orAbsent(Type.String(), ''),
  permissions: wordList(PERMISSIONS),
})

/** What changes of a role; the rest is left out. */
export const ChangeRole = Type.Object({
  description: Type.Optional(Type.String()),
  permissions: Type.Optional(wordList(PERMISSIONS)),
})
