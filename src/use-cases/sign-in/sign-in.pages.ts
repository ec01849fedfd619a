import type { FastifyReply, FastifyRequest } from 'fastify'

import type { SignInResult } from '#domain/attempts/attempt.service.ts'
import { PasskeyAuthenticationResponse, presentRequestOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { isRegistrationOn } from '#domain/registrations/registration.service.ts'
import { isCurrentGrant } from '#domain/remembered-devices/remembered-device.service.ts'
import { readDeviceValue } from '#domain/remembered-devices/remembered-device.ts'
import { howSessionEnded } from '#domain/sessions/ended-session.service.ts'
import { isWithoutUsers } from '#domain/users/user.service.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { checkButton, secondaryButton } from '#foundation/web/components/button.ts'
import { SUMMARY_ID } from '#foundation/web/components/error-summary.ts'
import { PASSWORD_MODULES, passwordField, textField } from '#foundation/web/components/field.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  readChoiceCookie,
  readCookie,
  readRememberedCookie,
  sessionCookieName,
  setChoiceCookie,
  tradeAttemptForSession,
} from '#foundation/web/http/cookies.ts'
import { becauseOf, fieldIn, nextPath, withNext } from '#foundation/web/http/redirect.ts'
import { pressField, submissionIdIn, SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  errorOf,
  type FormState,
  formSummary,
  type Outcome,
  readForm,
  readJsonField,
  refusedForm,
} from '#foundation/web/pages/form.ts'
import { localeOf, onward, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { PASSKEY_FIELD, PASSKEY_MODULES, passkeyForm } from '#foundation/web/pages/passkey-form.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { existingCredentialTexts } from './factors.pages.ts'
import { showDisabled } from './help.pages.ts'
import { passkeySignInOptions, signInWithPasskey } from './passkey-sign-in.service.ts'
import { beginSignIn, type SignInStep } from './sign-in.service.ts'
import { nextStage } from './stage.pages.ts'

const SignInForm = Type.Object({ username: Type.String(), password: Type.String() })
const IDS = { username: 'username', password: 'current-password' }
/** The cookie that says that this browser signed in with a passkey last: a browser does not reveal which it holds. It names no user. */
const LAST_SIGN_IN = 'sign-in'
/** Receives the assertion of a passkey that signs in alone. */
const PASSKEY_PATH = '/sign-in/passkey'

const config = { access: 'anyone', page: true, undocumented: true } as const

/** The first page of a sign-in: username and password, or a passkey. */
export function signInPages(app: App): void {
  const submissions = new SubmitDeduplicator<Outcome<SignInStep>>(({ answer }) => answer?.stage === 'complete')
  app.get('/sign-in', { config }, async (request, reply) => {
    const { ctx, query } = request
    const state = shownForm(reply, hintedName(query))
    // Who is signed in may sign in as another user; a refusal of that is not hidden by leading on.
    if (ctx.principal.kind === 'session' && state.refusal === undefined)
      return onward(reply, nextPath(query) ?? '/account')
    if (await isWithoutUsers(ctx))
      return seeOther(reply, becauseOf(query) === 'ended' ? '/setup?because=ended' : '/setup')
    return showSignIn(request, reply, state)
  })

  app.post('/sign-in', { config }, async (request, reply) => {
    const { ctx, body } = request
    const form = readForm(SignInForm, body)
    if ('fieldErrors' in form) return showSignIn(request, reply, refusedForm(body, ['username'], form.fieldErrors))
    const { username, password } = form.value
    const { cookie, presented } = presentedDevice(request)
    const remembered = presented && { presented, formId: submissionIdIn(body) }
    const begin = () =>
      answerOf(beginSignIn(ctx, { username, password: Secret.of(password), transport: 'cookie', remembered }))
    // A double click gets one answer here. A repetition at another node, or after a restart, finds the form in the row of the device, and
    // ends the answer that is remembered here.
    const stands = async ({ answer }: Outcome<SignInStep>): Promise<boolean> =>
      answer?.stage !== 'complete' || answer.remembered === null || isCurrentGrant(ctx, answer.remembered)
    const submission = { browser: cookie, body, typed: [username, password], stands }
    const { answer, refusal } = await (remembered ? submissions.answer(submission, ctx.now, begin) : begin())
    if (refusal) return showSignIn(request, reply, refusedForm(body, ['username'], refusal))
    rememberWay(request, reply, undefined)
    return answer.stage === 'complete' ? completeSignIn(request, reply, answer) : nextStage(request, reply, answer)
  })

  // A refused POST leaves this URL in the browser; opening it again leads to the sign-in form.
  app.get(PASSKEY_PATH, { config }, ({ query }, reply) => seeOther(reply, withNext('/sign-in', query)))

  // The browser module sends an assertion once, and no cookie identifies the browser: a repeated submission is refused as a replay.
  app.post(PASSKEY_PATH, { config }, async (request, reply) => {
    const { ctx, body } = request
    const response = readJsonField(PasskeyAuthenticationResponse, body, PASSKEY_FIELD)
    if (response === undefined) return showSignIn(request, reply, refusedForm(body, [], new Refusal('passkey.refused')))
    const { answer, refusal } = await answerOf(signInWithPasskey(ctx, response, 'cookie'))
    if (refusal) return showSignIn(request, reply, refusedForm(body, [], refusal))
    rememberWay(request, reply, 'passkey')
    return answer.stage === 'complete' ? completeSignIn(request, reply, answer) : nextStage(request, reply, answer)
  })
}

/** No username and no email is longer. */
const LONGEST_HINT = 254
const CONTROL = /\p{Cc}/u

/**
 * The name that an app expects, in the parameter `login_hint` (OpenID Connect Core §3.1.2.1). It only fills in the form: the user who
 * signs in is the one with the verified factors.
 */
function hintedName(query: unknown): FormState['values'] {
  const hint = fieldIn(query, 'login_hint')
  const isName = typeof hint === 'string' && hint.length <= LONGEST_HINT && !CONTROL.test(hint)
  return isName ? { username: hint } : {}
}

/** The remembered device that the browser presents. */
function presentedDevice(request: FastifyRequest) {
  const cookie = readRememberedCookie(request) ?? ''
  return { cookie, presented: readDeviceValue(cookie) }
}

function completeSignIn({ ctx, query }: FastifyRequest, reply: FastifyReply, complete: SignInResult): FastifyReply {
  tradeAttemptForSession(reply, ctx.config, complete)
  return onward(reply, nextPath(query) ?? '/account')
}

/** Remembers in this browser how the last sign-in began; undefined for a password. */
function rememberWay(request: FastifyRequest, reply: FastifyReply, way: 'passkey' | undefined): void {
  const { config: settings } = request.ctx
  if (readChoiceCookie(request, settings, LAST_SIGN_IN) !== way) setChoiceCookie(reply, settings, LAST_SIGN_IN, way)
}

/** The page with the typed values and their errors. It offers a passkey after every refusal. */
async function showSignIn(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state, withNext('/sign-in', request.query))
  if (redirect) return redirect
  if (state.refusal?.code === 'sign_in.disabled') return showDisabled(reply, state.refusal)
  const { ctx, query } = request
  const say = existingCredentialTexts(texts(localeOf(reply)))
  // Beyond the request rate of the network the page is shown without a passkey: each passkey form stores a challenge.
  const press = presentedDevice(request).presented && pressField(ctx)
  const { answer: options } = canHavePasskeys(ctx.config) ? await answerOf(passkeySignInOptions(ctx, undefined)) : {}
  const isPasskeyFirst = options !== undefined && readChoiceCookie(request, ctx.config, LAST_SIGN_IN) === 'passkey'
  const password = signInForm(say, state, {
    action: withNext('/sign-in', query),
    press,
    forgot: isMailOn(ctx.config) && html`<a class="forgot" href="/forgot-password">${say.signIn.forgot}</a>`,
  })
  const or = html`<p class="or">${say.words.or}</p>`
  const button = secondaryButton(withIcon('passkey', say.signIn.withPasskey))
  const passkey =
    options &&
    passkeyForm(say, {
      does: 'get',
      action: withNext(PASSKEY_PATH, query),
      options: presentRequestOptions(options),
      publicUrl: ctx.config.publicUrl,
      // Without scripts the form is hidden, and the “or” with it.
      body: isPasskeyFirst ? html`${button} ${or}` : html`${or} ${button}`,
      // After a refused passkey there is no autofill, so that the user decides when to use the next one.
      autofills: !state.refusal?.code.startsWith('passkey.'),
    })
  return sendPage(reply, {
    title: say.signIn.title,
    notice: formSummary(say, state, IDS, !asksPasswordAgain(state)) ?? (await endedBanner(request, reply)),
    waits: true,
    refusal: state.refusal,
    modules: options ? [...PASSWORD_MODULES, ...PASSKEY_MODULES] : PASSWORD_MODULES,
    body: html`${isPasskeyFirst ? html`${passkey} ${password}` : html`${password} ${passkey}`}
    ${signInFooter(request, say)}`,
  })
}

/** The ways on for who has no account, or cannot use it. */
function signInFooter({ ctx, query }: FastifyRequest, { signIn, registration }: Texts): Html {
  const help = html`<a href="${withNext('/sign-in/help', query)}">${signIn.cannot}</a>`
  if (!isRegistrationOn(ctx)) return html`<p class="small">${help}</p>`
  return html`<div class="actions small">
    <span>${signIn.newHere} <a href="${withNext('/register', query)}">${registration.link}</a></span> ${help}
  </div>`
}

/** Whether only the password has to be typed again: the username is filled in, and no single field is wrong. */
function asksPasswordAgain({ refusal, fieldErrors, values }: FormState): boolean {
  return refusal !== undefined && fieldErrors.length === 0 && Boolean(values.username)
}

function signInForm(
  say: Texts,
  state: FormState,
  { action, press, forgot }: { action: string; press: Html | undefined; forgot: Html | false },
): Html {
  const { username } = state.values
  return html`<form method="post" action="${action}">
    ${press}
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
      ...(forgot && { below: forgot }),
      autofocus: asksPasswordAgain(state) || (Boolean(username) && !state.refusal),
      describedBy: asksPasswordAgain(state) ? SUMMARY_ID : undefined,
    })}
    ${checkButton(say, say.words.continue)}
  </form>`
}

/** Explains why the browser was redirected to the sign-in, as `?because=` says. */
async function endedBanner(request: FastifyRequest, reply: FastifyReply): Promise<Html | undefined> {
  const because = becauseOf(request.query)
  const { signIn } = texts(localeOf(reply))
  if (because === 'ended') return banner('info', signIn.ended)
  if (because === 'unsaved') return banner('warn', `${await howSignedOut(request, reply)} ${signIn.unsaved}`)
  if (because === 'kept') return banner('warn', `${await howSignedOut(request, reply)} ${signIn.kept}`)
  return because === 'signed-out' ? banner('info', await howSignedOut(request, reply)) : undefined
}

/** Why the session ended; its cookie is still sent and identifies it. */
async function howSignedOut({ ctx, headers }: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { signIn, language } = texts(localeOf(reply))
  const token = readCookie(headers.cookie, sessionCookieName(ctx.config))
  const end =
    token === undefined ? 'otherwise' : await howSessionEnded(ctx, { token, transport: 'cookie' }, sessionRules(ctx))
  if (end === 'policy') return signIn.notEnough
  if (end === undefined || end === 'otherwise') return signIn.over
  // No-break spaces keep a number and its unit on one line.
  const span = spanInWords(language, end.after).replaceAll(' ', '\u00A0')
  return end.by === 'idle' ? signIn.idle(span) : signIn.tooOld(span)
}
