import { nullable } from '../../foundation/web/http/schema.ts'
import { Type } from '../../foundation/web/http/type.ts'

/** The fields of a user that the user and admins may write. */
export const Username = Type.String({ description: 'One to 64 characters, without @. Unique, ignoring case.' })
export const Email = nullable(
  Type.String({ description: 'Unique, ignoring case. Stays unverified until it is confirmed.' }),
)
export const FullName = nullable(Type.String())
