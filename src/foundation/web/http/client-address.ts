import { isIP } from 'node:net'

/** What Fastify knows of where a request comes from; `ip` is the nearest address that is not a trusted proxy. */
interface Peer {
  readonly ip: string
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/**
 * The client's address: what the trusted proxies say, or the peer's own when they say something that is not an address.
 */
export function clientAddress({ ip, socket }: Peer): string {
  if (isIP(ip) !== 0) return ip
  return socket.remoteAddress ?? '0.0.0.0'
}
