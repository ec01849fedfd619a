import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../web/type.ts'

import { Secret } from '../kernel/secret.ts'
import type { Instant } from '../kernel/time.ts'
import { provenRecently } from '../sessions/session.ts'
import { signedIn } from '../web/access.ts'
import type { App } from '../web/app.ts'
import { banner } from '../web/components/banner.ts'
import { submitButton } from '../web/components/button.ts'
import { codeField } from '../web/components/code-field.ts'
import { SUMMARY_ID } from '../web/components/error-summary.ts'
import { hiddenUsername } from '../web/components/hidden-username.ts'
import { PASSWORD_MODULES, passwordField } from '../web/components/password-field.ts'
import { whenConfirmed } from '../web/arrival.ts'
import { answerOf, EMPTY_FORM, errorOf, formSummary, readForm, refusedForm } from '../web/form.ts'
import type { FormState, Outcome } from '../web/form.ts'
import { formToken } from '../web/form-token.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { becauseOf, nextPath, withNext } from '../web/next-path.ts'
import { OncePressed } from '../web/once-pressed.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { texts } from '../web/texts.ts'
import type { Texts } from '../web/texts.ts'
import { waitInWords } from '../web/texts/spans.ts'
import { giveProof } from './proof.service.ts'

const ProofForm = Type.Object({ password: Type.String(), code: Type.String() })
const IDS = { password: 'current-password', code: 'code' }
const FIRST_PAGE = '/account/security'

const config = { access: 'signed-in', page: true, undocumented: true } as const

/** Password and code once more, before something sensitive; afterwards the person is back where they wanted to be. */
export function confirmPages(app: App): void {
  const presses = new OncePressed<Outcome<{ provenUntil: Instant }>>(({ answer }) => answer !== undefined)

  app.get('/confirm', { config }, (request, reply) => {
    const { ctx, query } = request
    const next = nextPath(query)
    // Confirmed in another tab meanwhile, or the way back of the browser.
    const fresh = provenRecently(signedIn(ctx).caller.session, ctx.now, ctx.config.proofLifetime)
    return fresh && next !== undefined ? seeOther(reply, next) : showConfirm(request, reply, EMPTY_FORM)
  })

  app.post('/confirm', { config }, async (request, reply) => {
    const { body, query } = request
    const ctx = signedIn(request.ctx)
    const form = readForm(ProofForm, body)
    if ('faults' in form) return showConfirm(request, reply, refusedForm(body, [], form.faults))
    const { password, code } = form.value
    const { refusal } = await presses.answer([ctx.caller.session.id, password, code], ctx.now, () =>
      answerOf(giveProof(ctx, { password: Secret.of(password), code })),
    )
    if (refusal) return showConfirm(request, reply, refusedForm(body, [], refusal))
    return seeOther(reply, whenConfirmed(nextPath(query) ?? FIRST_PAGE))
  })
}

function showConfirm(request: FastifyRequest, reply: FastifyReply, state: FormState): FastifyReply {
  const say = texts(localeOf(reply))
  const { ctx, query } = request
  const lasts = waitInWords(say.language, ctx.config.proofLifetime / 1000) ?? ''
  const cameByForm = becauseOf(query) === 'form' && state.refusal === undefined
  return sendPage(reply, {
    title: say.confirm.title,
    notice:
      formSummary(say, state, IDS, !isWholeRefused(state)) ??
      (cameByForm ? banner('info', say.confirm.nothingDone) : undefined),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: PASSWORD_MODULES,
    body: html`<p class="lead">${say.confirm.lead(lasts)}</p>
      ${confirmForm(say, state, {
        username: signedIn(ctx).caller.user.username,
        action: withNext('/confirm', query),
        formToken: formToken(request),
      })}
      <p><a href="/account">${say.words.cancel}</a></p>`,
  })
}

/** Neither field is wrong by itself: which of the two it was is not told, so the first is typed again. */
function isWholeRefused({ refusal, faults }: FormState): boolean {
  return refusal !== undefined && faults.length === 0
}

interface Shown {
  readonly username: string
  readonly action: string
  readonly formToken: Html
}

function confirmForm(say: Texts, state: FormState, { username, action, formToken: token }: Shown): Html {
  return html`<form method="post" action="${action}">
    ${token} ${hiddenUsername(username)}
    ${passwordField(say, {
      id: IDS.password,
      name: 'password',
      label: say.fields.password,
      error: errorOf(say, state, 'password'),
      purpose: 'current',
      autofocus: state.refusal === undefined || isWholeRefused(state),
      describedBy: isWholeRefused(state) ? SUMMARY_ID : undefined,
    })}
    ${codeField({ id: IDS.code, label: say.fields.code, hint: say.hints.code, error: errorOf(say, state, 'code') })}
    ${submitButton(say.confirm.submit)}
  </form>`
}
