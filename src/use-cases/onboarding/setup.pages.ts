import type { FastifyReply, FastifyRequest } from 'fastify'

import type { PasswordPolicy } from '#domain/factors/password/password.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { listedTimeZone } from '#domain/users/time-zone.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { variableOf } from '#foundation/platform/config/settings.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { primaryLink, secondaryButton, submitButton } from '#foundation/web/components/button.ts'
import { copyField } from '#foundation/web/components/copy.ts'
import { hiddenTimeZone, textField, TIME_ZONE_MODULE } from '#foundation/web/components/field.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { setAttemptCookie } from '#foundation/web/http/cookies.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  errorOf,
  type FormState,
  formSummary,
  readForm,
  refusedForm,
  typedText,
} from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import {
  NEW_PASSWORD_ID,
  NEW_PASSWORD_MODULES,
  newPasswordField,
  sendStrength,
  strengthQuestion,
} from '#use-cases/page-sections/new-password.pages.ts'
import { isPastFirstStep, showSetupCode } from './setup-code.pages.ts'
import { beginSetup, readSetupLink } from './setup.service.ts'

const SetupForm = Type.Object({
  username: Type.String(),
  email: Type.Optional(Type.String()),
  full_name: Type.Optional(Type.String()),
  password: Type.String(),
})
const schema = { params: Type.Object({ token: Type.String({ maxLength: 200 }) }) }

const KEPT = ['username', 'email', 'full_name']
const IDS = { username: 'username', email: 'email', full_name: 'full_name', password: NEW_PASSWORD_ID }

const config = { access: 'anyone', page: true, undocumented: true } as const

/** The page of the set-up link. GET does not consume the link; POST checks it again together with the typed values. */
export function setupPages(app: App): void {
  app.get('/setup/:token', { config, schema }, async (request, reply) => {
    const state = shownForm(reply)
    const { refusal } = await answerOf(readSetupLink(request.ctx, Secret.of(request.params.token)))
    return refusal ? refuseLink(request, reply, refusal) : showSetup(request, reply, state)
  })

  app.post('/setup/:token', { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(SetupForm, body)
    if ('fieldErrors' in form) return showSetup(request, reply, refusedForm(body, KEPT, form.fieldErrors))
    const { username, email = null, full_name: fullName = null, password } = form.value
    const [token, timeZone] = [Secret.of(params.token), listedTimeZone(typedText(body, 'time_zone'))]
    const { answer, refusal } = await answerOf(
      beginSetup(ctx, { token, username, email, fullName, password: Secret.of(password), timeZone }),
    )
    if (refusal?.code.startsWith('link.') || refusal?.code === 'setup.finished')
      return redirectRefused(reply, refusedForm(body, [], refusal)) ?? refuseLink(request, reply, refusal)
    if (refusal) return showSetup(request, reply, refusedForm(body, KEPT, refusal))
    setAttemptCookie(reply, ctx.config, answer.attempt, answer.expiresAt - ctx.now)
    return seeOther(reply, '/enrolment')
  })

  app.post('/setup/:token/strength', { config, schema, ...strengthQuestion }, async (request, reply) => {
    const { ctx, body, params } = request
    const { id } = await readSetupLink(ctx, Secret.of(params.token))
    const [username, email, fullName] = [
      typedText(body, 'username'),
      typedText(body, 'email'),
      typedText(body, 'full_name'),
    ]
    return sendStrength(request, reply, { user: { username, email, fullName }, policy: await passwordPolicy(ctx) }, id)
  })
}

/** Redirects to the sign-in if the set-up is finished; shows the field for a code if the link does not work. */
function refuseLink(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): Promise<FastifyReply> | FastifyReply {
  if (refusal.code === 'setup.finished') return seeOther(reply, '/sign-in')
  if (!refusal.code.startsWith('link.')) throw refusal
  return showSetupCode(request, reply, EMPTY_FORM, refusal)
}

async function showSetup(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const say = texts(localeOf(reply))
  const { setup } = say
  const isResumed = state.refusal === undefined && (await isPastFirstStep(request))
  const form = setupForm(say, state, await passwordPolicy(request.ctx), isResumed)
  return sendPage(reply, {
    title: setup.title,
    heading: setup.stepYou,
    stepIndicator: { done: 0, of: 3 },
    notice:
      formSummary(say, state, { ...IDS, password: { id: IDS.password, label: say.fields.password } }) ??
      (isResumed ? banner('info', setup.resume) : undefined),
    refusal: state.refusal,
    modules: [...NEW_PASSWORD_MODULES, TIME_ZONE_MODULE],
    body: html`<p class="lead">${setup.welcome}</p>
      ${publicUrlNote(say, request)} ${isResumed ? resumed(say, form) : form}`,
  })
}

/** Offers the enrolment first; the form again, folded, to choose another name or password. */
function resumed({ setup }: Texts, form: Html): Html {
  return html`<p>${primaryLink('/enrolment', setup.resumeLink)}</p>
    <details>
      <summary>${setup.restartSignIn}</summary>
      ${form}
    </details>`
}

function setupForm(say: Texts, state: FormState, length: PasswordPolicy, isResumed: boolean): Html {
  const { fields, hints } = say
  const minimum = hints.newPassword(length.minimum)
  const wrong = errorOf(say, state, 'password')
  const shown = (name: string) => ({ value: state.values[name], error: errorOf(say, state, name) })
  return html`<form method="post">
    ${hiddenTimeZone()}
    ${textField({
      id: IDS.username,
      label: fields.username,
      hint: hints.username,
      autocomplete: 'username',
      required: true,
      autofocus: !state.refusal && !isResumed,
      ...shown('username'),
    })}
    ${textField({ id: IDS.email, label: fields.email, type: 'email', autocomplete: 'email', ...shown('email') })}
    ${textField({ id: IDS.full_name, label: fields.fullName, autocomplete: 'name', ...shown('full_name') })}
    ${newPasswordField(say, {
      name: 'password',
      label: fields.password,
      hint: state.refusal && !wrong ? `${hints.passwordAgain} ${minimum}` : minimum,
      error: wrong,
      length,
    })}
    ${(isResumed ? secondaryButton : submitButton)(say.words.continue)}
  </form>`
}

/** Shows the configured public URL and, if the browser used another host, the setting that changes it. */
function publicUrlNote({ setup }: Texts, { ctx, host }: FastifyRequest): Html {
  const { publicUrl } = ctx.config
  const { protocol, host: expected } = new URL(publicUrl)
  if (host.toLowerCase() === expected) return html`<p class="small">${setup.publicUrl(publicUrl)}</p>`
  // Behind a proxy the browser's protocol is unknown; the configured one is assumed.
  const here = `${protocol}//${host}`
  return html`<p class="small">${setup.otherUrl(publicUrl, here)}</p>
    ${copyField({ id: 'setting', label: variableOf('public_url'), groups: [here] })}`
}
