import type { FastifyReply, FastifyRequest } from 'fastify'

import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { codeLengthsOf } from '#domain/factors/totp/totp.service.ts'
import { fulfils, staleAuthentication } from '#domain/sessions/reauthentication.ts'
import { type FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { waitInWords } from '#foundation/texts/spans.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { checkButton, primaryLink } from '#foundation/web/components/button.ts'
import { errorSummary, SUMMARY_ID } from '#foundation/web/components/error-summary.ts'
import { hiddenUsername, PASSWORD_MODULES, passwordField } from '#foundation/web/components/field.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { setSessionCookie } from '#foundation/web/http/cookies.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { becauseOf, nextPath, withNext } from '#foundation/web/http/redirect.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import { redirectAfterReauthentication } from '#foundation/web/pages/flash.ts'
import {
  answerOf,
  errorOf,
  type FormState,
  formSummary,
  type Outcome,
  readForm,
  refusedForm,
} from '#foundation/web/pages/form.ts'
import { localeOf, onward, sendPage } from '#foundation/web/pages/page.ts'
import { PASSKEY_MODULES } from '#foundation/web/pages/passkey-form.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import {
  existingCredentialTexts,
  FACTOR_FIELDS,
  factorField,
  factorInQuery,
  factorText,
  otherFactorLinks,
  readSubmittedFactor,
  shownPasskeyForm,
  withFactor,
} from './factors.pages.ts'
import { usableSecondFactors } from './offered-factors.service.ts'
import {
  type ReauthenticationChoice,
  type ReauthenticationFactor,
  selectReauthenticationFactor,
} from './reauthentication-factor.ts'
import { CONFIRM_PATH, confirmPath, requirementIn } from './reauthentication-requirement.pages.ts'
import {
  reauthenticate,
  type Reauthenticated,
  type ReauthenticationInput,
  reauthenticationOptions,
} from './reauthentication.service.ts'

const PasswordForm = Type.Object({ password: Type.String() })
const PerhapsPassword = Type.Object({ password: Type.Optional(Type.String()) })
const IDS = {
  password: 'current-password',
  code: FACTOR_FIELDS.totp.id,
  recovery_code: FACTOR_FIELDS['recovery-code'].id,
}

const config = { access: 'signed-in', page: true, undocumented: true } as const

/**
 * Re-authentication before a sensitive change (step-up, RFC 9470), at the assurance level of the account, and at that of `?least=` since
 * `?since=` where these are given. Afterwards the browser is redirected to `?next=`.
 */
export function confirmPages(app: App): void {
  const submissions = new SubmitDeduplicator<Outcome<Reauthenticated>>(({ answer }) => answer !== undefined)

  app.get(CONFIRM_PATH, { config }, async (request, reply) => {
    const { ctx, query } = request
    const next = nextPath(query)
    // The session was re-authenticated in another tab, or the user went back in the browser's history.
    const fresh = staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime) === undefined
    const isFulfilled = fulfils(signedIn(ctx).principal.session, requirementIn(query, ctx.now))
    if (fresh && isFulfilled && next !== undefined) return onward(reply, next)
    return showConfirm(request, reply, shownForm(reply), await chosenFactor(request))
  })

  app.post(CONFIRM_PATH, { config }, async (request, reply) => {
    const { body, query } = request
    const ctx = signedIn(request.ctx)
    const choice = await chosenFactor(request)
    if (choice.factor === undefined) return showUnmet(request, reply)
    const read = readInput(choice.factor, body)
    if ('why' in read) return showConfirm(request, reply, refusedForm(body, [], read.why), choice)
    const { input } = read
    const { least } = requirementIn(query, ctx.now)
    const typed = [choice.factor, input.password?.reveal() ?? '', input.factor ? factorText(input.factor) : '']
    const submission = { browser: ctx.principal.session.id, body, typed }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(reauthenticate(ctx, input, least)),
    )
    if (refusal) return showConfirm(request, reply, refusedForm(body, [], refusal), choice)
    setSessionCookie(reply, ctx.config, answer.token)
    const next = nextPath(query) ?? '/account/security'
    return onward(reply, reply.server.leavesSite?.(next) === true ? next : redirectAfterReauthentication(next))
  })
}

/** The factor that the page asks the user for, and the others that would be enough. */
async function chosenFactor(request: FastifyRequest) {
  const ctx = signedIn(request.ctx)
  return selectReauthenticationFactor(await usableSecondFactors(ctx, ctx.principal.user.subject), {
    enrolled: ctx.principal.user,
    terms: ctx.principal.terms,
    requested: factorInQuery(request.query),
    least: requirementIn(request.query, ctx.now).least,
  })
}

type Read = { readonly input: ReauthenticationInput } | { readonly why: Refusal | readonly FieldError[] }

/** Reads the form. The password is optional beside a passkey, which may be enough alone, and required beside every other factor. */
function readInput(kind: ReauthenticationFactor, body: unknown): Read {
  const form = readForm(kind === 'passkey' ? PerhapsPassword : PasswordForm, body)
  const missing = 'fieldErrors' in form ? form.fieldErrors : []
  const typed = 'fieldErrors' in form ? undefined : form.value.password
  const password = typed === undefined ? undefined : Secret.of(typed)
  if (kind === 'password') return missing.length > 0 ? { why: missing } : { input: { password } }
  const shown = readSubmittedFactor(kind, body)
  if ('why' in shown) return { why: shown.why instanceof Refusal ? shown.why : [...missing, ...shown.why] }
  return missing.length > 0 ? { why: missing } : { input: { password, factor: shown.factor } }
}

/** Shows the re-authentication form for the chosen factor, with links to the others. */
async function showConfirm(
  request: FastifyRequest,
  reply: FastifyReply,
  state: FormState,
  { factor: kind, others }: ReauthenticationChoice,
): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  if (kind === undefined) return showUnmet(request, reply)
  const say = existingCredentialTexts(texts(localeOf(reply)))
  const { ctx, query } = request
  const here = pathOf(request)
  const lasts = waitInWords(say.language, signedIn(ctx).principal.terms.reauthentication / 1000) ?? ''
  const cameByForm = becauseOf(query) === 'form' && state.refusal === undefined
  return sendPage(reply, {
    title: say.confirm.title,
    notice: summaryOf(say, state, kind) ?? (cameByForm ? banner('info', say.confirm.nothingDone) : undefined),
    refusal: state.refusal,
    modules: kind === 'passkey' ? [...PASSWORD_MODULES, ...PASSKEY_MODULES] : PASSWORD_MODULES,
    body: html`<p class="lead">${say.confirm.leads[kind]} ${say.confirm.lasts(lasts)}</p>
      ${kind === 'passkey' ? await passkeyPart(request, say, state) : await typedForm(request, say, state, kind)}
      ${otherFactorLinks(say, others, (other) => withFactor(here, other, query))}
      <p><a href="/account">${say.words.cancel}</a></p>`,
  })
}

/** The path of this page with what it requires. */
function pathOf({ ctx, query }: FastifyRequest): string {
  return confirmPath(requirementIn(query, ctx.now))
}

/** Says what the account lacks for what is required, with the page that adds it. */
function showUnmet({ ctx, query }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { words, confirm } = texts(localeOf(reply))
  const { unmet } = confirm
  const canAddPasskey = canHavePasskeys(ctx.config) && signedIn(ctx).principal.terms.isPasskeyAllowed
  const needsPasskey = requirementIn(query, ctx.now).least === 'phishing-resistant'
  const [sentence, link] = needsPasskey
    ? [canAddPasskey ? unmet.passkey : unmet.passkeyNotAllowed, canAddPasskey && unmet.addPasskey]
    : [unmet.secondStep, unmet.addSecondStep]
  return sendPage(reply, {
    title: needsPasskey ? unmet.passkeyTitle : unmet.secondStepTitle,
    status: 403,
    body: html`<p class="lead">${sentence}</p>
      ${link && html`<p>${primaryLink('/account/security', link)}</p>`}
      <p><a href="/account">${words.cancel}</a></p>`,
  })
}

/**
 * The summary above the form. It does not say which of two factors was wrong, so that a password cannot be guessed apart from the code.
 * The password alone and the recovery code have sentences of their own; app and passkey use the sentence of the error code.
 */
function summaryOf(say: Texts, state: FormState, kind: ReauthenticationFactor): Html | undefined {
  const focused = kind === 'passkey' || !isWholeRefused(state)
  const hasOwn = state.refusal?.code === 'reauthentication.refused' && (kind === 'password' || kind === 'recovery-code')
  if (!hasOwn) return formSummary(say, state, IDS, focused)
  const message = kind === 'password' ? say.confirm.wrongPassword : say.confirm.wrongRecoveryCode
  return errorSummary({ heading: say.words.problem, items: [{ message }], focused })
}

/** Whether the form as a whole was refused and no single field is wrong: the focus then returns to the password. */
function isWholeRefused({ refusal, fieldErrors }: FormState): boolean {
  return refusal !== undefined && fieldErrors.length === 0
}

async function passkeyPart(request: FastifyRequest, say: Texts, state: FormState): Promise<Html> {
  const ctx = signedIn(request.ctx)
  // A passkey without user verification counts as one factor, so the password is needed too; only the refusal reveals this.
  const needsPassword = state.refusal?.code === 'reauthentication.passkey_refused'
  return shownPasskeyForm(say, {
    action: withFactor(pathOf(request), 'passkey', request.query),
    options: await reauthenticationOptions(ctx),
    publicUrl: ctx.config.publicUrl,
    fields: html`${formToken(request)}
    ${needsPassword && html`${hiddenUsername(ctx.principal.user.username)} ${passwordPart(say, state)}`}`,
  })
}

async function typedForm(
  request: FastifyRequest,
  say: Texts,
  state: FormState,
  kind: Exclude<ReauthenticationFactor, 'passkey'>,
): Promise<Html> {
  const { query } = request
  const here = pathOf(request)
  const action = kind === 'password' ? withNext(here, query) : withFactor(here, kind, query)
  const { username, subject } = signedIn(request.ctx).principal.user
  const codeLengths = await codeLengthsOf(request.ctx, subject)
  return html`<form method="post" action="${action}">
    ${formToken(request)} ${hiddenUsername(username)} ${passwordPart(say, state)}
    ${kind !== 'password' && factorField(say, kind, { error: errorOf(say, state, FACTOR_FIELDS[kind].name), codeLengths })}
    ${checkButton(say, say.confirm.submit)}
  </form>`
}

function passwordPart(say: Texts, state: FormState): Html {
  return passwordField(say, {
    id: IDS.password,
    name: 'password',
    label: say.fields.password,
    error: errorOf(say, state, 'password'),
    purpose: 'current',
    autofocus: state.refusal === undefined || isWholeRefused(state),
    describedBy: isWholeRefused(state) ? SUMMARY_ID : undefined,
  })
}
