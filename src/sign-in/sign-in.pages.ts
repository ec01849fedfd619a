import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../web/type.ts'

import { Secret } from '../kernel/secret.ts'
import { isWithoutUsers } from '../users/user.service.ts'
import type { App } from '../web/app.ts'
import { submitButton } from '../web/components/button.ts'
import { SUMMARY_ID } from '../web/components/error-summary.ts'
import { textField } from '../web/components/field.ts'
import { PASSWORD_MODULES, passwordField } from '../web/components/password-field.ts'
import { setAttemptCookie, tradeAttemptForSession } from '../web/cookies.ts'
import { answerOf, EMPTY_FORM, errorOf, formSummary, readForm, refusedForm } from '../web/form.ts'
import type { FormState } from '../web/form.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { becauseOf, nextPath, withNext } from '../web/next-path.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { texts } from '../web/texts.ts'
import type { Texts } from '../web/texts.ts'
import { endedBanner } from './ended.pages.ts'
import { beginSignIn } from './sign-in.service.ts'
import type { SignInStep } from './sign-in.service.ts'
import { showTurnedOff } from './turned-off.pages.ts'

const SignInForm = Type.Object({ username: Type.String(), password: Type.String() })

const IDS = { username: 'username', password: 'current-password' }

const config = { access: 'anyone', page: true, undocumented: true } as const

export function signInPages(app: App): void {
  app.get('/sign-in', { config }, async (request, reply) => {
    const { ctx, query } = request
    if (ctx.caller.kind === 'signed-in') return seeOther(reply, nextPath(query) ?? '/account')
    if (await isWithoutUsers(ctx))
      return seeOther(reply, becauseOf(query) === 'ended' ? '/setup?because=ended' : '/setup')
    return showSignIn(request, reply, EMPTY_FORM)
  })

  app.post('/sign-in', { config }, async (request, reply) => {
    const { ctx, body } = request
    const form = readForm(SignInForm, body)
    if ('faults' in form) return showSignIn(request, reply, refusedForm(body, ['username'], form.faults))
    const { username, password } = form.value
    const { answer, refusal } = await answerOf(
      beginSignIn(ctx, { username, password: Secret.of(password), carrier: 'cookie' }),
    )
    if (refusal?.code === 'sign_in.disabled') return showTurnedOff(reply, refusal)
    if (refusal) return showSignIn(request, reply, refusedForm(body, ['username'], refusal))
    return goOn(request, reply, answer)
  })
}

/** To the page of the next step, with the attempt in a cookie; or straight in when no step is left. */
function goOn({ ctx, query }: FastifyRequest, reply: FastifyReply, step: SignInStep): FastifyReply {
  if (step.stage === 'complete') {
    tradeAttemptForSession(reply, ctx.config, step.token)
    return seeOther(reply, nextPath(query) ?? '/account')
  }
  setAttemptCookie(reply, ctx.config, step.attempt, step.expiresAt - ctx.now)
  return seeOther(reply, withNext(step.stage === 'enrolment' ? '/enrolment' : '/sign-in/second-step', query))
}

async function showSignIn(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const { query } = request
  const say = texts(localeOf(reply))
  return sendPage(reply, {
    title: say.signIn.title,
    notches: { done: 0, label: say.words.stepOf(1, 2) },
    notice: formSummary(say, state, IDS, !asksPasswordAgain(state)) ?? (await endedBanner(request, reply)),
    waits: true,
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: PASSWORD_MODULES,
    body: html`${signInForm(say, state, withNext('/sign-in', query))}
      <p><a href="${withNext('/sign-in/help', query)}">${say.signIn.cannot}</a></p>`,
  })
}

/** The username is there and no field is wrong by itself: the password is what to type next. */
function asksPasswordAgain({ refusal, faults, values }: FormState): boolean {
  return refusal !== undefined && faults.length === 0 && Boolean(values.username)
}

function signInForm(say: Texts, state: FormState, action: string): Html {
  const { username } = state.values
  return html`<form method="post" action="${action}">
    ${textField({
      id: IDS.username,
      label: say.fields.usernameOrEmail,
      value: username,
      error: errorOf(say, state, 'username'),
      autocomplete: 'username',
      enterkeyhint: 'next',
      required: true,
      autofocus: !username && !state.refusal,
    })}
    ${passwordField(say, {
      id: IDS.password,
      name: 'password',
      label: say.fields.password,
      error: errorOf(say, state, 'password'),
      purpose: 'current',
      autofocus: asksPasswordAgain(state),
      describedBy: asksPasswordAgain(state) ? SUMMARY_ID : undefined,
    })}
    ${submitButton(say.words.continue)}
  </form>`
}
