import type { FastifyReply, FastifyRequest } from 'fastify'

import { issueDeviceCookie } from '#domain/throttle/device-cookie.service.ts'
import type { WithSession } from '#foundation/context.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { checkbox } from '#foundation/web/components/choice.ts'
import type { MomentReader } from '#foundation/web/components/moments.ts'
import type { Html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { setDeviceCookie, setSessionCookie } from '#foundation/web/http/cookies.ts'
import type { FormState } from '#foundation/web/pages/form.ts'
import { loadOwnAccount } from './own-account.service.ts'

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

/** The name of the field of `signOutOthersField`. */
export const SIGN_OUT_OTHERS = 'sign_out_others'

/** Whether other sessions may outlive the addition of a factor: those of a user without any do not. */
export function othersMayStay({ principal }: WithSession<'principal'>): boolean {
  return principal.user.secondFactorAt !== null
}

/** The choice to end all other sessions when a factor is added. */
export function signOutOthersField(say: Texts, { values }: FormState): Html {
  return checkbox({
    id: 'sign-out-others',
    name: SIGN_OUT_OTHERS,
    label: say.security.sessions.endOthers,
    hint: say.security.signOutOthers.hint,
    checked: values[SIGN_OUT_OTHERS] !== undefined,
  })
}

/** What the sections of the security page need to show it to its user. */
export interface SecurityReader extends MomentReader {
  readonly config: Pick<Config, 'publicUrl'>
  readonly formToken: Html
}
