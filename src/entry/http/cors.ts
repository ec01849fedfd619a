import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Config } from '#foundation/platform/config/types.ts'

const HOUR_IN_SECONDS = '3600'

/** Cross-origin requests from the configured origins (CORS). They carry no cookies: pages of other origins use an access token. */
export interface Cors {
  /** Adds `Vary: Origin` to an answer and, for a configured origin, the CORS headers. */
  admit(request: FastifyRequest, reply: FastifyReply): void
  /**
   * Answers a preflight request with 204 and returns true. Returns false if the request is no preflight or the origin is not configured.
   */
  preflight(request: FastifyRequest, reply: FastifyReply, allow: readonly string[]): boolean
}

const CLOSED: Cors = { admit: () => undefined, preflight: () => false }

export function corsFor({ corsOrigins }: Pick<Config, 'corsOrigins'>): Cors {
  if (corsOrigins.length === 0) return CLOSED
  const admits = (origin: string | undefined): origin is string => origin !== undefined && corsOrigins.includes(origin)
  return {
    admit({ headers: { origin } }, reply) {
      const varied = reply.getHeader('vary')
      reply.header('vary', varied === undefined ? 'origin' : `${String(varied)}, origin`)
      if (!admits(origin)) return
      reply.header('access-control-allow-origin', origin)
      reply.header('access-control-expose-headers', 'etag, link, location, retry-after, www-authenticate, x-request-id')
    },
    preflight({ method, headers }, reply, allow) {
      if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false
      if (!admits(headers.origin)) return false
      reply
        .code(204)
        .header('access-control-allow-methods', allow.join(', '))
        .header('access-control-allow-headers', 'authorization, content-type, if-match, x-request-id')
        .header('access-control-max-age', HOUR_IN_SECONDS)
        .send()
      return true
    },
  }
}
