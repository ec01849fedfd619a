// What the URL of the page for a host says: to which host a browser returns, and which value it keeps there.
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import { isLoopback } from '#foundation/kernel/loopback.ts'
import { type ForwardedRequest, hostAndPort } from './forwarded-request.ts'

export interface RequestedReturn extends Pick<ForwardedRequest, 'scheme' | 'host' | 'port'> {
  /** The digest of the value that the browser keeps. */
  readonly leaving: string
}

const DIGEST = /^[\da-f]{64}$/

/** Reads the host and the digest; undefined if they are absent or malformed. A host is opened with http on this machine only. */
export function requestedReturn(query: Readonly<Record<string, unknown>>): RequestedReturn | undefined {
  const { host, leaving, scheme } = query
  const named = typeof host === 'string' ? hostAndPort(host) : undefined
  if (named === undefined || typeof leaving !== 'string' || !DIGEST.test(leaving)) return undefined
  return { ...named, scheme: scheme === 'http' && isLoopback(named.host) ? 'http' : 'https', leaving }
}

/** The query of that page. What it requires can only add to what the rules of the host require of the next request. */
export function forHostQuery(
  { scheme, host, port }: Pick<ForwardedRequest, 'scheme' | 'host' | 'port'>,
  leaving: string,
  { since, least }: AuthenticationRequirement,
): URLSearchParams {
  return new URLSearchParams({
    host: `${host}${port}`,
    ...(scheme === 'http' && { scheme }),
    leaving,
    ...(least !== undefined && { least }),
    ...(since !== undefined && { since: String(since) }),
  })
}
