import type { FastifyRequest } from 'fastify'

import { clientAddress } from './client-address.ts'

/** A request as it arrived, as far as it says something about the proxies before it. */
export interface SeenRequest {
  /** Name and port that the client asked for. */
  readonly host: string
  /** Whoever opened the connection. */
  readonly peer: string
  /** Where the request comes from, as far as the trusted proxies are believed. */
  readonly address: string
  /** Whether somebody on the way says that the request comes from elsewhere. */
  readonly forwarded: boolean
}

export function observedRequest(request: FastifyRequest): SeenRequest {
  const { headers, host, socket } = request
  const forwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
  return { host, peer: socket.remoteAddress ?? '', address: clientAddress(request), forwarded }
}
