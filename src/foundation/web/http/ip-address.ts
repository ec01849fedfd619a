import type { FastifyRequest } from 'fastify'
import { isIP } from 'node:net'

/** What Fastify knows of a request's source; `ip` is the nearest IP address that is not a trusted proxy's. */
interface Peer {
  readonly ip: string
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** The IP address of the request's source: the one that the trusted proxies report, or the peer's own if they report no IP address. */
export function ipAddressOf({ ip, socket }: Peer): string {
  if (isIP(ip) !== 0) return ip
  return socket.remoteAddress ?? '0.0.0.0'
}

/** The facts of a request that show whether the proxies before the server are configured correctly. */
export interface SeenRequest {
  /** Host and port of the requested URL. */
  readonly host: string
  /** The IP address of the connection's other end. */
  readonly peer: string
  /** The IP address of the request's source, as far as the trusted proxies are believed. */
  readonly ipAddress: string
  /** Whether a proxy header says that the request comes from another IP address. */
  readonly forwarded: boolean
}

export function observedRequest(request: FastifyRequest): SeenRequest {
  const { headers, host, socket } = request
  const forwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
  return { host, peer: socket.remoteAddress ?? '', ipAddress: ipAddressOf(request), forwarded }
}
