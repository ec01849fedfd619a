// The frame of the pages of an enrolment: reads the attempt, and adds the user's name.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type AttemptDescription, describeAttempt } from '#domain/attempts/attempt.service.ts'
import { STAGE_PATHS } from '#domain/attempts/attempt.ts'
import type { AllowableFactor } from '#domain/policies/policy.ts'
import type { RequiredFactor } from '#domain/policies/rollout/deadline.service.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { calendarOf } from '#foundation/texts/day-and-time.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { ModuleName } from '#foundation/web/http/assets.ts'
import { readAttemptCookie } from '#foundation/web/http/cookies.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { EMPTY_FORM, type FormState } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { supportLine } from '#foundation/web/pages/support-line.ts'
import { askedAtEnrolment, enrollableFactors } from './allowed-factors.service.ts'

export const ENROLMENT = '/enrolment'
export const APP_ENROLMENT = '/enrolment/app'
export const PASSKEY_ENROLMENT = '/enrolment/passkey'

/** Returns the page to begin at: that of the only factor where there is one, the choice otherwise. */
export function enrolmentPath(allowed: readonly AllowableFactor[]): string {
  const [only, ...others] = allowed
  if (only === undefined || others.length > 0) return ENROLMENT
  return only === 'totp' ? APP_ENROLMENT : PASSKEY_ENROLMENT
}

interface Enrolling extends AttemptDescription {
  readonly attempt: Secret
  /** The second factors that the policies allow, and that a page of this server can ask for. */
  readonly allowed: readonly AllowableFactor[]
  /** Since when a stored policy stops the user; undefined if none does. */
  readonly asked: RequiredFactor | undefined
}

/** Calls `show` if the browser has an attempt at stage `enrolment`; redirects to the page of its stage otherwise. */
export async function atEnrolment(
  request: FastifyRequest,
  reply: FastifyReply,
  show: (enrolling: Enrolling) => Promise<FastifyReply> | FastifyReply,
): Promise<FastifyReply> {
  const { ctx, query } = request
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
  const answer = await describeAttempt(ctx, attempt)
  if (answer.stage !== 'enrolment') return seeOther(reply, withNext(STAGE_PATHS[answer.stage], query))
  const allowed = await enrollableFactors(ctx, attempt)
  return show({ ...answer, attempt, allowed, asked: await askedAtEnrolment(ctx, attempt) })
}

interface EnrolmentPage {
  readonly title: string
  readonly state?: FormState
  readonly notice?: Html | undefined
  readonly modules?: readonly ModuleName[]
  readonly withoutScripts?: string
  readonly body: Html
}

/** Sends a page of an enrolment, with the username, unless it was chosen a step before. */
export function sendEnrolment(
  reply: FastifyReply,
  { purpose, username, asked }: Enrolling,
  { title, state = EMPTY_FORM, notice, modules = [], withoutScripts, body }: EnrolmentPage,
): FastifyReply {
  const say = texts(localeOf(reply))
  const isSetup = purpose === 'set-up'
  return sendPage(reply, {
    title: [title, isSetup ? say.setup.title : say.signIn.title],
    heading: isSetup ? say.setup.stepSecond : title,
    stepIndicator: { done: 1, of: isSetup ? 3 : 2 },
    notice,
    refusal: state.refusal,
    modules,
    withoutScripts,
    body: html`${!isSetup && signedInAsLine(say, username, reply.request.query)} ${asked && whoAsks(say, asked)} ${body}
    ${asked && helpLine(reply, say)}`,
  })
}

/** Which policy asks; the way out is the link beside the username. */
function whoAsks(say: Texts, { at, needs }: RequiredFactor): Html {
  const { stopped: words } = say.rollout
  const day = calendarOf(say.language, null, { dateStyle: 'long' }).format(at)
  return banner('info', html`${words.since[needs](day)} ${words.why}`)
}

/** Whom to ask who cannot set it up. */
function helpLine(reply: FastifyReply, say: Texts): Html {
  const { config } = reply.request.ctx
  return html`<p class="small">
      ${say.rollout.stopped.help(config.instanceName)}
      <a class="whole" href="/sign-in/help">${say.signInHelp.title}</a>
    </p>
    ${supportLine(say, config)}`
}

function signedInAsLine({ secondStep }: Texts, username: string, query: unknown): Html {
  return html`<p>
    ${secondStep.signingInAs} <strong class="name">${name(username)}</strong>.
    <a href="${withNext('/sign-in', query)}">${secondStep.notYou}</a>
  </p>`
}
