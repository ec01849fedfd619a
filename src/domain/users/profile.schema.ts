import { nullable } from '../../foundation/web/http/schema.ts'
import { Type } from '../../foundation/web/http/type.ts'

/** The fields of a user that they and admins may write, as both send them. */
export const Username = Type.String({ description: 'One to 64 characters, without @. Unique whatever its case.' })
export const Email = nullable(
  Type.String({ description: 'Unique whatever its case. Stays unverified until it is confirmed.' }),
)
export const FullName = nullable(Type.String())
