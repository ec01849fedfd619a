import { isIP } from 'node:net'

/** What Fastify knows of a request's source; `ip` is the nearest address that is not a trusted proxy. */
interface Peer {
  readonly ip: string
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** The client's IP address: the one that the trusted proxies report, or the peer's own if they report something that is no address. */
export function clientAddress({ ip, socket }: Peer): string {
  if (isIP(ip) !== 0) return ip
  return socket.remoteAddress ?? '0.0.0.0'
}
