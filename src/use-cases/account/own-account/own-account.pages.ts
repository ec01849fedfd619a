import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import { issueDeviceCookie } from '../../../domain/throttle/device-cookie.service.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import { setDeviceCookie, setSessionCookie } from '../../../foundation/web/http/cookies.ts'
import { loadOwnAccount } from './own-account.service.ts'
import type { Config } from '../../../foundation/platform/config/types.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'

/**
 * Sets the session cookie to `token` and issues a new device cookie, after a change of the user's own credentials: the new epoch has
 * invalidated both. Does nothing for a session without a cookie.
 */
export async function reissueCookies(request: FastifyRequest, reply: FastifyReply, token: Secret): Promise<void> {
  const ctx = signedIn(request.ctx)
  if (ctx.principal.session.transport !== 'cookie') return
  setSessionCookie(reply, ctx.config, token)
  setDeviceCookie(reply, ctx.config, issueDeviceCookie(ctx, await loadOwnAccount(ctx)))
}

/** What the sections of the security page need to show it to its user. */
export interface SecurityReader extends MomentReader {
  readonly config: Pick<Config, 'publicUrl'>
  readonly formToken: Html
}
