// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'
import { Words } from '../stored-field.ts'

/** Which agents may come, from then on. */
export const ChangeAgents = Type.Object({ agents: Type.Boolean(), allowedDocuments: Words })
