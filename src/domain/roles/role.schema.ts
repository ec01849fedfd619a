import { Type } from '#foundation/web/http/type.ts'

/** The name of a role in a request; the service refuses one that no role has. */
export const RoleName = Type.String({ maxLength: 64, description: '`admin`, `user` or the name of another role.' })
