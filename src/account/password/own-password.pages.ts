import type { FastifyReply, FastifyRequest } from 'fastify'
import { redirectWithFlash } from '../../web/done.ts'
import { Type } from '../../web/type.ts'

import { listApiTokens } from '../../api-tokens/api-token.service.ts'
import { Secret } from '../../kernel/secret.ts'
import { passwordPolicy } from '../../policies/policy.service.ts'
import { signedIn } from '../../web/access.ts'
import type { App } from '../../web/app.ts'
import { submitButton } from '../../web/components/button.ts'
import { checkbox } from '../../web/components/choice.ts'
import { errorSummary } from '../../web/components/error-summary.ts'
import { hiddenUsername } from '../../web/components/hidden-username.ts'
import { PASSWORD_MODULES, passwordField } from '../../web/components/password-field.ts'
import { apiEquivalent } from '../../web/components/same-with-the-api.ts'
import { answerOf, EMPTY_FORM, errorOf, formSummary, readForm, refusedForm } from '../../web/form.ts'
import type { FormState, Outcome } from '../../web/form.ts'
import { formToken } from '../../web/form-token.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { SubmitDeduplicator } from '../../web/once-pressed.ts'
import { localeOf, sendPage } from '../../web/page.ts'
import { refusalSentence, texts } from '../../web/texts.ts'
import type { Texts } from '../../web/texts.ts'
import { staysSignedIn } from '../known-here.pages.ts'
import { changeOwnPassword } from './own-password.service.ts'
import type { ChangedPassword } from './own-password.service.ts'

const PasswordForm = Type.Object({
  current: Type.String(),
  new: Type.String(),
  end_api_tokens: Type.Optional(Type.String()),
})
const IDS = { current: 'current-password', new: 'new-password', endApiTokens: 'end-api-tokens' }
const PATH = '/account/security/password'
/** The fields that a refused form keeps; passwords are not among them. */
const KEPT = ['end_api_tokens'] as const

const config = { access: 'signed-in', page: true, undocumented: true } as const

/** Changing one's password, at the price of one guess at the current one. */
export function ownPasswordPages(app: App): void {
  // A second press would find the password changed already, and wrong.
  const presses = new SubmitDeduplicator<Outcome<ChangedPassword>>(({ refusal }) => refusal === undefined)
  app.get(PATH, { config }, (request, reply) => showForm(request, reply, EMPTY_FORM))

  app.post(PATH, { config }, async (request, reply) => {
    const { body } = request
    const ctx = signedIn(request.ctx)
    const form = readForm(PasswordForm, body)
    if ('faults' in form) return showForm(request, reply, refusedForm(body, KEPT, form.faults))
    const { current, new: next, end_api_tokens: wish } = form.value
    const change = { current: Secret.of(current), next: Secret.of(next), endApiTokens: wish !== undefined }
    const pressed = { browser: ctx.principal.session.id, body, typed: [current, next, wish ?? ''] }
    const { answer, refusal } = await presses.answer(pressed, ctx.now, () => answerOf(changeOwnPassword(ctx, change)))
    if (refusal) return showForm(request, reply, refusedForm(body, KEPT, refusal))
    await staysSignedIn(request, reply, answer.token)
    return redirectWithFlash(reply, '/account/security?done=password')
  })
}

async function showForm(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { password, title, back } = say.security
  const ctx = signedIn(request.ctx)
  const { username, subject } = ctx.principal.user
  const example = { current: 'three calm words', new: 'a kettle full of stars' }
  return sendPage(reply, {
    title: [password.changeTitle, title],
    frame: 'account',
    notice: summaryOf(say, state),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: PASSWORD_MODULES,
    body: html`<p class="lead">${password.lead}</p>
      ${passwordForm(say, state, {
        username,
        apiTokens: (await listApiTokens(ctx, subject)).length,
        length: passwordPolicy(ctx),
        formToken: formToken(request),
      })}`,
    foot: html`<p><a href="/account/security">${back}</a></p>
      ${apiEquivalent(say, ctx.config, { method: 'PUT', path: '/users/me/password', body: example })}`,
  })
}

/** Both fields are for passwords, so that each fault says which it is about. */
function summaryOf(say: Texts, state: FormState): Html | undefined {
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

interface Shown {
  readonly username: string
  /** How many API tokens of the user still work. */
  readonly apiTokens: number
  readonly length: { readonly minimum: number; readonly maximum: number }
  readonly formToken: Html
}

function passwordForm(say: Texts, state: FormState, { username, apiTokens, length, formToken }: Shown): Html {
  const { password } = say.security
  return html`<form method="post" action="${PATH}">
    ${formToken} ${hiddenUsername(username)}
    ${passwordField(say, {
      id: IDS.current,
      name: 'current',
      label: password.current,
      error: errorOf(say, state, 'current') ?? wrongCurrent(say, state),
      purpose: 'current',
      autofocus: state.refusal === undefined || wrongCurrent(say, state) !== undefined,
    })}
    ${passwordField(say, {
      id: IDS.new,
      name: 'new',
      label: password.new,
      hint: say.hints.newPassword(length.minimum),
      error: errorOf(say, state, 'new'),
      purpose: 'new',
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
    ${submitButton(password.submit)}
  </form>`
}
