// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'

export const EnableApp = Type.Object({ clientId: Type.String() })
