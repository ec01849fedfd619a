import type { FastifyReply, FastifyRequest } from 'fastify'

import type { NewChallenge } from '#domain/registrations/proof-of-work.service.ts'
import { REGISTRATION_LINK_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { linkButton, longButtonRow, primaryLink, submitButton } from '#foundation/web/components/button.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { textField } from '#foundation/web/components/field.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { setRegistrationNextCookie } from '#foundation/web/http/cookies.ts'
import { nextPath, withNext } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, type FormState, readForm, refusedForm, soleError } from '#foundation/web/pages/form.ts'
import { localeOf, onward, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { proofIn } from './registration.schema.ts'
import { challengeForRegistration, requestRegistration, requireRegistration } from './request-registration.service.ts'

const REGISTER_PATH = '/register'
const SENT_PATH = `${REGISTER_PATH}/sent`
export const WAITING_PATH = `${REGISTER_PATH}/waiting`

const RegisterForm = Type.Object({
  email: Type.String(),
  challenge: Type.Optional(Type.String({ maxLength: 200 })),
  solution: Type.Optional(Type.String({ maxLength: 200 })),
})

const config = { access: 'anyone', page: true, undocumented: true } as const

/** The page that asks for an account: it takes an email, and leads on to the same page whether or not the email is known. */
export function registerPages(app: App): void {
  app.get(REGISTER_PATH, { config }, (request, reply) =>
    request.ctx.principal.kind === 'session'
      ? onward(reply, nextPath(request.query) ?? '/account')
      : showRegister(request, reply, shownForm(reply)),
  )

  app.post(REGISTER_PATH, { config: { ...config, uniformTime: true } }, async (request, reply) => {
    const { ctx, body, query } = request
    const form = readForm(RegisterForm, body)
    if ('fieldErrors' in form) return showRegister(request, reply, refusedForm(body, ['email'], form.fieldErrors))
    const wanted = { email: form.value.email.trim(), locale: localeOf(reply), proof: proofIn(form.value) }
    const { refusal } = await answerOf(requestRegistration(ctx, wanted))
    if (refusal) return showRegister(request, reply, refusedForm(body, ['email'], refusal))
    setRegistrationNextCookie(reply, nextPath(query), REGISTRATION_LINK_LIFETIME)
    return seeOther(reply, withNext(SENT_PATH, query))
  })

  app.get(SENT_PATH, { config }, ({ ctx }, reply) => {
    requireRegistration(ctx)
    return showSent(reply)
  })

  app.get(WAITING_PATH, { config }, ({ ctx }, reply) => {
    requireRegistration(ctx)
    const { registration: say, signInHelp } = texts(localeOf(reply))
    return sendPage(reply, {
      title: say.waitingTitle,
      above: lineDrawing('envelope'),
      body: html`<p class="lead">${say.waitingText}</p>
        <p class="small">${say.waitingLimit}</p>
        <p><a href="/sign-in">${signInHelp.back}</a></p>`,
    })
  })
}

function showSent(reply: FastifyReply): FastifyReply {
  const { query } = reply.request
  const { registration: say, signIn } = texts(localeOf(reply))
  return sendPage(reply, {
    title: say.sent,
    above: lineDrawing('envelope'),
    body: html`<p class="lead">${say.sentText}</p>
      <p>${say.sentNothing}</p>
      <p><a href="${withNext(REGISTER_PATH, query)}">${say.sentAgain}</a></p>
      <p>${linkButton(withNext('/sign-in', query), signIn.title)}</p>`,
  })
}

/** Each showing of the form has a challenge of its own, so that a refused form can be sent again. */
function showRegister({ ctx, query }: FastifyRequest, reply: FastifyReply, state: FormState): FastifyReply {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const challenge = challengeForRegistration(ctx)
  const say = texts(localeOf(reply))
  const { registration } = say
  const hasProof = challenge.facts.bits > 0
  return sendPage(reply, {
    title: registration.title,
    refusal: state.refusal,
    modules: hasProof ? ['proof-of-work'] : [],
    body: html`<p class="lead">${registration.lead(ctx.config.instanceName)}</p>
      ${hasProof && html`<noscript><p class="error">${registration.needsScript}</p></noscript>`}
      ${registerForm(say, state, { action: withNext(REGISTER_PATH, query), challenge, domains: ctx.config.registration.domains })}
      <p><a href="${withNext('/sign-in', query)}">${registration.haveAccount}</a></p>`,
  })
}

interface Asked {
  readonly action: string
  readonly challenge: NewChallenge
  readonly domains: readonly string[]
}

function registerForm(say: Texts, state: FormState, { action, challenge: { challenge, facts }, domains }: Asked): Html {
  const { registration: words } = say
  const proof =
    facts.bits > 0 &&
    html`<input type="hidden" name="challenge" /><input type="hidden" name="solution" />
      <p class="hint" data-proof-note role="status"></p>`
  const attributes =
    facts.bits > 0 &&
    html`data-proof-of-work="${facts.bits}" data-challenge="${challenge}" data-working="${words.working}"
    data-solved="${words.solved}"`
  return html`<form method="post" action="${action}" ${attributes}>
    ${textField({
      id: 'email',
      label: words.email,
      type: 'email',
      hint: domains.length > 0 ? words.domains(domains.join(', ')) : undefined,
      value: state.values['email'],
      error: soleError(say, state, 'email'),
      autocomplete: 'email',
      required: true,
      autofocus: true,
    })}
    ${proof} ${submitButton(words.submit)}
  </form>`
}

/** Where a page leads people whose link does not work. */
export function newLinkButtons({ registration: words, signIn }: Texts): Html {
  return longButtonRow(primaryLink(REGISTER_PATH, words.again), linkButton('/sign-in', signIn.title))
}
