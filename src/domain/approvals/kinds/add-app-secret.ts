// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'

/** The hash of the secret is stored beside these, and erased when the request ends. */
export const AddAppSecret = Type.Object({ clientId: Type.String(), secretId: Type.String() })
