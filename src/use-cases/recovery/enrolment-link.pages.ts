import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { texts } from '#foundation/texts/texts.ts'
import { primaryLink, submitButton } from '#foundation/web/components/button.ts'
import { PASSWORD_MODULES, passwordField, textField } from '#foundation/web/components/field.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { setAttemptCookie } from '#foundation/web/http/cookies.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, type FormState, readForm, refusedForm, soleError } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { sendRefusedLink } from '#foundation/web/pages/refused-link.ts'
import { supportLine } from '#foundation/web/pages/support-line.ts'
import { ENROLMENT_LINK_PATH } from '#use-cases/enrolment/enrolment-link.ts'
import { acceptEnrolmentLink, readEnrolmentLink } from './enrolment-link.service.ts'

const PATH = `${ENROLMENT_LINK_PATH}/:token`
const ProofForm = Type.Object({ password: Type.String() })
const schema = { params: Type.Object({ token: Type.String({ maxLength: 200 }) }) }
const config = { access: 'anyone', page: true, undocumented: true } as const

type LinkRequest = Pick<FastifyRequest, 'ctx'> & { readonly params: { readonly token: string } }

/** The page of the link that a reset of the second step makes. It asks for the password; the link alone opens nothing. */
export function enrolmentLinkPages(app: App): void {
  app.get(PATH, { config, schema }, (request, reply) => showEnrolmentLink(request, reply, shownForm(reply)))

  app.post(PATH, { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(ProofForm, body)
    if ('fieldErrors' in form) return showEnrolmentLink(request, reply, refusedForm(body, [], form.fieldErrors))
    const proof = { token: Secret.of(params.token), password: Secret.of(form.value.password) }
    const { answer, refusal } = await answerOf(acceptEnrolmentLink(ctx, proof))
    if (refusal) return showEnrolmentLink(request, reply, refusedForm(body, [], refusal))
    setAttemptCookie(reply, ctx.config, answer.attempt, answer.expiresAt - ctx.now)
    return seeOther(reply, '/enrolment')
  })
}

async function showEnrolmentLink(request: LinkRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const { ctx, params } = request
  const { answer, refusal } = await answerOf(readEnrolmentLink(ctx, Secret.of(params.token)))
  if (refusal) return refuseEnrolmentLink(reply, refusal)
  const say = texts(localeOf(reply))
  return sendPage(reply, {
    title: [say.enrolmentLink.title, say.signIn.title],
    stepIndicator: { done: 0, of: 2 },
    refusal: state.refusal,
    modules: PASSWORD_MODULES,
    body: html`<p class="lead">${say.enrolmentLink.lead}</p>
      <form method="post">
        ${textField({ id: 'username', label: say.fields.username, value: answer.user.username, autocomplete: 'username', readonly: true })}
        ${passwordField(say, {
          id: 'current-password',
          name: 'password',
          label: say.fields.password,
          error: soleError(say, state, 'password'),
          purpose: 'current',
          autofocus: true,
        })}
        ${submitButton(say.words.continue)}
      </form>`,
  })
}

/** Shows why the link does not work, and what works instead. Throws every refusal that is not about the link. */
function refuseEnrolmentLink(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  const { enrolmentLink: words } = say
  return sendRefusedLink(reply, refusal, {
    words: {
      'link.expired': [words.expired, words.text],
      'link.used': [words.used, words.text],
      'link.unknown': [words.unknown, words.text],
    },
    purpose: say.signIn.title,
    instead: html`${supportLine(say, reply.request.ctx.config)}
      <p>${primaryLink('/sign-in', say.signIn.title)}</p>`,
  })
}
