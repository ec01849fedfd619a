// Signing out at the request of an app: at once where its user has pressed the button there, otherwise after a question.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { leaveAfterForm, leaveByLink, localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { signOutHere } from '#use-cases/sign-in/sign-out.pages.ts'
import { ignoreBearer } from './browser.service.ts'
import { type EndSessionRequest, readEndSession } from './end-session.service.ts'
import { newExchange, queryOf } from './exchange.service.ts'
import { END_SESSION_PATH } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'

const CONFIRM_PATH = `${END_SESSION_PATH}/confirm`
const LARGEST_FORM = 8 * 1024

const config = { access: 'anyone', page: true, undocumented: true } as const

export function endSessionPages(app: App, openid: OpenId): void {
  app.get(
    END_SESSION_PATH,
    { config: { ...config, leavesSite: true }, preHandler: ignoreBearer },
    async (request, reply) => {
      const asked = await askedIn(openid, request, reply)
      if (request.ctx.principal.kind !== 'session') {
        if (asked.isOwnHint) await signOutHere(request.ctx, reply)
        return asked.target === undefined ? seeOther(reply, '/sign-out') : leaveByLink(reply, asked.target)
      }
      if (!asked.isOwnHint || asked.target === undefined) return askToSignOut(request, reply, asked)
      await signOutHere(request.ctx, reply)
      return leaveByLink(reply, asked.target)
    },
  )

  // A form of an app carries no cookie of this site, so the session is found when the browser comes with GET.
  const posted = {
    config: { access: 'anyone', bodies: ['form'], undocumented: true },
    bodyLimit: LARGEST_FORM,
  } as const
  app.post(END_SESSION_PATH, posted, async ({ ctx, body }, reply) => {
    await openid.requiredProvider(ctx)
    return reply.redirect(`${END_SESSION_PATH}?${new URLSearchParams(body as Record<string, string>)}`, 303)
  })

  app.post(CONFIRM_PATH, { config, preHandler: ignoreBearer }, async (request, reply) => {
    const { target } = await askedIn(openid, request, reply)
    await signOutHere(request.ctx, reply)
    return target === undefined ? seeOther(reply, '/sign-out') : leaveAfterForm(reply, target)
  })
}

async function askedIn(openid: OpenId, request: FastifyRequest, reply: FastifyReply): Promise<EndSessionRequest> {
  const provider = await openid.requiredProvider(request.ctx)
  const exchange = newExchange(request, reply)
  return openid.within(exchange, () => readEndSession(provider, exchange))
}

function askToSignOut(
  request: FastifyRequest,
  reply: FastifyReply,
  { client, target }: EndSessionRequest,
): FastifyReply {
  const { signOut: words, signedInAs } = texts(localeOf(reply)).openid
  const { username } = signedIn(request.ctx).principal.user
  return sendPage(reply, {
    title: words.title,
    frame: 'card',
    body: html`<p class="lead">${client === undefined ? words.unknownApp : withNames(words.question, client.name)}</p>
      <p>${withNames(signedInAs, username)}</p>
      <form method="post" action="${CONFIRM_PATH}?${queryOf(request)}">
        ${formToken(request)} ${submitButton(words.submit)}
      </form>
      <p><a href="${target ?? '/account'}">${words.stay}</a></p>`,
  })
}
