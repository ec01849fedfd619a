import type { FastifyReply, FastifyRequest } from 'fastify'

import { listApiTokens } from '#domain/api-tokens/api-token.service.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { requireSecondFactorVerified } from '#domain/sessions/reauthentication.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { refusalSentence, type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { checkButton, buttonRow, linkButton } from '#foundation/web/components/button.ts'
import { checkbox } from '#foundation/web/components/choice.ts'
import { errorSummary } from '#foundation/web/components/error-summary.ts'
import { hiddenUsername, passwordField } from '#foundation/web/components/field.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  errorOf,
  type FormState,
  formSummary,
  type Outcome,
  readForm,
  refusedForm,
} from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import {
  NEW_PASSWORD_ID,
  NEW_PASSWORD_MODULES,
  newPasswordField,
  sendStrength,
  strengthQuestion,
} from '#use-cases/page-sections/new-password.pages.ts'
import { reissueCookies } from '../own-account/own-account.pages.ts'
import { type ChangedPassword, changeOwnPassword } from './own-password.service.ts'

const PasswordForm = Type.Object({
  current: Type.String(),
  new: Type.String(),
  end_api_tokens: Type.Optional(Type.String()),
})
const IDS = { current: 'current-password', new: NEW_PASSWORD_ID, endApiTokens: 'end-api-tokens' }
const PATH = '/account/security/password'
/** The fields that a refused form keeps; passwords are not among them. */
const KEPT = ['end_api_tokens'] as const

const config = { access: 'signed-in', page: true, undocumented: true } as const

export function ownPasswordPages(app: App): void {
  // A repeated submission would find the current password changed already and refuse it as wrong.
  const submissions = new SubmitDeduplicator<Outcome<ChangedPassword>>(({ refusal }) => refusal === undefined)
  app.get(PATH, { config }, (request, reply) => {
    requireSecondFactor(request)
    return showForm(request, reply, EMPTY_FORM)
  })

  app.post(PATH, { config }, async (request, reply) => {
    requireSecondFactor(request)
    const { body } = request
    const ctx = signedIn(request.ctx)
    const form = readForm(PasswordForm, body)
    if ('fieldErrors' in form) return showForm(request, reply, refusedForm(body, KEPT, form.fieldErrors))
    const { current, new: next, end_api_tokens: wish } = form.value
    const change = { current: Secret.of(current), next: Secret.of(next), endApiTokens: wish !== undefined }
    const submission = { browser: ctx.principal.session.id, body, typed: [current, next, wish ?? ''] }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(changeOwnPassword(ctx, change)),
    )
    if (refusal) return showForm(request, reply, refusedForm(body, KEPT, refusal))
    await reissueCookies(request, reply, answer.token)
    return redirectWithFlash(reply, '/account/security?done=password')
  })

  app.post(`${PATH}/strength`, { config, ...strengthQuestion }, async (request, reply) => {
    const { user, session } = signedIn(request.ctx).principal
    return sendStrength(request, reply, { user, policy: await passwordPolicy(request.ctx) }, session.id)
  })
}

/** Throws where the second factor was skipped on a remembered device, which leads to the page that asks for it. */
function requireSecondFactor({ ctx }: FastifyRequest): void {
  requireSecondFactorVerified(signedIn(ctx).principal)
}

async function showForm(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { password, title } = say.security
  const example = { current: 'three calm words', new: 'a kettle full of stars' }
  return sendPage(reply, {
    title: [password.changeTitle, title],
    notice: passwordSummary(say, state),
    refusal: state.refusal,
    modules: NEW_PASSWORD_MODULES,
    body: html`<p class="lead">${password.lead}</p>
      ${await passwordForm(say, state, request)}`,
    api: apiEquivalent(say, request.ctx.config, {
      method: 'PUT',
      path: '/users/me/password',
      body: example,
      needsSession: true,
    }),
  })
}

/** Both fields hold passwords, so each error names its field. */
function passwordSummary(say: Texts, state: FormState): Html | undefined {
  const { password } = say.security
  const wrong = wrongCurrent(say, state)
  if (wrong !== undefined) {
    return errorSummary({ heading: say.words.problem, items: [{ message: wrong, field: IDS.current }], focused: false })
  }
  return formSummary(say, state, {
    current: { id: IDS.current, label: password.current },
    new: { id: IDS.new, label: password.new },
  })
}

function wrongCurrent(say: Texts, { refusal }: FormState): string | undefined {
  return refusal?.code === 'password.wrong' ? refusalSentence(say, refusal) : undefined
}

async function passwordForm(say: Texts, state: FormState, request: FastifyRequest): Promise<Html> {
  const { password } = say.security
  const ctx = signedIn(request.ctx)
  const { username, subject } = ctx.principal.user
  const length = await passwordPolicy(ctx)
  const apiTokens = (await listApiTokens(ctx, subject)).length
  return html`<form method="post" action="${PATH}">
    ${formToken(request)} ${hiddenUsername(username)}
    ${passwordField(say, {
      id: IDS.current,
      name: 'current',
      label: password.current,
      error: errorOf(say, state, 'current') ?? wrongCurrent(say, state),
      purpose: 'current',
      autofocus: state.refusal === undefined || wrongCurrent(say, state) !== undefined,
    })}
    ${newPasswordField(say, {
      name: 'new',
      label: password.new,
      hint: say.hints.newPassword(length.minimum),
      error: errorOf(say, state, 'new'),
      length,
    })}
    ${
      apiTokens > 0 &&
      checkbox({
        id: IDS.endApiTokens,
        name: 'end_api_tokens',
        label: password.endApiTokens(apiTokens),
        hint: password.endApiTokensHint,
        checked: state.values['end_api_tokens'] !== undefined,
      })
    }
    ${buttonRow(checkButton(say, password.submit), linkButton('/account/security', say.words.cancel))}
  </form>`
}
