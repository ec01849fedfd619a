// The name by which apps know this server (OpenID Connect Core §2: iss). Tested in test/stories/pages-apps.test.ts.

/** Below this path all endpoints of the protocol stand. It is part of the issuer, so it is fixed. */
export const OPENID_PATH = '/oidc'

/** Returns the issuer, which is the beginning of the URL of every endpoint. */
export function issuerOf({ publicUrl }: { readonly publicUrl: string }): string {
  return publicUrl + OPENID_PATH
}
