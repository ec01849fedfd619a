import type { FastifyRequest } from 'fastify'

import { clientAddress } from './client-address.ts'

/** The facts of a request that show whether the proxies before the server are configured correctly. */
export interface SeenRequest {
  /** Host and port of the requested URL. */
  readonly host: string
  /** The IP address of the connection's other end. */
  readonly peer: string
  /** The client's IP address, as far as the trusted proxies are believed. */
  readonly address: string
  /** Whether a proxy header says that the request comes from another address. */
  readonly forwarded: boolean
}

export function observedRequest(request: FastifyRequest): SeenRequest {
  const { headers, host, socket } = request
  const forwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
  return { host, peer: socket.remoteAddress ?? '', address: clientAddress(request), forwarded }
}
