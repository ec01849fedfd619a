// Tested in ../approval-change.test.ts.
import { TOKEN_FORMATS, type TokenFormat } from '#domain/clients/resource.ts'
import { optionalFields, Type } from '#foundation/web/http/type.ts'
import { AllOrWords, orNull, storedAs, TextOrNull, Words } from '../stored-field.ts'

/** In lines: a name may contain every other sign. */
const Names = storedAs<readonly string[], string>(Type.String(), {
  encode: (names) => names.join('\n'),
  decode: (text) => text.split('\n').filter(Boolean),
})

/** What an admin says about a resource but its name and URI. */
const RESOURCE_FIELDS = {
  servedBy: TextOrNull,
  /** The name of that app, for the person who decides, as below. */
  servedByName: Type.Optional(Type.String()),
  tokenFormat: Type.Unsafe<TokenFormat>({ enum: TOKEN_FORMATS }),
  tokenLifetime: orNull(Type.Integer()),
  resourceScopes: Words,
  allowedClients: AllOrWords,
  /** Left out if all apps are allowed. */
  allowedClientNames: Type.Optional(Names),
}

/** The resource has its id from the beginning. */
export const CreateResource = Type.Object({ resourceId: Type.String(), uri: Type.String(), ...RESOURCE_FIELDS })

/** What changes of a resource; the rest is left out. */
export const ChangeResource = Type.Object({
  resourceId: Type.String(),
  name: Type.Optional(Type.String()),
  ...optionalFields(RESOURCE_FIELDS),
})
