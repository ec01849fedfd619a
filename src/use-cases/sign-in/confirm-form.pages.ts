import type { FastifyReply, FastifyRequest } from 'fastify'

import { codeLengthsOf } from '../../domain/factors/totp/totp.service.ts'
import { signedIn } from '../../foundation/web/http/access.ts'
import type { ModuleName } from '../../foundation/web/http/assets.ts'
import { banner } from '../../foundation/web/components/banner.ts'
import { submitButton } from '../../foundation/web/components/button.ts'
import { errorSummary, SUMMARY_ID } from '../../foundation/web/components/error-summary.ts'
import { hiddenUsername } from '../../foundation/web/components/hidden-username.ts'
import { PASSKEY_MODULES } from '../../foundation/web/components/passkey-form.ts'
import { PASSWORD_MODULES, passwordField } from '../../foundation/web/components/password-field.ts'
import { errorOf, formSummary } from '../../foundation/web/pages/form.ts'
import type { FormState } from '../../foundation/web/pages/form.ts'
import { formToken } from '../../foundation/web/http/form-token.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import { becauseOf, withNext } from '../../foundation/web/http/next-path.ts'
import { localeOf, sendPage } from '../../foundation/web/pages/page.ts'
import { texts } from '../../foundation/texts/texts.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
import { waitInWords } from '../../foundation/texts/spans.ts'
import type { ReauthenticationFactor, ConfirmWays } from './reauthentication-factor.ts'
import { shownPasskeyForm } from './passkey-form.pages.ts'
import { reauthenticationOptions } from './reauthentication.service.ts'
import { askingForOwn } from './existing-credentials.pages.ts'
import { otherWays, WAY_FIELDS, wayField, withWay } from './factors.pages.ts'

const PLACE = '/confirm'
const PASSWORD_ID = 'current-password'
const IDS = { password: PASSWORD_ID, code: WAY_FIELDS.totp.id, recovery_code: WAY_FIELDS['recovery-code'].id }

interface Shown extends ConfirmWays {
  readonly state: FormState
}

export async function showConfirm(request: FastifyRequest, reply: FastifyReply, shown: Shown): Promise<FastifyReply> {
  const say = askingForOwn(texts(localeOf(reply)))
  const { ctx, query } = request
  const { way, others, state } = shown
  const lasts = waitInWords(say.language, ctx.config.proofLifetime / 1000) ?? ''
  const cameByForm = becauseOf(query) === 'form' && state.refusal === undefined
  return sendPage(reply, {
    title: say.confirm.title,
    notice: summaryOf(say, shown) ?? (cameByForm ? banner('info', say.confirm.nothingDone) : undefined),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: modulesOf(way),
    body: html`<p class="lead">${say.confirm.leads[way]} ${say.confirm.lasts(lasts)}</p>
      ${way === 'passkey' ? await passkeyPart(request, say, state) : await typedForm(request, say, { way, state })}
      ${otherWays(
        say,
        others.map((kind) => ({ way: kind, href: withWay(PLACE, kind, query) })),
      )}
      <p><a href="/account">${say.words.cancel}</a></p>`,
  })
}

function modulesOf(way: ReauthenticationFactor): readonly ModuleName[] {
  return way === 'passkey' ? [...PASSWORD_MODULES, ...PASSKEY_MODULES] : PASSWORD_MODULES
}

/** Which of the two was wrong is not told; the sentences for password and app, and for a passkey, are the refusals' own. */
function summaryOf(say: Texts, { way, state }: Shown): Html | undefined {
  const focused = way === 'passkey' || !isWholeRefused(state)
  const own = {
    password: say.confirm.wrongPassword,
    'recovery-code': say.confirm.wrongRecoveryCode,
    passkey: undefined,
    totp: undefined,
  }[way]
  if (state.refusal?.code !== 'reauthentication.refused' || own === undefined)
    return formSummary(say, state, IDS, focused)
  return errorSummary({ heading: say.words.problem, items: [{ message: own }], focused })
}

/** Neither field is wrong by itself: the first is typed again. */
function isWholeRefused({ refusal, faults }: FormState): boolean {
  return refusal !== undefined && faults.length === 0
}

async function passkeyPart(request: FastifyRequest, say: Texts, state: FormState): Promise<Html> {
  const ctx = signedIn(request.ctx)
  // Only a passkey that did not check who holds it needs the password too, and that is known when it was refused.
  const needsPassword = state.refusal?.code === 'reauthentication.passkey_refused'
  return shownPasskeyForm(say, {
    action: withWay(PLACE, 'passkey', request.query),
    options: await reauthenticationOptions(ctx),
    publicUrl: ctx.config.publicUrl,
    fields: html`${formToken(request)}
    ${needsPassword && html`${hiddenUsername(ctx.principal.user.username)} ${passwordPart(say, state)}`}`,
  })
}

async function typedForm(
  request: FastifyRequest,
  say: Texts,
  { way, state }: { readonly way: Exclude<ReauthenticationFactor, 'passkey'>; readonly state: FormState },
): Promise<Html> {
  const { query } = request
  const action = way === 'password' ? withNext(PLACE, query) : withWay(PLACE, way, query)
  const ctx = signedIn(request.ctx)
  const { username, subject } = ctx.principal.user
  const codeLengths = await codeLengthsOf(ctx, subject)
  return html`<form method="post" action="${action}">
    ${formToken(request)} ${hiddenUsername(username)} ${passwordPart(say, state)}
    ${way !== 'password' && wayField(say, way, { error: errorOf(say, state, WAY_FIELDS[way].name), codeLengths })}
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
