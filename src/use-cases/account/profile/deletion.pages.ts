import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { panel, lineList } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { clearSessionCookie } from '#foundation/web/http/cookies.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { deleteOwnAccount } from './profile.service.ts'

const config = { access: 'signed-in', authentication: 'recent', page: true, undocumented: true } as const

/** Deletes the user's own account: a page that asks, and a page that confirms. */
export function deletionPages(app: App): void {
  app.get('/account/delete', { config }, (request, reply) => showDeletionQuestion(request, reply))

  app.post('/account/delete', { config }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { refusal } = await answerOf(deleteOwnAccount(ctx))
    if (refusal) return showDeletionQuestion(request, reply, refusal)
    clearSessionCookie(reply, ctx.config)
    return seeOther(reply, '/account/deleted')
  })

  app.get('/account/deleted', { config: { access: 'anyone', page: true, undocumented: true } }, (_request, reply) => {
    const { account, signIn } = texts(localeOf(reply))
    const body = html`<p class="lead">${account.deletion.doneText}</p>
      <p>${linkButton('/sign-in', signIn.title)}</p>`
    return sendPage(reply, { title: account.deletion.done, frame: 'card', body })
  })
}

function showDeletionQuestion(request: FastifyRequest, reply: FastifyReply, refusal?: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  const { deletion } = say.account
  const { username } = signedIn(request.ctx).principal.user
  return sendPage(reply, {
    title: [deletion.title, say.account.title],
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    body: panel(
      html`<p>${withNames(deletion.question, username)}</p>
        ${lineList(deletion.consequences)}
        <form method="post" action="/account/delete">
          ${formToken(request)}
          ${buttonRow(confirmDangerButton(deletion.submit), linkButton('/account', deletion.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, request.ctx.config, { method: 'DELETE', path: '/users/me', needsSession: true }),
  })
}
