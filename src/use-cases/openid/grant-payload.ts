// What a grant says for the protocol's library. Tested in test/stories/openid-claims.test.ts.
import type { AdapterPayload } from 'oidc-provider'

/** Returns what the user has granted: what was asked for, as far as the app may ask for it. */
export function grantPayload({ scope, claims }: Pick<AdapterPayload, 'scope' | 'claims'>): string {
  const names = Object.values(claims ?? {}).flatMap((of) => Object.keys(of ?? {}))
  return JSON.stringify({ openid: { scope, claims: [...new Set(names)].toSorted() } })
}
