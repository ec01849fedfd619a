import type { FastifyReply, FastifyRequest } from 'fastify'
import { presentRequestOptions } from '../../domain/factors/passkeys/passkey.schema.ts'
import { canHavePasskeys } from '../../domain/factors/passkeys/relying-party.ts'
import { secondaryButton, submitButton } from '../../foundation/web/components/button.ts'
import { SUMMARY_ID } from '../../foundation/web/components/error-summary.ts'
import { textField, PASSWORD_MODULES, passwordField } from '../../foundation/web/components/field.ts'
import { PASSKEY_MODULES, passkeyForm } from '../../foundation/web/pages/passkey-form.ts'
import { answerOf, errorOf, formSummary } from '../../foundation/web/pages/form.ts'
import type { FormState } from '../../foundation/web/pages/form.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import { withNext, becauseOf } from '../../foundation/web/http/redirect.ts'
import { localeOf, sendPage } from '../../foundation/web/pages/page.ts'
import { texts } from '../../foundation/texts/texts.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
import { existingCredentialTexts } from './existing-credentials.pages.ts'
import { passkeySignInOptions } from './passkey-sign-in.service.ts'
import { sessionPolicy } from '../../domain/policies/policy.service.ts'
import { howSessionEnded } from '../../domain/sessions/session.service.ts'
import { banner } from '../../foundation/web/components/status.ts'
import { readCookie, sessionCookieName } from '../../foundation/web/http/cookies.ts'
import { spanInWords } from '../../foundation/texts/spans.ts'

const IDS = { username: 'username', password: 'current-password' }

/** Receives the assertion of a passkey that signs in alone. */
export const PASSKEY_SIGN_IN_PATH = '/sign-in/passkey'

/** The first page of a sign-in, with the typed values and their errors. It offers a passkey after every refusal. */
export async function showSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  state: FormState,
): Promise<FastifyReply> {
  const { ctx, query } = request
  const { publicUrl } = ctx.config
  const say = existingCredentialTexts(texts(localeOf(reply)))
  // Beyond the request rate of the network the page is shown without a passkey: each passkey form stores a challenge.
  const offer = canHavePasskeys(ctx.config) ? await answerOf(passkeySignInOptions(ctx, undefined)) : undefined
  const options = offer?.answer
  // After a refused passkey there is no autofill, so that the user decides when to use the next one.
  const autofills = !state.refusal?.code.startsWith('passkey.')
  return sendPage(reply, {
    title: say.signIn.title,
    stepIndicator: { done: 0, label: say.words.stepOf(1, 2) },
    notice: formSummary(say, state, IDS, !asksPasswordAgain(state)) ?? (await endedBanner(request, reply)),
    waits: true,
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: options ? [...PASSWORD_MODULES, ...PASSKEY_MODULES] : PASSWORD_MODULES,
    body: html`${signInForm(say, state, withNext('/sign-in', query))}
      ${options && passkeySignInForm(say, { action: withNext(PASSKEY_SIGN_IN_PATH, query), options, publicUrl, autofills })}
      <p><a href="${withNext('/sign-in/help', query)}">${say.signIn.cannot}</a></p>`,
  })
}

/** Whether only the password has to be typed again: the username is filled in, and no single field is wrong. */
function asksPasswordAgain({ refusal, faults, values }: FormState): boolean {
  return refusal !== undefined && faults.length === 0 && Boolean(values.username)
}

function signInForm(say: Texts, state: FormState, action: string): Html {
  const { username } = state.values
  return html`<form method="post" action="${action}">
    ${textField({
      id: IDS.username,
      label: say.fields.usernameOrEmail,
      value: username,
      error: errorOf(say, state, 'username'),
      autocomplete: 'username webauthn',
      enterkeyhint: 'next',
      required: true,
      autofocus: !username && !state.refusal,
    })}
    ${passwordField(say, {
      id: IDS.password,
      name: 'password',
      label: say.fields.password,
      error: errorOf(say, state, 'password'),
      purpose: 'current',
      autofocus: asksPasswordAgain(state),
      describedBy: asksPasswordAgain(state) ? SUMMARY_ID : undefined,
    })}
    ${submitButton(say.words.continue)}
  </form>`
}

interface ShownOptions {
  readonly action: string
  readonly options: Parameters<typeof presentRequestOptions>[0]
  readonly publicUrl: string
  readonly autofills: boolean
}

function passkeySignInForm(say: Texts, { action, options, publicUrl, autofills }: ShownOptions): Html {
  return passkeyForm(say, {
    does: 'get',
    action,
    options: presentRequestOptions(options),
    publicUrl,
    body: secondaryButton(say.signIn.withPasskey),
    autofills,
  })
}

/** Explains why the browser was redirected to the sign-in, as `?because=` says. */
async function endedBanner(request: FastifyRequest, reply: FastifyReply): Promise<Html | undefined> {
  const because = becauseOf(request.query)
  const { signIn } = texts(localeOf(reply))
  if (because === 'ended') return banner('info', signIn.ended)
  return because === 'signed-out' ? banner('info', await howSignedOut(request, reply)) : undefined
}

/** Why the session ended; its cookie is still sent and identifies it. */
async function howSignedOut({ ctx, headers }: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { signIn, language } = texts(localeOf(reply))
  const token = readCookie(headers.cookie, sessionCookieName(ctx.config))
  const end =
    token === undefined ? 'otherwise' : await howSessionEnded(ctx, { token, transport: 'cookie' }, sessionPolicy(ctx))
  if (end !== 'idle' && end !== 'absolute') return signIn.over
  // No-break spaces keep a number and its unit on one line.
  const span = spanInWords(language, sessionPolicy(ctx)[end]).replaceAll(' ', '\u00A0')
  return end === 'idle' ? signIn.idle(span) : signIn.tooOld(span)
}
