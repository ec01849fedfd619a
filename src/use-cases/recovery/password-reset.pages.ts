import type { FastifyReply, FastifyRequest } from 'fastify'

import { RESET_PATH } from '#domain/mail/password-link.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { texts } from '#foundation/texts/texts.ts'
import { buttonRow, linkButton, primaryLink, submitButton } from '#foundation/web/components/button.ts'
import { checkbox } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { setAttemptCookie, tradeAttemptForSession } from '#foundation/web/http/cookies.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, type FormState, readForm, refusedForm, soleError } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { sendRefusedLink } from '#foundation/web/pages/refused-link.ts'
import {
  NEW_PASSWORD_MODULES,
  newPasswordField,
  sendStrength,
  strengthQuestion,
} from '#use-cases/page-sections/new-password.pages.ts'
import { readResetLink, resetPasswordByLink, revocableTokens } from './password-reset.service.ts'

const PasswordForm = Type.Object({ password: Type.String(), keep_api_tokens: Type.Optional(Type.String()) })
/** What a refused form keeps; the password is not part of it. */
const KEPT = ['keep_api_tokens'] as const
const schema = { params: Type.Object({ token: Type.String({ maxLength: 200 }) }) }
const config = { access: 'anyone', page: true, undocumented: true } as const

type LinkRequest = Pick<FastifyRequest, 'ctx'> & { readonly params: { readonly token: string } }

/** The page of the link of a forgotten password. GET only shows it, so that mail scanners may open it; the POST stores the password. */
export function passwordResetPages(app: App): void {
  const path = `${RESET_PATH}/:token`
  app.get(path, { config, schema }, (request, reply) => showReset(request, reply, shownForm(reply)))

  app.post(path, { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(PasswordForm, body)
    if ('fieldErrors' in form) return showReset(request, reply, refusedForm(body, KEPT, form.fieldErrors))
    const wanted = {
      token: Secret.of(params.token),
      password: Secret.of(form.value.password),
      transport: 'cookie',
      // A token that was created after the page was shown is revoked too, since nothing asked about it.
      endApiTokens: form.value.keep_api_tokens === undefined,
    } as const
    const { answer, refusal } = await answerOf(resetPasswordByLink(ctx, wanted))
    if (refusal) return showReset(request, reply, refusedForm(body, KEPT, refusal))
    if (answer.stage === 'complete') {
      tradeAttemptForSession(reply, ctx.config, answer)
      return seeOther(reply, '/account')
    }
    setAttemptCookie(reply, ctx.config, answer.attempt, answer.expiresAt - ctx.now)
    return seeOther(reply, answer.stage === 'enrolment' ? '/enrolment' : '/sign-in/second-step')
  })

  app.post(`${path}/strength`, { config, schema, ...strengthQuestion }, async (request, reply) => {
    const { link, user } = await readResetLink(request.ctx, Secret.of(request.params.token))
    return sendStrength(request, reply, { user, policy: await passwordPolicy(request.ctx) }, link.id)
  })
}

async function showReset(request: LinkRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const { ctx, params } = request
  const { answer, refusal } = await answerOf(readResetLink(ctx, Secret.of(params.token)))
  if (refusal) return refuseReset(reply, refusal)
  const say = texts(localeOf(reply))
  const policy = await passwordPolicy(ctx)
  const tokens = await revocableTokens(ctx, answer)
  return sendPage(reply, {
    title: [say.passwordReset.title, say.signIn.title],
    refusal: state.refusal,
    modules: NEW_PASSWORD_MODULES,
    body: html`<p class="lead">${say.passwordReset.lead}</p>
      <form method="post">
        ${textField({ id: 'username', label: say.fields.username, value: answer.user.username, autocomplete: 'username', readonly: true })}
        ${newPasswordField(say, {
          name: 'password',
          label: say.passwordReset.password,
          hint: say.hints.newPassword(policy.minimum),
          error: soleError(say, state, 'password'),
          length: policy,
          autofocus: true,
        })}
        ${
          tokens > 0 &&
          checkbox({
            id: 'keep-api-tokens',
            name: 'keep_api_tokens',
            label: say.passwordReset.keepApiTokens(tokens),
            hint: say.passwordReset.keepApiTokensHint(tokens),
            checked: state.values['keep_api_tokens'] !== undefined,
          })
        }
        ${submitButton(say.passwordReset.submit)}
      </form>`,
  })
}

/** Shows why the link does not work. Throws every refusal that is not about the link. */
function refuseReset(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  const { passwordReset: words } = say
  return sendRefusedLink(reply, refusal, {
    words: {
      'link.expired': [words.expired, words.expiredText],
      'link.used': [words.used, words.usedText],
      'link.unknown': [words.unknown, words.unknownText],
    },
    purpose: say.signIn.title,
    instead: buttonRow(primaryLink('/forgot-password', words.another), linkButton('/sign-in', say.signIn.title)),
  })
}
