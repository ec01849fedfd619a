// Tested in ../approval-change.test.ts.
import {
  AUTH_METHODS,
  type AuthMethod,
  CLIENT_KINDS,
  CLIENT_SCOPES,
  type ClientAttribute,
  type ClientKind,
  ID_TOKEN_ALGORITHMS,
  type IdTokenAlgorithm,
  REQUIRED_LEVELS,
  type RequiredLevel,
} from '#domain/clients/client.ts'
import { GROUP_SEPARATOR } from '#domain/groups/group.ts'
import { optionalFields, Type } from '#foundation/web/http/type.ts'
import { AllOrWords, orNull, storedAs, TextOrNull, wordList, Words } from '../stored-field.ts'

/** Names of groups, for the person who decides. */
export const GroupNames = storedAs<readonly string[], string>(Type.String(), {
  encode: (names) => names.join(GROUP_SEPARATOR),
  decode: (text) => text.split(GROUP_SEPARATOR).filter(Boolean),
})

/** Which attribute the app gets as which claim. The admin who asked is the one who allows it. */
type Claim = Pick<ClientAttribute, 'key' | 'claim'>
const Claims = storedAs<readonly Claim[], string>(Type.String(), {
  encode: (claims) => claims.map(({ key, claim }) => `${claim}=${key}`).join(' '),
  decode: (text) =>
    text
      .split(' ')
      .filter(Boolean)
      .map((pair) => pair.split('='))
      .map(([claim = '', key = '']) => ({ key, claim })),
})

/** What an admin says about an app but its name. */
const APP_FIELDS = {
  appKind: Type.Unsafe<ClientKind>({ enum: CLIENT_KINDS }),
  redirectUris: Words,
  logoutUris: Words,
  authMethod: Type.Unsafe<AuthMethod>({ enum: AUTH_METHODS }),
  idTokenAlg: Type.Unsafe<IdTokenAlgorithm>({ enum: ID_TOKEN_ALGORITHMS }),
  scopes: wordList(CLIENT_SCOPES),
  refreshTokens: Type.Boolean(),
  requirePkce: Type.Boolean(),
  allowHttp: Type.Boolean(),
  claimsInIdToken: Type.Boolean(),
  unconfirmedEmail: Type.Boolean(),
  sharedGroups: AllOrWords,
  /** Their names, for the person who decides; left out if the app gets all. */
  sharedGroupNames: Type.Optional(GroupNames),
  claims: Claims,
}

/** What requests of earlier schema versions did not have yet. */
const LATER_APP_FIELDS = optionalFields({
  trusted: Type.Boolean(),
  allowedRoles: Words,
  allowedGroups: Words,
  /** Their names, as above. */
  allowedGroupNames: GroupNames,
  leastAssurance: orNull(Type.Unsafe<RequiredLevel>({ enum: REQUIRED_LEVELS })),
  maxAge: orNull(Type.Integer()),
  startUrl: TextOrNull,
  hidden: Type.Boolean(),
  preset: TextOrNull,
  deviceSignIn: Type.Boolean(),
  backchannelUri: TextOrNull,
  backchannelSessionRequired: Type.Boolean(),
})

/** The app has its id from the beginning. The hash of its secret is stored beside these, and erased when the request ends. */
export const CreateApp = Type.Object({
  clientId: Type.String(),
  /** Null for a public app. */
  secretId: orNull(Type.String()),
  ...APP_FIELDS,
  ...LATER_APP_FIELDS,
})

/** What changes of an app; the rest is left out. */
export const ChangeApp = Type.Object({
  clientId: Type.String(),
  name: Type.Optional(Type.String()),
  ...optionalFields(APP_FIELDS),
  ...LATER_APP_FIELDS,
})

export const EnableApp = Type.Object({ clientId: Type.String() })

/** The hash of the secret is stored beside these, and erased when the request ends. */
export const AddAppSecret = Type.Object({ clientId: Type.String(), secretId: Type.String() })

/** Which agents may come, from then on. */
export const ChangeAgents = Type.Object({ agents: Type.Boolean(), allowedDocuments: Words })
