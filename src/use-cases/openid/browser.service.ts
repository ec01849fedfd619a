// Who counts as signed in on the pages of the provider, and in which browser an interaction began.
import type { FastifyRequest } from 'fastify'

import type { Config } from '#foundation/platform/config/types.ts'
import { readCookie } from '#foundation/web/http/cookies.ts'

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

/** Returns the names of the cookies of the protocol's library. A cookie that is bound to a path cannot have the prefix `__Host-` (RFC 6265bis §4.1.3). */
export function interactionCookieNames({ publicUrl }: Pick<Config, 'publicUrl'>) {
  const prefix = publicUrl.startsWith('https:') ? '__Secure-' : ''
  return {
    session: `${prefix}doorward-openid`,
    interaction: `${prefix}doorward-interaction`,
    resume: `${prefix}doorward-resume`,
  }
}

export function isInteractionOfBrowser(
  { ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>,
  uid: string,
): boolean {
  return readCookie(headers.cookie, interactionCookieNames(ctx.config).interaction) === uid
}
