import type { FastifyReply, FastifyRequest } from 'fastify'

import { rememberBrowser } from '../throttle/known-browser.service.ts'
import { signedIn } from '../web/access.ts'
import { setBrowserCookie } from '../web/cookies.ts'
import { readMyself } from './myself.service.ts'

/**
 * After a change of one's own credentials, which ends what every browser keeps: the one it was made in stays known, as
 * its session goes on.
 */
export async function staysKnown(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const ctx = signedIn(request.ctx)
  if (ctx.caller.session.carrier !== 'cookie') return
  setBrowserCookie(reply, ctx.config, rememberBrowser(ctx, await readMyself(ctx)))
}
