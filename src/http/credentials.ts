import type { IncomingHttpHeaders } from 'node:http'

import type { Transport } from '../kernel/caller.ts'
import { readCookie } from '../web/cookies.ts'

export interface Credential {
  readonly token: string
  readonly transport: Transport
}

const SCHEME = 'bearer'

/** The session token in a request: a bearer token (RFC 6750 §2.1), else the cookie; other schemes count as none. */
export function credentialIn(headers: IncomingHttpHeaders, cookieName: string): Credential | undefined {
  const bearer = bearerIn(headers.authorization)
  if (bearer !== undefined) return { token: bearer, transport: 'bearer' }
  if (headers.cookie === undefined) return undefined
  const cookie = readCookie(headers.cookie, cookieName)
  return cookie === undefined ? undefined : { token: cookie, transport: 'cookie' }
}

// The scheme alone is a credential that cannot be right: HTTP takes the space behind it away with the missing token.
function bearerIn(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined
  const scheme = authorization.slice(0, SCHEME.length + 1).trimEnd()
  return scheme.toLowerCase() === SCHEME ? authorization.slice(SCHEME.length).trim() : undefined
}
