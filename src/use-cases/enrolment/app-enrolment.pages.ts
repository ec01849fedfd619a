import type { FastifyReply, FastifyRequest } from 'fastify'

import type { SetupKey } from '#domain/factors/totp/setup-key.ts'
import { DEFAULT_PARAMETERS } from '#domain/factors/totp/totp.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { checkButton } from '#foundation/web/components/button.ts'
import { codeField } from '#foundation/web/components/field.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { readAttemptCookie } from '#foundation/web/http/cookies.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { pressField } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import { type FormState, readForm, refusedForm, soleError } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { setupKeyPart } from '#use-cases/page-sections/setup-key.pages.ts'
import { enrolmentSubmissions, showEnrolled, submitEnrolment } from './enrolled.pages.ts'
import { APP_ENROLMENT, atEnrolment, enrolmentPath, PASSKEY_ENROLMENT, sendEnrolment } from './enrolment-frame.pages.ts'
import { beginEnrolment, confirmEnrolment } from './enrolment.service.ts'

const CodeForm = Type.Object({ code: Type.String() })

const config = { access: 'attempt', page: true, undocumented: true } as const

/** The page that sets up an authenticator app; its first code completes the sign-in, the invitation or the set-up. */
export function appEnrolmentPages(app: App): void {
  const submissions = enrolmentSubmissions()
  app.get(APP_ENROLMENT, { config }, (request, reply) => showApp(request, reply, shownForm(reply)))

  app.post(APP_ENROLMENT, { config }, async (request, reply) => {
    const { ctx, body, query } = request
    const attempt = readAttemptCookie(request)
    if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
    const form = readForm(CodeForm, body)
    if ('fieldErrors' in form) return showApp(request, reply, refusedForm(body, [], form.fieldErrors))
    const { code } = form.value
    const { answer, refusal } = await submitEnrolment(submissions, request, { attempt, typed: code }, () =>
      confirmEnrolment(ctx, { attempt, code, transport: 'cookie' }),
    )
    return refusal ? showApp(request, reply, refusedForm(body, [], refusal)) : showEnrolled(reply, answer)
  })
}

/** Shows the setup key; a reload shows the same one until the attempt ends. */
async function showApp(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const { ctx, query } = request
  return atEnrolment(request, reply, async (enrolling) => {
    if (!enrolling.allowed.includes('totp')) return seeOther(reply, withNext(enrolmentPath(enrolling.allowed), query))
    const begun = await beginEnrolment(ctx, enrolling.attempt)
    const say = texts(localeOf(reply))
    const { enrolment } = say
    const choice = enrolling.allowed.includes('passkey')
    return sendEnrolment(reply, enrolling, {
      title: enrolment.appTitle,
      state,
      modules: ['copy', 'submit-code', 'slow-answer'],
      body: html`${!choice && html`<p class="lead">${enrolment.why}</p>`}
      ${appForm(say, state, {
        ...begun,
        action: withNext(APP_ENROLMENT, query),
        submitField: pressField(ctx),
        instead: choice && html`<p><a href="${withNext(PASSKEY_ENROLMENT, query)}">${enrolment.usePasskey}</a></p>`,
      })}`,
    })
  })
}

interface ShownSecret extends SetupKey {
  readonly action: string
  readonly submitField: Html
  /** Leads to another kind of second factor. */
  readonly instead: Html | false
}

function appForm(say: Texts, state: FormState, { action, submitField, instead, ...key }: ShownSecret): Html {
  const { enrolment } = say
  const isFirst = state.refusal === undefined
  return html`<ol class="parts">
    <li>${setupKeyPart(say, key)}</li>
    <li>
      <form method="post" action="${action}">
        ${submitField}
        ${codeField({
          id: 'code',
          label: enrolment.enter,
          hint: isFirst
            ? html`<span class="scripted">${say.hints.codeSendsItself(DEFAULT_PARAMETERS.digits)}</span>`
            : undefined,
          error: soleError(say, state, 'code'),
          autofocus: !isFirst,
          sendsItselfAt: isFirst ? DEFAULT_PARAMETERS.digits : undefined,
        })}
        ${checkButton(say, enrolment.submit)}
      </form>
      ${instead}
    </li>
  </ol>`
}
