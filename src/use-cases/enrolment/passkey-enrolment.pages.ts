import type { FastifyReply, FastifyRequest } from 'fastify'

import { PasskeyRegistrationResponse, presentCreationOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { texts } from '#foundation/texts/texts.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { readAttemptCookie } from '#foundation/web/http/cookies.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { pressField } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import { errorOf, type FormState, readForm, readJsonField, refusedForm } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther } from '#foundation/web/pages/page.ts'
import {
  newPasskeyForm,
  newPasskeySummary,
  PASSKEY_FIELD,
  PASSKEY_MODULES,
} from '#foundation/web/pages/passkey-form.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { enrolmentSubmissions, showEnrolled, submitEnrolment } from './enrolled.pages.ts'
import { APP_ENROLMENT, atEnrolment, enrolmentPath, PASSKEY_ENROLMENT, sendEnrolment } from './enrolment-frame.pages.ts'
import { EnrolledName } from './enrolment.schema.ts'
import { enrolPasskey, passkeyEnrolmentOptions } from './enrolment.service.ts'

const NameForm = Type.Object({ name: Type.Optional(EnrolledName) })

const config = { access: 'attempt', page: true, undocumented: true } as const

/** The page that creates a passkey, which completes the sign-in, the invitation or the set-up. */
export function passkeyEnrolmentPages(app: App): void {
  const submissions = enrolmentSubmissions()
  app.get(PASSKEY_ENROLMENT, { config }, (request, reply) => showPasskey(request, reply, shownForm(reply)))

  app.post(PASSKEY_ENROLMENT, { config }, async (request, reply) => {
    const { ctx, body, query } = request
    const attempt = readAttemptCookie(request)
    if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
    const form = readForm(NameForm, body)
    if ('fieldErrors' in form) return showPasskey(request, reply, refusedForm(body, ['name'], form.fieldErrors))
    const response = readJsonField(PasskeyRegistrationResponse, body, PASSKEY_FIELD)
    if (response === undefined) {
      return showPasskey(request, reply, refusedForm(body, ['name'], new Refusal('passkey.refused')))
    }
    const typed = JSON.stringify(response)
    const { answer, refusal } = await submitEnrolment(submissions, request, { attempt, typed }, () =>
      enrolPasskey(ctx, { attempt, response, name: form.value.name, transport: 'cookie' }),
    )
    return refusal ? showPasskey(request, reply, refusedForm(body, ['name'], refusal)) : showEnrolled(reply, answer)
  })
}

async function showPasskey(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const { ctx, query } = request
  return atEnrolment(request, reply, async (enrolling) => {
    const { allowed } = enrolling
    if (!allowed.includes('passkey')) return seeOther(reply, withNext(enrolmentPath(allowed), query))
    const options = await passkeyEnrolmentOptions(ctx, enrolling.attempt)
    const say = texts(localeOf(reply))
    const { enrolment } = say
    return sendEnrolment(reply, enrolling, {
      title: enrolment.passkeyTitle,
      state,
      notice: newPasskeySummary(say, state),
      modules: PASSKEY_MODULES,
      body: html`<p class="lead">${enrolment.passkeyLead}</p>
        ${newPasskeyForm(say, {
          action: withNext(PASSKEY_ENROLMENT, query),
          options: presentCreationOptions(options),
          publicUrl: ctx.config.publicUrl,
          name: state.values['name'],
          error: errorOf(say, state, 'name'),
          fields: pressField(ctx),
        })}
        ${allowed.includes('totp') && html`<p><a href="${withNext(APP_ENROLMENT, query)}">${enrolment.useApp}</a></p>`}`,
    })
  })
}
