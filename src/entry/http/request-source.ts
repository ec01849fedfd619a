// Derives the source of a request (IP address, network, user agent, device cookie) and its credential.
import type { FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'

import { networkOf } from '#foundation/kernel/network.ts'
import type { RequestSource, Transport } from '#foundation/kernel/principal.ts'
import { readCookie } from '#foundation/web/http/cookies.ts'
import { ipAddressOf } from '#foundation/web/http/ip-address.ts'

const LONGEST_AGENT = 256

/**
 * The source of a request. `deviceCookies` are the possible names of the device cookie; it is empty for API routes, which do not read it.
 */
export function requestSourceOf(request: FastifyRequest, deviceCookies: readonly string[]): RequestSource {
  const ipAddress = ipAddressOf(request)
  const userAgent = request.headers['user-agent']
  return {
    ipAddress,
    network: networkOf(ipAddress),
    userAgent: userAgent?.slice(0, LONGEST_AGENT) ?? null,
    deviceCookie: deviceCookies.map((name) => readCookie(request.headers.cookie, name)).find(Boolean) ?? null,
  }
}

export interface Credential {
  readonly token: string
  readonly transport: Transport
}

const SCHEME = 'bearer'

/** The credential of a request: a bearer token (RFC 6750 §2.1), else the session cookie. Another authentication scheme counts as none. */
export function credentialIn(headers: IncomingHttpHeaders, cookieName: string): Credential | undefined {
  const bearer = bearerIn(headers.authorization)
  if (bearer !== undefined) return { token: bearer, transport: 'bearer' }
  if (headers.cookie === undefined) return undefined
  const cookie = readCookie(headers.cookie, cookieName)
  return cookie === undefined ? undefined : { token: cookie, transport: 'cookie' }
}

// `Bearer` without a token counts as an invalid credential: HTTP trims the space behind the scheme when the token is missing.
function bearerIn(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined
  const scheme = authorization.slice(0, SCHEME.length + 1).trimEnd()
  return scheme.toLowerCase() === SCHEME ? authorization.slice(SCHEME.length).trim() : undefined
}
