// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'
import { APP_FIELDS } from './create-app.ts'

/** What changes of an app; the rest is left out. */
export const ChangeApp = Type.Object({
  clientId: Type.String(),
  name: Type.Optional(Type.String()),
  appKind: Type.Optional(APP_FIELDS.appKind),
  redirectUris: Type.Optional(APP_FIELDS.redirectUris),
  logoutUris: Type.Optional(APP_FIELDS.logoutUris),
  authMethod: Type.Optional(APP_FIELDS.authMethod),
  idTokenAlg: Type.Optional(APP_FIELDS.idTokenAlg),
  scopes: Type.Optional(APP_FIELDS.scopes),
  refreshTokens: Type.Optional(APP_FIELDS.refreshTokens),
  requirePkce: Type.Optional(APP_FIELDS.requirePkce),
  allowHttp: Type.Optional(APP_FIELDS.allowHttp),
  claimsInIdToken: Type.Optional(APP_FIELDS.claimsInIdToken),
  unconfirmedEmail: Type.Optional(APP_FIELDS.unconfirmedEmail),
  sharedGroups: Type.Optional(APP_FIELDS.sharedGroups),
  sharedGroupNames: APP_FIELDS.sharedGroupNames,
  claims: Type.Optional(APP_FIELDS.claims),
})
