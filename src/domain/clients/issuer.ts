// The name by which apps know this server (OpenID Connect Core §2: iss). Tested in test/stories/pages-apps.test.ts.

/** Below this path all endpoints of the protocol stand. It is part of the issuer, so it is fixed. */
export const OPENID_PATH = '/oidc'

/** The endpoints, by their paths below the issuer: not every app reads the discovery document. */
export const ENDPOINTS = {
  authorization: '/auth',
  token: '/token',
  userinfo: '/me',
  keys: '/jwks',
  endSession: '/session/end',
  introspection: '/token/introspection',
  revocation: '/token/revocation',
} as const

/** Returns the issuer, which is the beginning of the URL of every endpoint. */
export function issuerOf({ publicUrl }: { readonly publicUrl: string }): string {
  return publicUrl + OPENID_PATH
}

/** Returns the URL of the discovery document (OpenID Connect Discovery 1.0 §4). */
export function discoveryUrlOf(config: { readonly publicUrl: string }): string {
  return `${issuerOf(config)}/.well-known/openid-configuration`
}

export function endpointUrls(config: { readonly publicUrl: string }): Record<keyof typeof ENDPOINTS, string> {
  const urls = Object.entries(ENDPOINTS).map(([name, path]) => [name, issuerOf(config) + path])
  return Object.fromEntries(urls) as Record<keyof typeof ENDPOINTS, string>
}
