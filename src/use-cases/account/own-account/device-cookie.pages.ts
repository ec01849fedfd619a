import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Secret } from '../../../foundation/kernel/secret.ts'
import { issueDeviceCookie } from '../../../domain/throttle/device-cookie.service.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import { setDeviceCookie, setSessionCookie } from '../../../foundation/web/http/cookies.ts'
import { loadOwnAccount } from './own-account.service.ts'

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
