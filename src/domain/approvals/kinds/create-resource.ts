// Tested in ../approval-change.test.ts.
import { TOKEN_FORMATS, type TokenFormat } from '#domain/clients/resource.ts'
import { Type } from '#foundation/web/http/type.ts'
import { orNull, storedAs, TextOrNull, Words } from '../stored-field.ts'

const AllowedClients = storedAs<'all' | readonly string[], string>(Type.String(), {
  encode: (allowed) => (allowed === 'all' ? allowed : allowed.join(' ')),
  decode: (text) => (text === 'all' ? text : text.split(' ').filter(Boolean)),
})

/** In lines: a name may contain every other sign. */
const Names = storedAs<readonly string[], string>(Type.String(), {
  encode: (names) => names.join('\n'),
  decode: (text) => text.split('\n').filter(Boolean),
})

/** What an admin says about a resource but its name and URI. */
export const RESOURCE_FIELDS = {
  servedBy: TextOrNull,
  /** The name of that app, for the person who decides, as below. */
  servedByName: Type.Optional(Type.String()),
  tokenFormat: Type.Unsafe<TokenFormat>({ enum: TOKEN_FORMATS }),
  tokenLifetime: orNull(Type.Integer()),
  resourceScopes: Words,
  allowedClients: AllowedClients,
  /** Left out if all apps are allowed. */
  allowedClientNames: Type.Optional(Names),
}

/** The resource has its id from the beginning. */
export const CreateResource = Type.Object({ resourceId: Type.String(), uri: Type.String(), ...RESOURCE_FIELDS })
