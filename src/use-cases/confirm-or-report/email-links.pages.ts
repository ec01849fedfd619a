import type { FastifyReply, FastifyRequest } from 'fastify'

import { CONFIRM_EMAIL_PATH, UNDO_EMAIL_PATH } from '#domain/notices/email-change.service.ts'
import type { User } from '#domain/users/user.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { texts } from '#foundation/texts/texts.ts'
import { buttonRow, linkButton, primaryLink, submitButton } from '#foundation/web/components/button.ts'
import { checkbox } from '#foundation/web/components/choice.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { errorSummary } from '#foundation/web/components/error-summary.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { factList } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { answerOf, typedText } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { confirmEmailChange, readEmailConfirmation, readEmailUndo, undoEmail } from './email-links.service.ts'
import { LINK_PAGE, LINK_PARAMETERS, refuseLink } from './mailed-link.pages.ts'
import { reportedBody } from './not-me.pages.ts'

type LinkRequest = Pick<FastifyRequest, 'ctx'> & { readonly params: { readonly token: string } }

const options = { config: LINK_PAGE, schema: LINK_PARAMETERS }

/** The pages that confirm a new email, and undo a change of it. GET shows, POST does. */
export function emailLinkPages(app: App): void {
  app.get(`${CONFIRM_EMAIL_PATH}/:token`, options, (request, reply) =>
    showConfirmation(request, reply, shownForm(reply).refusal),
  )
  app.post(`${CONFIRM_EMAIL_PATH}/:token`, options, async (request, reply) => {
    const { answer, refusal } = await answerOf(confirmEmailChange(request.ctx, Secret.of(request.params.token)))
    if (refusal) return redirectRefused(reply, { refusal }) ?? showConfirmation(request, reply, refusal)
    const { confirmEmail, signIn } = texts(localeOf(reply))
    return sendPage(reply, {
      title: [confirmEmail.done, confirmEmail.title],
      above: lineDrawing('tick'),
      body: html`<p class="lead">${withNames(confirmEmail.doneText, answer.email ?? '', answer.username)}</p>
        <p>${primaryLink('/sign-in', signIn.title)}</p>`,
    })
  })

  app.get(`${UNDO_EMAIL_PATH}/:token`, options, (request, reply) => showUndo(request, reply, shownForm(reply).refusal))
  app.post(`${UNDO_EMAIL_PATH}/:token`, options, async (request, reply) => {
    const { ctx, params, body } = request
    const report = typedText(body, 'report') !== ''
    const { answer, refusal } = await answerOf(undoEmail(ctx, { token: Secret.of(params.token), report }))
    if (refusal) return redirectRefused(reply, { refusal }) ?? showUndo(request, reply, refusal)
    const say = texts(localeOf(reply))
    const { undoEmail: words } = say
    const { user, reported } = answer
    return sendPage(reply, {
      title: [words.done, words.title],
      above: lineDrawing('tick'),
      body: html`<p class="lead">${withNames(words.doneText, user.email ?? words.none)}</p>
        ${reported ? reportedBody(ctx, say, reported) : html`<p>${primaryLink('/sign-in', say.signIn.title)}</p>`}`,
    })
  })
}

/** The question before the confirmation; again with the reason if the email is taken by now. */
async function showConfirmation(
  { ctx, params }: LinkRequest,
  reply: FastifyReply,
  refused?: Refusal,
): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { confirmEmail } = say
  const { answer, refusal } = await answerOf(readEmailConfirmation(ctx, Secret.of(params.token)))
  if (refusal) return refuseLink(reply, refusal, confirmEmail)
  const { user, email, needsSession } = answer
  return sendPage(reply, {
    title: confirmEmail.title,
    notice: takenSummary(say.words.problem, refused, confirmEmail.taken),
    refusal: refused,
    body: html`<p class="lead">${confirmEmail.lead}</p>
      ${factList([
        [confirmEmail.account, html`<strong class="name">${name(user.username)}</strong>`],
        [confirmEmail.email, name(email)],
      ])}
      ${
        needsSession
          ? signInFirst(reply, user, `${CONFIRM_EMAIL_PATH}/${encodeURIComponent(params.token)}`)
          : html`<form method="post">
              ${formToken({ ctx })}
              ${buttonRow(submitButton(confirmEmail.submit), linkButton('/', confirmEmail.cancel))}
            </form>`
      }`,
  })
}

/** A link that an admin has sent leads through the sign-in, and back here. */
function signInFirst(reply: FastifyReply, { username }: User, next: string): Html {
  const { confirmEmail, signIn } = texts(localeOf(reply))
  if (reply.request.ctx.principal.kind === 'session') return html`<p>${withNames(confirmEmail.other, username)}</p>`
  return html`<p>${withNames(confirmEmail.signIn, username)}</p>
    <p>${primaryLink(withNext('/sign-in', { next }), signIn.title)}</p>`
}

/** The question before the undo; again with the reason if the former email is taken by now. */
async function showUndo({ ctx, params }: LinkRequest, reply: FastifyReply, refused?: Refusal): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { undoEmail: words } = say
  const { answer, refusal } = await answerOf(readEmailUndo(ctx, Secret.of(params.token)))
  if (refusal) return refuseLink(reply, refusal, words)
  const { user, change } = answer
  return sendPage(reply, {
    title: words.title,
    notice: takenSummary(say.words.problem, refused, words.taken),
    refusal: refused,
    body: html`<p class="lead">${words.lead}</p>
      ${factList([
        [words.account, html`<strong class="name">${name(user.username)}</strong>`],
        [words.current, name(user.email ?? words.none)],
        [words.former, name(change.formerEmail ?? words.none)],
      ])}
      <form method="post">
        ${formToken({ ctx })} ${checkbox({ id: 'report', label: words.report, hint: words.reportHint })}
        ${buttonRow(submitButton(words.submit), linkButton('/', words.cancel))}
      </form>`,
  })
}

/** Throws every refusal but that of a taken email. A session that ended since leads to the page that asks for one. */
function takenSummary(heading: string, refused: Refusal | undefined, message: string): Html | undefined {
  if (refused === undefined || refused.code === 'email.sign_in_to_confirm') return undefined
  if (refused.code !== 'user.email_taken') throw refused
  return errorSummary({ heading, items: [{ message }], focused: true })
}
