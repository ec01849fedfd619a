import type { FastifyReply, FastifyRequest } from 'fastify'

import { SAVED_CODES } from '#domain/factors/recovery-codes/recovery-code.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { CODES_MODULES, recoveryCodes, savedForm } from '#foundation/web/components/recovery-codes.ts'
import { panel } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { nextPath } from '#foundation/web/http/redirect.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { setFlash } from '#foundation/web/pages/flash.ts'
import { localeOf, onward, sendPage } from '#foundation/web/pages/page.ts'
import { renewRecoveryCodes } from './own-recovery-codes.service.ts'

export const NEW_CODES = '/account/security/recovery-codes'
const FIRST_PAGE = '/account/security'

const config = { access: 'signed-in', page: true, undocumented: true } as const
const sensitive = { ...config, authentication: 'recent' } as const

/** Makes new recovery codes, which the answer to the form shows once, and asks whether they were saved. */
export function recoveryCodesPages(app: App): void {
  // A repeated submission would make a second set and invalidate the codes that were shown.
  const submissions = new SubmitDeduplicator<readonly Secret[]>(() => true)
  app.get(NEW_CODES, { config: sensitive }, (request, reply) => showRenewal(request, reply))

  app.post(NEW_CODES, { config: sensitive }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const submission = { browser: ctx.principal.session.id, body: request.body, typed: [] }
    const codes = await submissions.answer(submission, ctx.now, () => renewRecoveryCodes(ctx))
    return showNewCodes(request, reply, codes, `${FIRST_PAGE}?done=codes`)
  })

  app.get(SAVED_CODES, { config }, (request, reply) => showSavedQuestion(request, reply))

  app.post(SAVED_CODES, { config }, (request, reply) => {
    const { body, query } = request
    const isSaved = typeof body === 'object' && body !== null && 'saved' in body && body.saved === 'yes'
    if (isSaved) return onward(reply, nextPath(query) ?? FIRST_PAGE)
    const fieldErrors = [{ pointer: '/saved', code: 'field.missing' }] as const
    return showSavedQuestion(request, reply, new Refusal('request.validation_failed', { fieldErrors }))
  })
}

/** Shows a new set, this once. */
export function showNewCodes(
  request: FastifyRequest,
  reply: FastifyReply,
  codes: readonly Secret[],
  next: string,
): FastifyReply {
  const say = texts(localeOf(reply))
  const { config: settings, principal, now } = signedIn(request.ctx)
  const { instanceName } = settings
  const { username } = principal.user
  setFlash(reply, next)
  return sendPage(reply, {
    title: [say.recoveryCodes.title, say.security.title],
    modules: CODES_MODULES,
    body: recoveryCodes(say, {
      codes,
      instanceName,
      username,
      now,
      action: SAVED_CODES,
      next,
      formToken: formToken(request),
    }),
  })
}

function showRenewal(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const say = texts(localeOf(reply))
  const { renewal } = say.recoveryCodes
  return sendPage(reply, {
    title: [renewal.title, say.security.title],
    body: panel(
      html`<p>${renewal.question}</p>
        <form method="post" action="${NEW_CODES}">
          ${formToken(request)} ${buttonRow(submitButton(renewal.submit), linkButton(FIRST_PAGE, renewal.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, request.ctx.config, {
      method: 'POST',
      path: '/users/me/recovery-codes',
      needsSession: true,
    }),
  })
}

/** Asks whether the codes were saved: they cannot be shown again, so a user who lost them makes new ones. */
function showSavedQuestion(request: FastifyRequest, reply: FastifyReply, refusal?: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  const { asked } = say.recoveryCodes
  return sendPage(reply, {
    title: [asked.title, say.security.title],
    refusal,
    body: html`<p class="lead">${asked.lead}</p>
      ${savedForm(say, {
        action: SAVED_CODES,
        next: nextPath(request.query) ?? FIRST_PAGE,
        formToken: formToken(request),
        error: refusal && asked.notTicked,
      })}
      <p><a href="${NEW_CODES}">${asked.make}</a></p>`,
  })
}
