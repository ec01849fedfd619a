// What a request of the two-person rule keeps of an app, and back. Tested in test/attacks/two-person-apps.test.ts.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import type { ClientFields } from '#domain/clients/client.ts'

/** What an admin says about an app; who allows an attribute is known from who says it. */
export type AppFields = Omit<ClientFields, 'attributes'> & {
  readonly attributes: readonly { readonly key: string; readonly claim: string }[]
}

/** What is left out, or undefined, stays. */
export type AppChanges = { readonly [Field in keyof AppFields]?: AppFields[Field] | undefined }

type Values = Omit<ApprovalValues['change-app'], 'clientId'>

/** Returns fields of an app as the values of a request. */
export function requestValues(
  { kind, attributes, ...fields }: AppChanges,
  sharedGroupNames: readonly string[] | undefined,
): Values {
  const claims = attributes?.map(({ key, claim }) => ({ key, claim }))
  return { ...ABSENT, ...fields, appKind: kind, claims, sharedGroupNames }
}

/** Returns the fields of an app that a request has. */
export function requestedFields({ appKind, claims, sharedGroupNames: _, ...fields }: Partial<Values>): AppChanges {
  return { ...fields, kind: appKind, attributes: claims }
}

const ABSENT: Values = {
  name: undefined,
  appKind: undefined,
  redirectUris: undefined,
  logoutUris: undefined,
  authMethod: undefined,
  idTokenAlg: undefined,
  scopes: undefined,
  refreshTokens: undefined,
  requirePkce: undefined,
  allowHttp: undefined,
  claimsInIdToken: undefined,
  unconfirmedEmail: undefined,
  sharedGroups: undefined,
  sharedGroupNames: undefined,
  claims: undefined,
}
