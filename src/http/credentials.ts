import type { IncomingHttpHeaders } from 'node:http'

import type { Carrier } from '../kernel/caller.ts'
import { readCookie } from '../web/cookies.ts'

export interface Credential {
  readonly token: string
  readonly carrier: Carrier
}

const SCHEME = 'bearer '

/** The session token in a request: a bearer token (RFC 6750 §2.1), else the cookie; other schemes count as none. */
export function credentialIn(headers: IncomingHttpHeaders, cookieName: string): Credential | undefined {
  const bearer = bearerIn(headers.authorization)
  if (bearer !== undefined) return { token: bearer, carrier: 'bearer' }
  if (headers.cookie === undefined) return undefined
  const cookie = readCookie(headers.cookie, cookieName)
  return cookie === undefined ? undefined : { token: cookie, carrier: 'cookie' }
}

function bearerIn(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length < SCHEME.length) return undefined
  if (authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined
  return authorization.slice(SCHEME.length).trim()
}
