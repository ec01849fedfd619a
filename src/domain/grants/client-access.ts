// Whether what an app got may still be used, by what the app requires now (decision 0077). Tested in client-access.test.ts.
import type { Client } from '#domain/clients/client.ts'
import { assuranceOf, meetsLevel } from '#foundation/kernel/assurance.ts'
import type { SessionFacts } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Grant, GrantToken } from './grant.ts'

/** The authentication of a grant, and of the session that holds it; undefined for a token that outlives the session. */
export interface Authentications {
  readonly grant: Pick<Grant, 'methods' | 'authenticatedAt'>
  readonly session: Pick<SessionFacts, 'methods' | 'authenticatedAt'> | undefined
}

/**
 * Whether the verified factors reach the level of the app: those of the grant, since a stronger authentication later on in the session must not
 * make a token stronger that was stolen before (RFC 9470 §6.2); and those of the session, which may have taken the grant over from another.
 */
export function reachesLevel(
  { leastAssurance }: Pick<Client, 'leastAssurance'>,
  { grant, session }: Authentications,
): boolean {
  if (leastAssurance === null) return true
  return [grant, ...(session === undefined ? [] : [session])].every(({ methods }) =>
    meetsLevel(assuranceOf(methods), leastAssurance),
  )
}

/** Whether the latest authentication is recent enough for the app. A user who authenticates again in the session keeps the app going. */
export function isRecent(
  { maxAge }: Pick<Client, 'maxAge'>,
  { grant, session }: Authentications,
  at: Instant,
): boolean {
  return maxAge === null || at - (session ?? grant).authenticatedAt <= maxAge * 1000
}

/**
 * Returns the instant at which the age of the authentication counts for a use of a token: a code was issued to an authentication that was recent,
 * and the minute in which the app exchanges it does not make that older; a device was approved in one, and its grant was opened then.
 * Undefined for an access token, which ends by itself soon.
 */
export function ageCountsAt(
  {
    token,
    grant,
  }: { readonly token: Pick<GrantToken, 'kind' | 'createdAt'>; readonly grant: Pick<Grant, 'createdAt'> },
  now: Instant,
): Instant | undefined {
  switch (token.kind) {
    case 'access':
      return undefined
    case 'code':
      return token.createdAt
    case 'device':
      return grant.createdAt
    default:
      return now
  }
}
