// Tested in ../approval-change.test.ts.
import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { Type } from '#foundation/web/http/type.ts'
import { orAbsent, wordList } from '../stored-field.ts'

export const CreateRole = Type.Object({
  description: orAbsent(Type.String(), ''),
  permissions: wordList(PERMISSIONS),
})
