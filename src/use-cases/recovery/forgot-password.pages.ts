import type { FastifyReply } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import { texts } from '#foundation/texts/texts.ts'
import { linkButton, submitButton } from '#foundation/web/components/button.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { textField } from '#foundation/web/components/field.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, type FormState, readForm, refusedForm, soleError } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { supportLine } from '#foundation/web/pages/support-line.ts'
import { existingCredentialTexts } from '#use-cases/sign-in/factors.pages.ts'
import { LONGEST_LOGIN } from './recovery.schema.ts'
import { requestPasswordReset } from './reset-request.service.ts'

const PATH = '/forgot-password'
const SENT = '/forgot-password/sent'
const ForgotForm = Type.Object({ username: Type.String({ maxLength: LONGEST_LOGIN }) })
const config = { access: 'anyone', page: true, undocumented: true } as const

/** The page that asks for the mail of a forgotten password. Every name leads to the same page, at the same time (enumeration). */
export function forgotPasswordPages(app: App): void {
  app.get(PATH, { config }, (_request, reply) => showForgotPassword(reply, shownForm(reply)))

  app.post(PATH, { config: { ...config, uniformTime: true } }, async ({ ctx, body }, reply) => {
    const form = readForm(ForgotForm, body)
    if ('fieldErrors' in form) return showForgotPassword(reply, refusedForm(body, ['username'], form.fieldErrors))
    const { refusal } = await answerOf(requestPasswordReset(ctx, form.value.username))
    if (refusal) return showForgotPassword(reply, refusedForm(body, ['username'], refusal))
    return seeOther(reply, SENT)
  })

  app.get(SENT, { config }, ({ ctx }, reply) => {
    const say = texts(localeOf(reply))
    const { forgotPassword } = say
    return sendPage(reply, {
      title: [forgotPassword.sent, say.signIn.title],
      above: lineDrawing('envelope'),
      body: html`<p class="lead">${forgotPassword.sentText}</p>
        <p>${forgotPassword.sentMore}</p>
        ${supportLine(say, ctx.config)}
        <p><a href="${PATH}">${say.passwordReset.another}</a></p>
        <p>${linkButton('/sign-in', forgotPassword.back)}</p>`,
    })
  })
}

/** Without mail the page has no form: it says why, and whom to ask. */
function showForgotPassword(reply: FastifyReply, state: FormState): FastifyReply {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const say = texts(localeOf(reply))
  const { config: settings } = reply.request.ctx
  const { forgotPassword } = say
  const back = html`<p>${linkButton('/sign-in', forgotPassword.back)}</p>`
  const title = [forgotPassword.title, say.signIn.title] as const
  if (!isMailOn(settings)) {
    const body = html`<p class="lead">${forgotPassword.off}</p>
      ${supportLine(say, settings)} ${back}`
    return sendPage(reply, { title, refusal: state.refusal, body })
  }
  return sendPage(reply, {
    title,
    refusal: state.refusal,
    waits: true,
    body: html`<p class="lead">${forgotPassword.lead}</p>
      <form method="post" action="${PATH}">
        ${textField({
          id: 'username',
          label: say.fields.usernameOrEmail,
          value: state.values['username'],
          error: soleError(existingCredentialTexts(say), state, 'username'),
          autocomplete: 'username',
          enterkeyhint: 'go',
          required: true,
          autofocus: true,
        })}
        ${submitButton(forgotPassword.submit)}
      </form>
      ${back}`,
  })
}
