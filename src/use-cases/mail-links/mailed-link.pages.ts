import type { FastifyReply } from 'fastify'
import { Type } from '../../foundation/web/http/type.ts'

import type { Refusal } from '../../foundation/kernel/refusal.ts'
import { linkButton } from '../../foundation/web/components/button.ts'
import { doorDrawing } from '../../foundation/web/components/drawing.ts'
import { html } from '../../foundation/web/html.ts'
import { localeOf, sendPage } from '../../foundation/web/pages/page.ts'
import { texts } from '../../foundation/texts/texts.ts'

/** The path parameter of every mailed link. */
export const LINK_PARAMETERS = { params: Type.Object({ token: Type.String({ maxLength: 200 }) }) }

/** Anyone may open the page of a link; its GET changes nothing, because programs open links too. */
export const LINK_PAGE = { access: 'anyone', page: true, undocumented: true } as const

/** Says that a link no longer works. Throws every refusal that is not about the link. */
export function refuseLink(
  reply: FastifyReply,
  refusal: Refusal,
  words: { readonly over: string; readonly overText: string },
): FastifyReply {
  if (!refusal.code.startsWith('link.')) throw refusal
  const say = texts(localeOf(reply))
  return sendPage(reply, {
    title: words.over,
    refusal,
    failed: true,
    above: doorDrawing('letter'),
    body: html`<p class="lead">${words.overText}</p>
      <p>${linkButton('/sign-in', say.signIn.title)}</p>`,
  })
}
