// Which claims a scope stands for (OpenID Connect Core §5.4). Tested in test/stories/openid-claims.test.ts.

import type { Client } from '#domain/clients/client.ts'

/** `openid` names what always stands in the ID token; the others come from the userinfo endpoint. */
export const CLAIMS_OF_SCOPE: Readonly<Record<string, string[]>> = {
  openid: ['sub', 'auth_time', 'acr', 'amr', 'sid'],
  profile: ['preferred_username', 'name', 'locale', 'zoneinfo'],
  email: ['email', 'email_verified'],
  roles: ['roles'],
  groups: ['groups'],
}

/** A claim that is asked for by its name (OpenID Connect Core §5.5) is given if the app may ask for its scope. */
export function scopesWithClaims({ scopes }: Client, granted: readonly string[], names: readonly string[]): string[] {
  const asked = scopes.filter((scope) => (CLAIMS_OF_SCOPE[scope] ?? []).some((claim) => names.includes(claim)))
  return [...new Set([...granted, ...asked])]
}

/** Claims that an app gets: JSON values by their names. */
export type Claims = Readonly<Record<string, unknown>>

/** A list of groups is whole or absent: above so many it stands in no token. */
const MOST_GROUPS_IN_TOKEN = 200

/** Returns the claims for an ID token: without a list of groups that would make it too large for a header. */
export function claimsForIdToken(claims: Claims): Claims {
  const { groups, ...rest } = claims
  return Array.isArray(groups) && groups.length <= MOST_GROUPS_IN_TOKEN ? claims : rest
}
