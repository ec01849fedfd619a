import type { FastifyReply } from 'fastify'

import { hasClients } from '#domain/clients/client.service.ts'
import type { Context } from '#foundation/context.ts'
import { texts } from '#foundation/texts/texts.ts'
import { primaryLink, submitButton } from '#foundation/web/components/button.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { clearAttemptCookie, clearSessionCookie } from '#foundation/web/http/cookies.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { signOut, signOutIdle } from './sign-out.service.ts'

const config = { access: 'anyone', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'person', order: 10, label: (say) => say.signOut.submit, drawing: 'out' }

/** Signing out is a form with a token, so that a link or an image on another site cannot end the session (CSRF). */
export function signOutPages(app: App): void {
  app.get('/sign-out', { config }, async (request, reply) => {
    const { signOut: words, signIn, openid } = texts(localeOf(reply))
    const { principal } = request.ctx
    if (principal.kind !== 'session') {
      const body = html`<p class="lead">${words.doneText}</p>
        ${(await hasClients(request.ctx)) && html`<p>${openid.signedOut}</p>`}
        <p>${primaryLink('/sign-in', signIn.title)}</p>`
      return sendPage(reply, { title: words.done, above: lineDrawing('bolted'), body })
    }
    const body = html`<p class="lead">
        ${words.question} <strong class="name">${name(principal.user.username)}</strong>.
      </p>
      <form method="post" action="/sign-out">${formToken(request)} ${submitButton(words.submit)}</form>
      <p><a href="/account">${words.stay}</a></p>`
    return sendPage(reply, { title: words.title, body })
  })

  app.post('/sign-out', { config: { ...config, navigation } }, async ({ ctx }, reply) => {
    await signOutHere(ctx, reply)
    return seeOther(reply, '/sign-out')
  })
}

/** Ends the session of this browser, if it has one, and deletes its cookies. */
export async function signOutHere(ctx: Context, reply: FastifyReply): Promise<void> {
  await (ctx.principal.kind === 'session' ? signOut(signedIn(ctx)) : signOutIdle(ctx))
  clearSessionCookie(reply, ctx.config)
  clearAttemptCookie(reply, ctx.config)
}
