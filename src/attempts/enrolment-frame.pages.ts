// What the pages of an enrolment share: whose it is, and what stands around each of them.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Secret } from '../kernel/secret.ts'
import type { ModuleName } from '../web/assets.ts'
import { name } from '../web/components/person-name.ts'
import { readAttemptCookie } from '../web/cookies.ts'
import { answerOf, EMPTY_FORM } from '../web/form.ts'
import type { FormState } from '../web/form.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { withNext } from '../web/next-path.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { restartSignIn } from '../web/start-over.ts'
import { texts } from '../web/texts.ts'
import type { Texts } from '../web/texts.ts'
import { describeAttempt } from './attempt.service.ts'
import type { AttemptDescription } from './attempt.service.ts'
import { setupSteps } from './setup-steps.pages.ts'

export const ENROLMENT = '/enrolment'
export const APP_ENROLMENT = '/enrolment/app'
export const PASSKEY_ENROLMENT = '/enrolment/passkey'

export interface Enrolling extends AttemptDescription {
  readonly attempt: Secret
}

/** Shows a page of the enrolment that this browser is at; one that is elsewhere is led there. */
export async function atEnrolment(
  request: FastifyRequest,
  reply: FastifyReply,
  show: (enrolling: Enrolling) => Promise<FastifyReply> | FastifyReply,
): Promise<FastifyReply> {
  const { ctx, query } = request
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
  const { answer, refusal } = await answerOf(describeAttempt(ctx, attempt))
  if (refusal) return restartSignIn(reply, refusal)
  if (answer.stage !== 'enrolment') return seeOther(reply, withNext('/sign-in/second-step', query))
  return show({ ...answer, attempt })
}

export interface EnrolmentPage {
  readonly title: string
  readonly state?: FormState
  readonly notice?: Html | undefined
  readonly modules?: readonly ModuleName[]
  readonly body: Html
}

/** One page of an enrolment; it says who signs in, or where the first admin stands. */
export function sendEnrolment(
  reply: FastifyReply,
  { purpose, username }: AttemptDescription,
  { title, state = EMPTY_FORM, notice, modules = [], body }: EnrolmentPage,
): FastifyReply {
  const say = texts(localeOf(reply))
  const isSetup = purpose === 'set-up'
  return sendPage(reply, {
    title: [title, isSetup ? say.setup.title : say.signIn.title],
    heading: isSetup ? say.setup.stepSecond : title,
    notches: isSetup ? { done: 1 } : { done: 1, label: say.words.stepOf(2, 2) },
    notice,
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules,
    body: html`${isSetup ? setupSteps(say, 2) : signedInAsLine(say, username, reply.request.query)} ${body}`,
  })
}

function signedInAsLine({ secondStep }: Texts, username: string, query: unknown): Html {
  return html`<p>
    ${secondStep.signingInAs} <strong class="name">${name(username)}</strong>.
    <a href="${withNext('/sign-in', query)}">${secondStep.notYou}</a>
  </p>`
}
