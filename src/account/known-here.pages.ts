import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Secret } from '../kernel/secret.ts'
import { issueDeviceCookie } from '../throttle/known-browser.service.ts'
import { signedIn } from '../web/access.ts'
import { setDeviceCookie, setSessionCookie } from '../web/cookies.ts'
import { loadOwnAccount } from './myself.service.ts'

/**
 * After a change of one's own credentials, which ends what every browser keeps: the session of the one it was made in goes on
 * under `token`, and that browser stays known.
 */
export async function staysSignedIn(request: FastifyRequest, reply: FastifyReply, token: Secret): Promise<void> {
  const ctx = signedIn(request.ctx)
  if (ctx.principal.session.transport !== 'cookie') return
  setSessionCookie(reply, ctx.config, token)
  setDeviceCookie(reply, ctx.config, issueDeviceCookie(ctx, await loadOwnAccount(ctx)))
}
