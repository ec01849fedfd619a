import type { FastifyReply } from 'fastify'

import type { Refusal } from '#foundation/kernel/refusal.ts'
import { texts } from '#foundation/texts/texts.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { html } from '#foundation/web/html.ts'
import { Type } from '#foundation/web/http/type.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import { sendRefusedLink } from '#foundation/web/pages/refused-link.ts'

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
  const { signIn } = texts(localeOf(reply))
  const instead = html`<p>${linkButton('/sign-in', signIn.title)}</p>`
  return sendRefusedLink(reply, refusal, { words: { 'link.unknown': [words.over, words.overText] }, instead })
}
