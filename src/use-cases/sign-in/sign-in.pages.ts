import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../../foundation/web/http/type.ts'

import type { SignInResult } from '../../domain/attempts/attempt.service.ts'
import { PasskeyAuthenticationResponse } from '../../domain/factors/passkeys/passkey.schema.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import { isWithoutUsers } from '../../domain/users/user.service.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { PASSKEY_FIELD } from '../../foundation/web/pages/passkey-form.ts'
import { setAttemptCookie, tradeAttemptForSession } from '../../foundation/web/http/cookies.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm, readJsonField } from '../../foundation/web/pages/form.ts'
import { becauseOf, nextPath, withNext } from '../../foundation/web/http/redirect.ts'
import { seeOther } from '../../foundation/web/pages/page.ts'
import { signInWithPasskey } from './passkey-sign-in.service.ts'
import { PASSKEY_SIGN_IN_PATH, showSignIn } from './sign-in-form.pages.ts'
import { beginSignIn } from './sign-in.service.ts'
import type { SignInStep } from './sign-in.service.ts'
import { showDisabled } from './disabled.pages.ts'

const SignInForm = Type.Object({ username: Type.String(), password: Type.String() })

const config = { access: 'anyone', page: true, undocumented: true } as const

/** The first page of a sign-in: username and password, or a passkey. */
export function signInPages(app: App): void {
  app.get('/sign-in', { config }, async (request, reply) => {
    const { ctx, query } = request
    if (ctx.principal.kind === 'session') return seeOther(reply, nextPath(query) ?? '/account')
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
      beginSignIn(ctx, { username, password: Secret.of(password), transport: 'cookie' }),
    )
    if (refusal?.code === 'sign_in.disabled') return showDisabled(reply, refusal)
    if (refusal) return showSignIn(request, reply, refusedForm(body, ['username'], refusal))
    return continueSignIn(request, reply, answer)
  })

  // A refused POST leaves this URL in the browser; opening it again leads to the sign-in form.
  app.get(PASSKEY_SIGN_IN_PATH, { config }, ({ query }, reply) => seeOther(reply, withNext('/sign-in', query)))

  // The browser module sends an assertion once, and no cookie identifies the browser: a repeated submission is refused as a replay.
  app.post(PASSKEY_SIGN_IN_PATH, { config }, async (request, reply) => {
    const { ctx, body } = request
    const response = readJsonField(PasskeyAuthenticationResponse, body, PASSKEY_FIELD)
    if (response === undefined) return showSignIn(request, reply, refusedForm(body, [], new Refusal('passkey.refused')))
    const { answer, refusal } = await answerOf(signInWithPasskey(ctx, { response, transport: 'cookie' }))
    if (refusal?.code === 'sign_in.disabled') return showDisabled(reply, refusal)
    if (refusal) return showSignIn(request, reply, refusedForm(body, [], refusal))
    return completeSignIn(request, reply, answer)
  })
}

/** Redirects to the next step with the attempt in a cookie, or signs in if no step is left. */
function continueSignIn(request: FastifyRequest, reply: FastifyReply, step: SignInStep): FastifyReply {
  const { ctx, query } = request
  if (step.stage === 'complete') return completeSignIn(request, reply, step)
  setAttemptCookie(reply, ctx.config, step.attempt, step.expiresAt - ctx.now)
  return seeOther(reply, withNext(step.stage === 'enrolment' ? '/enrolment' : '/sign-in/second-step', query))
}

function completeSignIn({ ctx, query }: FastifyRequest, reply: FastifyReply, complete: SignInResult): FastifyReply {
  tradeAttemptForSession(reply, ctx.config, complete)
  return seeOther(reply, nextPath(query) ?? '/account')
}
