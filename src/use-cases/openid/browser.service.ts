// Who counts as signed in on the pages of the provider.
import type { FastifyRequest } from 'fastify'

/**
 * Makes the principal of a request anonymous unless it is the session of a browser. Apps are for a user at a browser: a program that holds a
 * session of its own must not get codes for every app with it.
 */
export async function ignoreBearer(request: FastifyRequest): Promise<void> {
  const { principal } = request.ctx
  if (principal.kind === 'anonymous') return
  if (principal.kind === 'session' && principal.session.transport === 'cookie') return
  request.ctx = { ...request.ctx, principal: { kind: 'anonymous', source: principal.source } }
}
