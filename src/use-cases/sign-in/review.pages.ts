import type { FastifyReply, FastifyRequest } from 'fastify'

import { STAGE_PATHS } from '#domain/attempts/attempt.ts'
import { FIRST_NAME } from '#domain/factors/totp/totp.service.ts'
import { liftCommand } from '#domain/notices/notice.service.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { dayAndTime } from '#foundation/texts/day-and-time.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { linkButton, submitButton } from '#foundation/web/components/button.ts'
import { checkboxGroup, optionField } from '#foundation/web/components/choice.ts'
import { commandBox } from '#foundation/web/components/copy.ts'
import { hiddenUsername } from '#foundation/web/components/field.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { noted } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { readAttemptCookie, tradeAttemptForSession } from '#foundation/web/http/cookies.ts'
import { nextPath, withNext } from '#foundation/web/http/redirect.ts'
import { pressField, SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  errorOf,
  type FormState,
  formSummary,
  type Outcome,
  readForm,
  refusedForm,
  typedText,
} from '#foundation/web/pages/form.ts'
import { localeOf, onward, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import {
  NEW_PASSWORD_ID,
  NEW_PASSWORD_MODULES,
  newPasswordField,
  sendStrength,
  strengthQuestion,
} from '#use-cases/page-sections/new-password.pages.ts'
import { noticeWords } from '#use-cases/page-sections/notice.pages.ts'
import { showDisabled } from './help.pages.ts'
import { type AccountReview, completeReview, readReview, RECOVERY_CODES } from './review.service.ts'
import type { SignInStep } from './sign-in.service.ts'
import { nextStage } from './stage.pages.ts'

const PATH = STAGE_PATHS.review
const REMOVE = 'remove'
const ReviewForm = Type.Object({ password: Type.String() }, { additionalProperties: true })

const config = { access: 'attempt', page: true, undocumented: true } as const

/** The page between the last factor of a sign-in and the session of a reported account: a new password, and the factors. */
export function reviewPages(app: App): void {
  const submissions = new SubmitDeduplicator<Outcome<SignInStep>>(({ answer }) => answer !== undefined)
  app.get(PATH, { config }, (request, reply) => showReview(request, reply, shownForm(reply)))

  app.post(PATH, { config: { ...config, ignoresUnknownFields: true } }, async (request, reply) => {
    const { ctx, body, query } = request
    const attempt = readAttemptCookie(request)
    if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
    const form = readForm(ReviewForm, body)
    if ('fieldErrors' in form) return showReview(request, reply, refusedForm(body, [], form.fieldErrors))
    const { password } = form.value
    const remove = tickedIn(body)
    const input = { attempt, password: Secret.of(password), remove, transport: 'cookie' } as const
    const submission = { browser: attempt.reveal(), body, typed: [password, ...remove] }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(completeReview(ctx, input)),
    )
    if (refusal) return showReview(request, reply, refusedForm(body, [], refusal))
    if (answer.stage !== 'complete') return nextStage(request, reply, answer)
    tradeAttemptForSession(reply, ctx.config, answer)
    return onward(reply, nextPath(query) ?? '/account')
  })

  app.post(`${PATH}/strength`, { config, ...strengthQuestion }, async (request, reply) => {
    const attempt = readAttemptCookie(request) ?? Secret.of('')
    const { user } = await readReview(request.ctx, attempt)
    return sendStrength(request, reply, { user, policy: await passwordPolicy(request.ctx) }, user.subject)
  })
}

/** The ids of the ticked factors: each box has a name of its own. */
function tickedIn(body: unknown): string[] {
  const fields = typeof body === 'object' && body !== null ? Object.keys(body) : []
  const prefix = optionField({ id: REMOVE }, '')
  return fields
    .filter((field) => field.startsWith(prefix) && typedText(body, field) !== '')
    .map((field) => field.slice(prefix.length))
}

async function showReview(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  if (state.refusal?.code === 'sign_in.disabled') return showDisabled(reply, state.refusal)
  const { ctx, query } = request
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
  const { answer: review, refusal } = await answerOf(readReview(ctx, attempt))
  if (refusal?.code === 'attempt.wrong_stage') return seeOther(reply, withNext(STAGE_PATHS['second-factor'], query))
  if (refusal) throw refusal
  const say = texts(localeOf(reply))
  if (review.isAdminNeeded) return showAdminNeeded(request, reply, review)
  return sendPage(reply, {
    title: [say.review.title, say.signIn.title],
    stepIndicator: { done: 2, of: 2 },
    notice: formSummary(say, state, { password: { id: NEW_PASSWORD_ID, label: say.review.newPassword } }),
    refusal: state.refusal,
    modules: NEW_PASSWORD_MODULES,
    body: html`<p>${say.secondStep.signingInAs} <strong class="name">${name(review.user.username)}</strong>.</p>
      <p class="lead">${say.review.lead}</p>
      ${reportedList(say, review)} ${await reviewForm(request, say, state, review)}`,
  })
}

/** The page for a review that this sign-in cannot end: another one does, or an admin or the operator lifts it. It offers no form. */
function showAdminNeeded({ ctx }: FastifyRequest, reply: FastifyReply, review: AccountReview): FastifyReply {
  const say = texts(localeOf(reply))
  const { user, unchanged, isLastAdmin } = review
  const others = unchanged.map((kind) => say.security.methods[kind]).join(', ')
  const command = html`<p>${say.review.byOperator}</p>
    <p>${commandBox(liftCommand(ctx, user))}</p>`
  return sendPage(reply, {
    title: [others === '' ? say.review.byAdmin : say.review.another, say.signIn.title],
    body: html`<p class="lead">${others === '' ? say.review.byAdminText : say.review.anotherText(others)}</p>
      ${reportedList(say, review)} ${isLastAdmin && command}
      <p>${linkButton('/sign-in', say.review.back)}</p>`,
  })
}

function reportedList(say: Texts, { user, reports }: AccountReview): Html {
  const reader = { say, timeZone: user.timeZone }
  return noted([
    html`<div class="small">${say.review.reported}</div>`,
    ...reports.map(
      (report) =>
        html`<div>
          <strong>${noticeWords(say, report)}</strong>
          <div class="small">${dayAndTime(reader, report.createdAt)}</div>
        </div>`,
    ),
  ])
}

async function reviewForm(
  { ctx, query }: FastifyRequest,
  say: Texts,
  state: FormState,
  review: AccountReview,
): Promise<Html> {
  const length = await passwordPolicy(ctx)
  const options = factorOptions(say, review)
  return html`<form method="post" action="${withNext(PATH, query)}">
    ${pressField(ctx)} ${hiddenUsername(review.user.username)}
    ${newPasswordField(say, {
      name: 'password',
      label: say.review.newPassword,
      hint: say.hints.newPassword(length.minimum),
      error: errorOf(say, state, 'password'),
      length,
      autofocus: true,
    })}
    ${
      options.length > 0 &&
      checkboxGroup({ id: REMOVE, label: say.review.factors, hint: say.review.factorsHint, options, values: [] })
    }
    ${submitButton(say.review.submit)}
  </form>`
}

function factorOptions(say: Texts, { user, apps, passkeys, recoveryCodesLeft }: AccountReview) {
  const reader = { say, timeZone: user.timeZone }
  const words = say.review
  return [
    ...apps.map((app) => ({
      value: app.id,
      label: app.name === FIRST_NAME ? say.security.ways.app : words.app(withoutTurns(app.name)),
      hint: words.since(dayAndTime(reader, app.createdAt)),
    })),
    ...passkeys.map((passkey) => ({
      value: passkey.id,
      label: words.passkey(withoutTurns(passkey.name)),
      hint: words.since(dayAndTime(reader, passkey.createdAt)),
    })),
    ...(recoveryCodesLeft > 0
      ? [{ value: RECOVERY_CODES, label: words.recoveryCodes, hint: words.recoveryCodesHint(recoveryCodesLeft) }]
      : []),
  ]
}
