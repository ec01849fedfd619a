import type { FastifyReply, FastifyRequest } from 'fastify'

import { codeLengthsOf } from '../../domain/factors/totp/totp.service.ts'
import { signedIn } from '../../foundation/web/http/access.ts'
import type { ModuleName } from '../../foundation/web/http/assets.ts'
import { banner } from '../../foundation/web/components/status.ts'
import { submitButton } from '../../foundation/web/components/button.ts'
import { errorSummary, SUMMARY_ID } from '../../foundation/web/components/error-summary.ts'
import { hiddenUsername, PASSWORD_MODULES, passwordField } from '../../foundation/web/components/field.ts'
import { PASSKEY_MODULES } from '../../foundation/web/pages/passkey-form.ts'
import { errorOf, formSummary } from '../../foundation/web/pages/form.ts'
import type { FormState } from '../../foundation/web/pages/form.ts'
import { formToken } from '../../foundation/web/http/form-token.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import { becauseOf, withNext } from '../../foundation/web/http/redirect.ts'
import { localeOf, sendPage } from '../../foundation/web/pages/page.ts'
import { texts } from '../../foundation/texts/texts.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
import { waitInWords } from '../../foundation/texts/spans.ts'
import type { ReauthenticationFactor, ReauthenticationChoice } from './reauthentication-factor.ts'
import { shownPasskeyForm } from './passkey-form.pages.ts'
import { reauthenticationOptions } from './reauthentication.service.ts'
import { existingCredentialTexts } from './existing-credentials.pages.ts'
import { otherFactorLinks, FACTOR_FIELDS, factorField, withFactor } from './factors.pages.ts'

const PATH = '/confirm'
const PASSWORD_ID = 'current-password'
const IDS = { password: PASSWORD_ID, code: FACTOR_FIELDS.totp.id, recovery_code: FACTOR_FIELDS['recovery-code'].id }

interface Shown extends ReauthenticationChoice {
  readonly state: FormState
}

/** Shows the re-authentication form for the chosen factor, with links to the others. */
export async function showConfirm(request: FastifyRequest, reply: FastifyReply, shown: Shown): Promise<FastifyReply> {
  const say = existingCredentialTexts(texts(localeOf(reply)))
  const { ctx, query } = request
  const { factor: kind, others, state } = shown
  const lasts = waitInWords(say.language, ctx.config.reauthenticationLifetime / 1000) ?? ''
  const cameByForm = becauseOf(query) === 'form' && state.refusal === undefined
  return sendPage(reply, {
    title: say.confirm.title,
    notice: summaryOf(say, shown) ?? (cameByForm ? banner('info', say.confirm.nothingDone) : undefined),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: modulesOf(kind),
    body: html`<p class="lead">${say.confirm.leads[kind]} ${say.confirm.lasts(lasts)}</p>
      ${kind === 'passkey' ? await passkeyPart(request, say, state) : await typedForm(request, say, { kind, state })}
      ${otherFactorLinks(
        say,
        others.map((other) => ({ kind: other, href: withFactor(PATH, other, query) })),
      )}
      <p><a href="/account">${say.words.cancel}</a></p>`,
  })
}

function modulesOf(kind: ReauthenticationFactor): readonly ModuleName[] {
  return kind === 'passkey' ? [...PASSWORD_MODULES, ...PASSKEY_MODULES] : PASSWORD_MODULES
}

/**
 * The summary above the form. It does not say which of two factors was wrong, so that a password cannot be guessed apart from the code.
 * The password alone and the recovery code have sentences of their own; app and passkey use the sentence of the error code.
 */
function summaryOf(say: Texts, { factor: kind, state }: Shown): Html | undefined {
  const focused = kind === 'passkey' || !isWholeRefused(state)
  const own = {
    password: say.confirm.wrongPassword,
    'recovery-code': say.confirm.wrongRecoveryCode,
    passkey: undefined,
    totp: undefined,
  }[kind]
  if (state.refusal?.code !== 'reauthentication.refused' || own === undefined)
    return formSummary(say, state, IDS, focused)
  return errorSummary({ heading: say.words.problem, items: [{ message: own }], focused })
}

/** Whether the form as a whole was refused and no single field is wrong: the focus then returns to the password. */
function isWholeRefused({ refusal, faults }: FormState): boolean {
  return refusal !== undefined && faults.length === 0
}

async function passkeyPart(request: FastifyRequest, say: Texts, state: FormState): Promise<Html> {
  const ctx = signedIn(request.ctx)
  // A passkey without user verification counts as one factor, so the password is needed too; only the refusal reveals this.
  const needsPassword = state.refusal?.code === 'reauthentication.passkey_refused'
  return shownPasskeyForm(say, {
    action: withFactor(PATH, 'passkey', request.query),
    options: await reauthenticationOptions(ctx),
    publicUrl: ctx.config.publicUrl,
    fields: html`${formToken(request)}
    ${needsPassword && html`${hiddenUsername(ctx.principal.user.username)} ${passwordPart(say, state)}`}`,
  })
}

async function typedForm(
  request: FastifyRequest,
  say: Texts,
  { kind, state }: { readonly kind: Exclude<ReauthenticationFactor, 'passkey'>; readonly state: FormState },
): Promise<Html> {
  const { query } = request
  const action = kind === 'password' ? withNext(PATH, query) : withFactor(PATH, kind, query)
  const ctx = signedIn(request.ctx)
  const { username, subject } = ctx.principal.user
  const codeLengths = await codeLengthsOf(ctx, subject)
  return html`<form method="post" action="${action}">
    ${formToken(request)} ${hiddenUsername(username)} ${passwordPart(say, state)}
    ${kind !== 'password' && factorField(say, kind, { error: errorOf(say, state, FACTOR_FIELDS[kind].name), codeLengths })}
    ${submitButton(say.confirm.submit)}
  </form>`
}

function passwordPart(say: Texts, state: FormState): Html {
  return passwordField(say, {
    id: PASSWORD_ID,
    name: 'password',
    label: say.fields.password,
    error: errorOf(say, state, 'password'),
    purpose: 'current',
    autofocus: state.refusal === undefined || isWholeRefused(state),
    describedBy: isWholeRefused(state) ? SUMMARY_ID : undefined,
  })
}
