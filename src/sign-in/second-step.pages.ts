import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../web/type.ts'

import { describeAttempt } from '../attempts/attempt.service.ts'
import type { Complete } from '../attempts/attempt.service.ts'
import type { App } from '../web/app.ts'
import { submitButton } from '../web/components/button.ts'
import { codeField } from '../web/components/code-field.ts'
import { readAttemptCookie, tradeAttemptForSession } from '../web/cookies.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm, soleError } from '../web/form.ts'
import type { FormState, Outcome } from '../web/form.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { nextPath, withNext } from '../web/next-path.ts'
import { OncePressed } from '../web/once-pressed.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { startOver } from '../web/start-over.ts'
import { texts } from '../web/texts.ts'
import type { Texts } from '../web/texts.ts'
import { proveSecondFactor } from './sign-in.service.ts'
import { showTurnedOff } from './turned-off.pages.ts'

const CodeForm = Type.Object({ code: Type.String() })

const config = { access: 'attempt', page: true, undocumented: true } as const

/** Password proven; now a code. The form sends itself once, the first time that all six digits are in. */
export function secondStepPages(app: App): void {
  const presses = new OncePressed<Outcome<Complete>>(({ answer }) => answer !== undefined)
  app.get('/sign-in/second-step', { config }, (request, reply) => showSecondStep(request, reply, EMPTY_FORM))

  app.post('/sign-in/second-step', { config }, async (request, reply) => {
    const { ctx, body, query } = request
    const attempt = readAttemptCookie(request)
    if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
    const form = readForm(CodeForm, body)
    if ('faults' in form) return showSecondStep(request, reply, refusedForm(body, [], form.faults))
    const { code: proof } = form.value
    const { answer, refusal } = await presses.answer([attempt.reveal(), proof], ctx.now, () =>
      answerOf(proveSecondFactor(ctx, { attempt, kind: 'totp', proof, carrier: 'cookie' })),
    )
    if (refusal?.code === 'sign_in.disabled') return showTurnedOff(reply, refusal)
    if (refusal) return showSecondStep(request, reply, refusedForm(body, [], refusal))
    tradeAttemptForSession(reply, ctx.config, answer.token)
    return seeOther(reply, nextPath(query) ?? '/account')
  })
}

/** The page for the attempt in the cookie; without one, or with one at another step, the page that fits. */
async function showSecondStep(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const { ctx, query } = request
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
  const { answer, refusal } = await answerOf(describeAttempt(ctx, attempt))
  if (refusal) return startOver(reply, refusal)
  if (answer.stage !== 'second-factor') return seeOther(reply, withNext('/enrolment', query))
  const say = texts(localeOf(reply))
  return sendPage(reply, {
    title: [say.secondStep.title, say.signIn.title],
    notches: { done: 1, label: say.words.stepOf(2, 2) },
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    waits: true,
    modules: ['submit-code'],
    body: secondStepForm(say, state, { username: answer.username, query }),
  })
}

function secondStepForm(say: Texts, state: FormState, { username, query }: { username: string; query: unknown }): Html {
  // After an error the person decides when to send the next one.
  const sendsItself = state.refusal === undefined
  return html`<p>
      ${say.secondStep.signingInAs} <strong class="name">${username}</strong>.
      <a href="${withNext('/sign-in', query)}">${say.secondStep.notYou}</a>
    </p>
    <form method="post" action="${withNext('/sign-in/second-step', query)}">
      ${codeField({
        id: 'code',
        label: say.fields.code,
        hint: html`${say.hints.code}${sendsItself && html` <span class="scripted">${say.hints.codeSendsItself}</span>`}`,
        error: soleError(say, state, 'code'),
        autofocus: true,
        sendsItself,
      })}
      ${submitButton(say.secondStep.submit)}
    </form>
    <p><a href="${withNext('/sign-in/help', query)}">${say.secondStep.cannot}</a></p>`
}
