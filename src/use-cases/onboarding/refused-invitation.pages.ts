import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Refusal } from '../../foundation/kernel/refusal.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import { linkButton, primaryLink } from '../../foundation/web/components/button.ts'
import { withNames } from '../../foundation/web/components/person-name.ts'
import { day } from '../../foundation/texts/day-and-time.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import { localeOf, sendPage } from '../../foundation/web/pages/page.ts'
import { texts } from '../../foundation/texts/texts.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
import { readExpiredInvitation } from './invitation.service.ts'

type LinkRequest = Pick<FastifyRequest, 'ctx'> & { readonly params: { readonly token: string } }

/** Shows why an invitation link does not work and what to do instead. Throws every refusal that is not about the link. */
export async function refuseInvitation(
  request: LinkRequest,
  reply: FastifyReply,
  refusal: Refusal,
): Promise<FastifyReply> {
  if (!refusal.code.startsWith('link.')) throw refusal
  const say = texts(localeOf(reply))
  const { heading, sentence } = await wordsFor(say, request, refusal)
  return sendPage(reply, {
    title: [heading, say.invitation.shortTitle],
    refusal,
    failed: true,
    body: html`<p class="lead">${sentence}</p>
      <p>${(refusal.code === 'link.used' ? primaryLink : linkButton)('/sign-in', say.signIn.title)}</p>`,
  })
}

interface Words {
  readonly heading: string
  readonly sentence: Html | string
}

async function wordsFor(say: Texts, { ctx, params }: LinkRequest, { code }: Refusal): Promise<Words> {
  const { invitation } = say
  if (code === 'link.used') return { heading: invitation.used, sentence: invitation.usedText }
  const expired = code === 'link.expired' ? await readExpiredInvitation(ctx, Secret.of(params.token)) : undefined
  if (expired === undefined) return { heading: invitation.unknown, sentence: invitation.unknownText }
  const when = day({ say, timeZone: null }, expired.expiredAt)
  const { invitedBy } = expired
  const ask = (by = ''): string => invitation.expiredText(when, invitedBy === null ? null : by)
  return { heading: invitation.expired, sentence: withNames(ask, invitedBy ?? '') }
}
