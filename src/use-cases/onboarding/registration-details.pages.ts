import type { FastifyReply, FastifyRequest } from 'fastify'

import type { ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { askedAttributes } from '#domain/attributes/attribute-values.service.ts'
import type { PasswordPolicy } from '#domain/factors/password/password.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { REGISTRATION_PATH } from '#domain/registrations/registration.service.ts'
import { listedTimeZone } from '#domain/users/time-zone.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { hiddenTimeZone, textField, TIME_ZONE_MODULE } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  readRegistrationNextCookie,
  setAttemptCookie,
  setRegistrationNextCookie,
} from '#foundation/web/http/cookies.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  errorOf,
  type FormState,
  formSummary,
  readForm,
  refusedForm,
  typedText,
} from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { sendRefusedLink } from '#foundation/web/pages/refused-link.ts'
import {
  attributeFields,
  attributeLinks,
  attributeNames,
  typedAttributes,
} from '#use-cases/page-sections/attribute-fields.pages.ts'
import {
  NEW_PASSWORD_ID,
  NEW_PASSWORD_MODULES,
  newPasswordField,
  sendStrength,
  strengthQuestion,
} from '#use-cases/page-sections/new-password.pages.ts'
import { newLinkButtons, WAITING_PATH } from './register.pages.ts'
import { readRegistration, submitRegistration } from './submit-registration.service.ts'

const PATH = `${REGISTRATION_PATH}/:token`

const DetailsForm = Type.Object({
  username: Type.String(),
  full_name: Type.Optional(Type.String()),
  password: Type.String(),
})
const KEPT = ['username', 'full_name']
const IDS = { username: 'username', full_name: 'full_name' }

const config = { access: 'anyone', page: true, undocumented: true } as const
const schema = { params: Type.Object({ token: Type.String({ maxLength: 200 }) }) }

/** The page of the mailed link. GET only shows it, so that mail scanners may open it. */
export function registrationDetailsPages(app: App): void {
  app.get(PATH, { config, schema }, (request, reply) => showDetails(request, reply, shownForm(reply)))

  app.post(PATH, { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(DetailsForm, body)
    const asked = await askedAttributes(ctx, null)
    const kept = [...KEPT, ...attributeNames(asked)]
    if ('fieldErrors' in form) return showDetails(request, reply, refusedForm(body, kept, form.fieldErrors))
    const { username, full_name: fullName = null, password } = form.value
    const secrets = { token: Secret.of(params.token), password: Secret.of(password) }
    const timeZone = listedTimeZone(typedText(body, 'time_zone'))
    const account = { username, fullName, timeZone, attributes: typedAttributes(asked, body, 'user') }
    const { answer, refusal } = await answerOf(submitRegistration(ctx, { ...secrets, ...account }))
    if (refusal) return showDetails(request, reply, refusedForm(body, kept, refusal))
    // The page that led to the registration, if the link is opened in the same browser.
    const next = readRegistrationNextCookie(request)
    setRegistrationNextCookie(reply, undefined, 0)
    if (answer.stage === 'waiting') return seeOther(reply, WAITING_PATH)
    setAttemptCookie(reply, ctx.config, answer.attempt, answer.expiresAt - ctx.now)
    return seeOther(reply, withNext('/enrolment', { next }))
  })

  app.post(`${PATH}/strength`, { config, schema, ...strengthQuestion }, async (request, reply) => {
    const { ctx, body, params } = request
    const { linkId, email } = await readRegistration(ctx, Secret.of(params.token))
    const user = { username: typedText(body, 'username'), email, fullName: typedText(body, 'full_name') }
    return sendStrength(request, reply, { user, policy: await passwordPolicy(ctx) }, linkId)
  })
}

type LinkRequest = Pick<FastifyRequest, 'ctx'> & { readonly params: { readonly token: string } }

async function showDetails(request: LinkRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const { ctx, params } = request
  const { answer, refusal } = await answerOf(readRegistration(ctx, Secret.of(params.token)))
  if (refusal) return refuseRegistrationLink(reply, refusal)
  const say = texts(localeOf(reply))
  const { registration: words } = say
  const asked = await askedAttributes(ctx, null)
  const links = { ...IDS, ...attributeLinks(asked), password: { id: NEW_PASSWORD_ID, label: say.fields.password } }
  return sendPage(reply, {
    title: words.detailsTitle,
    stepIndicator: { done: 0, of: 2 },
    notice: formSummary(say, state, links),
    refusal: state.refusal,
    modules: [...NEW_PASSWORD_MODULES, TIME_ZONE_MODULE],
    body: html`<p class="lead">
        ${withNames(words.detailsLead, answer.email)}
        ${ctx.config.registration.mode === 'approval' ? words.thenApproval : words.thenSecondStep}
      </p>
      ${detailsForm(say, state, await passwordPolicy(ctx), asked)}`,
  })
}

function detailsForm(say: Texts, state: FormState, length: PasswordPolicy, asked: readonly ValuedAttribute[]): Html {
  const { fields, hints } = say
  const shown = (name: string) => ({ value: state.values[name], error: errorOf(say, state, name) })
  return html`<form method="post">
    ${hiddenTimeZone()}
    ${textField({
      id: IDS.username,
      label: fields.username,
      hint: hints.username,
      autocomplete: 'username',
      required: true,
      autofocus: !state.refusal,
      ...shown('username'),
    })}
    ${textField({ id: IDS.full_name, label: fields.fullName, autocomplete: 'name', ...shown('full_name') })}
    ${newPasswordField(say, {
      name: 'password',
      label: fields.password,
      hint: hints.newPassword(length.minimum),
      error: errorOf(say, state, 'password'),
      length,
    })}
    ${attributeFields(say, state, asked, { audience: 'user', isJoining: true })} ${submitButton(say.words.continue)}
  </form>`
}

/** Shows why the link does not work, and what to do instead. Throws every refusal that is not about the link. */
function refuseRegistrationLink(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  const { registration: words } = say
  return sendRefusedLink(reply, refusal, {
    words: {
      'link.used': [words.used, words.refusedText],
      'link.expired': [words.expired, words.refusedText],
      'link.unknown': [words.unknown, words.refusedText],
    },
    purpose: words.title,
    instead: newLinkButtons(say),
  })
}
