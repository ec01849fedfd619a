import type { FastifyReply, FastifyRequest } from 'fastify'

import type { FinishOutcome } from '#domain/attempts/attempt.service.ts'
import { STAGE_PATHS } from '#domain/attempts/attempt.ts'
import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { checkButton } from '#foundation/web/components/button.ts'
import { checkbox } from '#foundation/web/components/choice.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { readAttemptCookie, tradeAttemptForSession } from '#foundation/web/http/cookies.ts'
import { nextPath, withNext } from '#foundation/web/http/redirect.ts'
import { pressField, SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import {
  answerOf,
  type FormState,
  formSummary,
  type Outcome,
  refusedForm,
  soleError,
  typedText,
} from '#foundation/web/pages/form.ts'
import { localeOf, onward, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { PASSKEY_MODULES } from '#foundation/web/pages/passkey-form.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import {
  FACTOR_FIELDS,
  factorField,
  factorInQuery,
  factorText,
  otherFactorLinks,
  readSubmittedFactor,
  shownPasskeyForm,
  withFactor,
} from './factors.pages.ts'
import { showDisabled } from './help.pages.ts'
import { LOST_FACTOR } from './lost-factor.pages.ts'
import { pendingSecondFactor } from './offered-factors.service.ts'
import { passkeySignInOptions } from './passkey-sign-in.service.ts'
import { AFTER_LOSS } from './recovered.pages.ts'
import { proveSecondFactor } from './sign-in.service.ts'
import { nextStage } from './stage.pages.ts'

const PATH = '/sign-in/second-step'

const config = { access: 'attempt', page: true, undocumented: true } as const

/** The second step of a sign-in: asks for a passkey, a TOTP code or a recovery code, of the factors that the user has. */
export function secondFactorPages(app: App): void {
  const submissions = new SubmitDeduplicator<Outcome<FinishOutcome>>(({ answer }) => answer !== undefined)
  app.get(PATH, { config }, (request, reply) => showSecondFactor(request, reply, shownForm(reply)))

  app.post(PATH, { config }, async (request, reply) => {
    const { ctx, body, query } = request
    const attempt = readAttemptCookie(request)
    if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
    const shown = readSubmittedFactor(factorInQuery(query) ?? 'totp', body)
    if ('why' in shown) return showSecondFactor(request, reply, refusedForm(body, [REMEMBER], shown.why))
    const { factor } = shown
    const remember = typedText(body, REMEMBER) !== ''
    const submission = { browser: attempt.reveal(), body, typed: [factor.kind, factorText(factor)] }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(proveSecondFactor(ctx, { attempt, factor, transport: 'cookie', remember })),
    )
    if (refusal) return showSecondFactor(request, reply, refusedForm(body, [REMEMBER], refusal))
    if (answer.stage !== 'complete') return nextStage(request, reply, answer)
    tradeAttemptForSession(reply, ctx.config, answer)
    const next = nextPath(query)
    const leadsOn = answer.recoveryCodesLeft === null || next === AFTER_LOSS
    return onward(reply, leadsOn ? (next ?? '/account') : withNext('/account/recovered', query))
  })
}

/** Shows the page for the attempt in the cookie; redirects if there is none or it is at another stage. */
async function showSecondFactor(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  if (state.refusal?.code === 'sign_in.disabled') return showDisabled(reply, state.refusal)
  const { ctx, query } = request
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
  const answer = await pendingSecondFactor(ctx, attempt)
  if (answer.stage !== 'second-factor') return seeOther(reply, withNext(STAGE_PATHS[answer.stage], query))
  const { username, offered, codeLengths, remembersFor } = answer
  const say = texts(localeOf(reply))
  const requested = factorInQuery(query)
  const kind = offered.find((candidate) => candidate === requested) ?? offered[0]
  return sendPage(reply, {
    title: [say.secondStep.title, say.signIn.title],
    stepIndicator: { done: 1, of: 2 },
    notice: kind === 'passkey' || kind === undefined ? formSummary(say, state, {}) : undefined,
    refusal: state.refusal,
    waits: true,
    modules: kind === 'passkey' ? PASSKEY_MODULES : ['submit-code', 'slow-answer'],
    body: html`<p>
        ${say.secondStep.signingInAs} <strong class="name">${name(username)}</strong>.
        <a href="${withNext('/sign-in', query)}">${say.secondStep.notYou}</a>
      </p>
      ${kind && (await factorForm(request, say, { kind, attempt, state, codeLengths, remembersFor }))}
      ${otherFactorLinks(
        say,
        offered.filter((other) => other !== kind),
        (other) => withFactor(PATH, other, query),
      )}
      <p class="small"><a href="${LOST_FACTOR}">${say.secondStep.cannot}</a></p>`,
  })
}

interface FactorFormParts {
  readonly kind: SecondFactorKind
  readonly attempt: Secret
  readonly state: FormState
  readonly codeLengths: readonly number[]
  readonly remembersFor: Duration
}

/** The name of the field of `rememberField`. */
const REMEMBER = 'remember'

/** The choice to skip this step in this browser from now on; a recovery code does not offer it. */
function rememberField(say: Texts, { kind, state, remembersFor }: FactorFormParts): Html | undefined {
  if (remembersFor <= 0 || kind === 'recovery-code') return undefined
  const { offer, offerHint } = say.rememberedDevices
  return checkbox({
    id: REMEMBER,
    label: offer(spanInWords(say.language, remembersFor)),
    hint: offerHint,
    checked: state.values[REMEMBER] !== undefined,
  })
}

async function factorForm(
  { ctx, query }: FastifyRequest,
  say: Texts,
  parts: FactorFormParts,
): Promise<Html | undefined> {
  const { kind, attempt, state, codeLengths } = parts
  const remember = rememberField(say, parts)
  const action = withFactor(PATH, kind, query)
  if (kind === 'passkey') {
    const { answer } = await answerOf(passkeySignInOptions(ctx, attempt))
    const { publicUrl } = ctx.config
    const fields = html`${pressField(ctx)} ${remember}`
    return (
      answer && shownPasskeyForm(say, { action, options: answer, publicUrl, lead: say.secondStep.passkeyLead, fields })
    )
  }
  // After an error the form does not submit itself, so that the user decides when the next guess is consumed. Neither does it beside a
  // choice, which the last digit would cut short.
  const sendsItself = kind === 'totp' && state.refusal === undefined && remember === undefined
  const error = soleError(say, state, FACTOR_FIELDS[kind].name)
  return html`<form method="post" action="${action}">
    ${pressField(ctx)} ${factorField(say, kind, { error, autofocus: true, codeLengths, sendsItself })} ${remember}
    ${checkButton(say, say.secondStep.submit)}
  </form>`
}
