import type { FastifyReply } from 'fastify'

import type { Refusal } from '../../foundation/kernel/refusal.ts'
import { clearAttemptCookie } from '../../foundation/web/http/cookies.ts'
import { linkButton } from '../../foundation/web/components/button.ts'
import { html } from '../../foundation/web/html.ts'
import { localeOf, sendPage } from '../../foundation/web/pages/page.ts'
import { texts } from '../../foundation/texts/texts.ts'
import { supportLine } from './support.pages.ts'

/** The page for a disabled user whose factors were all verified. It offers no form, since no other code would sign them in. */
export function showDisabled(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  const { config } = reply.request.ctx
  clearAttemptCookie(reply, config)
  return sendPage(reply, {
    title: [say.signIn.turnedOff, say.signIn.title],
    refusal,
    failed: true,
    body: html`${supportLine(say, config)}
      <p>${linkButton('/sign-in', say.signInHelp.back)}</p>`,
  })
}
