// Every route that starts a session or re-authenticates, as one user calls it.
import assert from 'node:assert/strict'

import { issueApiToken } from '#domain/api-tokens/api-token.service.ts'
import { issueLink } from '#domain/links/link.service.ts'
import { mayHaveTokens } from '#domain/policies/evaluation/session-rules.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { assuranceOf } from '#foundation/kernel/assurance.ts'
import { days } from '#foundation/kernel/time.ts'
import { authenticatorOn } from '../pages/page-answers.ts'
import { parsePage } from '../pages/parsed-page.ts'
import { Visitor } from '../pages/visitor.ts'
import type { Server } from '../server/start.ts'
import type { UserInState } from './enrolment-states.ts'
import { ask, PASSWORD, postToken, type Reply } from './people.ts'
import { issuedResetLink } from './reset-links.ts'
import {
  asksForPasskey,
  firstCodeIn,
  newPhone,
  provesSecondStep,
  rowOf,
  showsPasskey,
  tokenIn,
} from './second-factors.ts'

function methodsAndAssurance(methods: readonly string[]): string {
  return `${methods.join('+')}: ${assuranceOf(methods)}`
}

/** The outcome of an answer: an error code, the next stage, or the session's methods and assurance level. */
export async function outcomeOf(server: Server, reply: Reply): Promise<string> {
  const { status, body, raw } = reply
  if (status !== 200) return typeof body['code'] === 'string' ? body['code'] : raw.body
  if (body['stage'] === 'second-factor') return `asks ${(body['offered'] as string[]).join(' ')}`
  if (body['stage'] === 'enrolment') return 'enrolment'
  const headers = { authorization: `Bearer ${tokenIn(reply)}` }
  const session = await ask(server, 'GET', '/session', { headers })
  return methodsAndAssurance(session.body['methods'] as string[])
}

function first({ server, username, link }: UserInState, more: object = {}): Promise<Reply> {
  if (link === undefined)
    return ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD, ...more } })
  return ask(server, 'POST', '/invitations/accept', { payload: { token: link, password: PASSWORD } })
}

/** The attempt that the first step opened, whatever its stage; undefined where it opened none. */
async function attemptOf(who: UserInState): Promise<string | undefined> {
  const { attempt } = (await first(who)).body
  return typeof attempt === 'string' ? attempt : undefined
}

type SignInRoute = (who: UserInState, attempt: string) => Promise<Reply | string>

function post(url: string, body: (who: UserInState, attempt: string) => object | Promise<object>): SignInRoute {
  return async (who, attempt) => ask(who.server, 'POST', url, { payload: await body(who, attempt) })
}

export async function confirmsApp({ server }: UserInState, attempt: string): Promise<Reply> {
  const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  if (key.status !== 200) return key
  const payload = { attempt, code: firstCodeIn(server, key) }
  return ask(server, 'POST', '/attempts/totp/confirm', { payload })
}

export async function confirmsPasskey({ server }: Pick<UserInState, 'server'>, attempt: string): Promise<Reply> {
  const options = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
  if (options.status !== 200) return options
  const response = newPhone(server).register(options.body as never)
  return ask(server, 'POST', '/attempts/passkeys', { payload: { attempt, response } })
}

interface Page {
  readonly visitor: Visitor
  /** The answer to the form. */
  readonly answer: Awaited<ReturnType<Visitor['open']>>
}

/** The methods of the session that the page started; else the target of the redirect, or the status. */
async function pageOutcome({ doorward: { db } }: Server, { visitor, answer }: Page): Promise<string> {
  const { statusCode, headers } = answer
  if (!visitor.cookies.has('session')) return statusCode === 303 ? `to ${headers.location}` : `page ${statusCode}`
  const row = await db.selectFrom('session').select('methods').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  return methodsAndAssurance(row.methods.split(' '))
}

/** A form of a page, opened after the first step where it needs that; its fields may depend on the page. */
function page(
  url: string,
  fields: (who: UserInState, shown: string) => Record<string, string> | undefined,
  needs: { readonly shownAt: string } | 'the first step' = 'the first step',
): SignInRoute {
  return async (who) => {
    const { server, username } = who
    const visitor = new Visitor(server)
    if (needs === 'the first step') await visitor.submit('/sign-in', { username, password: PASSWORD })
    if (visitor.cookies.has('session')) return 'no attempt'
    const opened = await visitor.open(needs === 'the first step' ? url : needs.shownAt)
    const filled = fields(who, opened.statusCode === 200 ? opened.body : '')
    if (filled === undefined) return '-'
    return pageOutcome(server, { visitor, answer: await visitor.submit(url, filled) })
  }
}

/** The field of a passkey, which answers the options on the page; an empty one where the page shows none. */
function passkeyField(shown: string, answer: (options: never) => object): Record<string, string> {
  const options = shown === '' ? undefined : parsePage(shown).data('options')
  return { passkey: options === undefined ? '{}' : JSON.stringify(answer(JSON.parse(options) as never)) }
}

function passkeyOn({ phone }: UserInState, shown: string): Record<string, string> | undefined {
  return phone && passkeyField(shown, (options) => phone.assert(options))
}

function newPasskeyOn({ server }: UserInState, shown: string): Record<string, string> {
  return passkeyField(shown, (options) => newPhone(server).register(options))
}

function firstCodeOn({ server }: UserInState, shown: string): Record<string, string> {
  return { code: shown === '' ? '000000' : authenticatorOn(shown).code(server.clock.now()) }
}

async function apiToken(who: UserInState): Promise<string> {
  const user = await rowOf(who)
  const ctx = who.server.operator()
  const wanted = { name: 'Script', scopes: ['self:read'], expiresAt: ctx.now + days(1) } as const
  const made = await inTransaction(ctx, async (tx) =>
    issueApiToken(tx, user, wanted, await mayHaveTokens(tx, user)),
  ).catch(() => undefined)
  if (made === undefined) return 'not made'
  const headers = { authorization: `Bearer ${made.token.reveal()}` }
  const { status, body } = await ask(who.server, 'GET', '/users/me', { headers })
  return status === 200 ? 'works' : String(body['code'])
}

/** A session that no policy ends. What it has verified at its start does not count in a re-authentication. */
async function weakSession(who: UserInState, transport: 'bearer' | 'cookie'): Promise<{ token: string; id: string }> {
  const wanted = { user: await rowOf(who), methods: ['password', 'totp', 'passkey'], transport } as const
  const { token, session } = await startSession(who.server.operator(), wanted)
  return { token: token.reveal(), id: session.id }
}

async function reauthenticated({ doorward: { db } }: Server, id: string): Promise<string> {
  const sessions = db.selectFrom('session').select('authentication_methods').where('id', '=', id)
  const { authentication_methods: methods } = await sessions.executeTakeFirstOrThrow()
  return methods === null ? 'not re-authenticated' : `re-authenticated: ${assuranceOf(methods.split(' '))}`
}

/** A re-authentication in a session. */
function reauthentication(
  shown: (who: UserInState, headers: Record<string, string>) => object | Promise<object | undefined>,
): SignInRoute {
  return async (who) => {
    const { token, id } = await weakSession(who, 'bearer')
    const headers = { authorization: `Bearer ${token}` }
    const payload = await shown(who, headers)
    if (payload === undefined) return '-'
    const { status, body } = await ask(who.server, 'POST', '/session/proof', { payload, headers })
    return status === 200 ? reauthenticated(who.server, id) : String(body['code'])
  }
}

async function passkeyIn({ server, phone }: UserInState, headers: Record<string, string>): Promise<object | undefined> {
  const { body } = await ask(server, 'POST', '/session/proof/passkey/options', { headers })
  if (phone === undefined) return undefined
  return body['challenge'] === undefined ? {} : { passkey: phone.assert(body as never) }
}

/** A re-authentication on the page, in a session of a browser. */
function confirmPage(
  factor: string,
  fields: (who: UserInState, shown: string) => Record<string, string> | undefined,
): SignInRoute {
  return async (who) => {
    const { token, id } = await weakSession(who, 'cookie')
    const visitor = new Visitor(who.server)
    visitor.cookies.set('session', token)
    const opened = await visitor.open(`/confirm?way=${factor}`)
    const filled = fields(who, opened.statusCode === 200 ? opened.body : '')
    if (filled === undefined) return '-'
    await visitor.submit(`/confirm?way=${factor}`, filled)
    return reauthenticated(who.server, id)
  }
}

const password = { password: PASSWORD }

/** The page of a link, with the password in its form. */
async function formAt(server: Server, path: string): Promise<string> {
  const visitor = new Visitor(server)
  return pageOutcome(server, { visitor, answer: await visitor.submit(path, password) })
}

/** A link as a reset of the second step issues it, whatever the user's state is. */
async function enrolmentLinkFor(who: UserInState): Promise<string> {
  const { subject, credentialEpoch: epoch } = await rowOf(who)
  const wanted = { purpose: 'enrolment', subject, epoch, lifetime: days(1) } as const
  return (await issueLink(who.server.operator(), wanted)).token.reveal()
}

export const SIGN_IN_ROUTES: Readonly<Record<string, SignInRoute>> = {
  'POST /token': async ({ server, username, code }) =>
    postToken(server, { username, password: PASSWORD, totp: code() }),
  'POST /attempts': post('/attempts', ({ username }) => ({ username, ...password })),
  'POST /attempts with a code': post('/attempts', ({ username, code }) => ({ username, ...password, code: code() })),
  'POST /invitations/accept': (who) => (who.link === undefined ? Promise.resolve('-') : first(who)),
  'POST /password-resets/complete': async ({ server, username }) => {
    const token = await issuedResetLink(server, username)
    return ask(server, 'POST', '/password-resets/complete', { payload: { token, ...password } })
  },
  'POST /password-reset/:token': async ({ server, username }) =>
    formAt(server, `/password-reset/${await issuedResetLink(server, username)}`),
  'POST /enrolment-links/accept': async (who) => {
    const token = await enrolmentLinkFor(who)
    return ask(who.server, 'POST', '/enrolment-links/accept', { payload: { token, ...password } })
  },
  'POST /enrolment-link/:token': async (who) => formAt(who.server, `/enrolment-link/${await enrolmentLinkFor(who)}`),
  'POST /attempts/second-factor by an app': ({ server, code }, attempt) =>
    provesSecondStep(server, attempt, ['totp', code()]),
  'POST /attempts/second-factor by a recovery code': ({ server, recoveryCode }, attempt) =>
    provesSecondStep(server, attempt, ['recovery-code', recoveryCode()]),
  'POST /attempts/passkey': async ({ server, phone }) => (phone ? showsPasskey(server, phone) : '-'),
  'POST /attempts/passkey with an attempt': async ({ server, phone }, attempt) => {
    if (phone === undefined) return '-'
    const options = await asksForPasskey(server, attempt).catch(() => asksForPasskey(server))
    return ask(server, 'POST', '/attempts/passkey', { payload: { attempt, response: phone.assert(options) } })
  },
  'POST /attempts/totp/confirm': confirmsApp,
  'POST /attempts/passkeys': confirmsPasskey,
  'POST /attempts/review': post('/attempts/review', (_, attempt) => ({ attempt, password: 'a kettle full of stars' })),
  'POST /sign-in/review': page('/sign-in/review', () => ({ password: 'a kettle full of stars' })),
  'POST /sign-in': page('/sign-in', ({ username }) => ({ username, ...password }), { shownAt: '/sign-in' }),
  'POST /sign-in/passkey': page('/sign-in/passkey', passkeyOn, { shownAt: '/sign-in' }),
  'POST /sign-in/second-step by an app': page('/sign-in/second-step?way=totp', ({ code }) => ({ code: code() })),
  'POST /sign-in/second-step by a recovery code': page(
    '/sign-in/second-step?way=recovery-code',
    ({ recoveryCode }) => ({
      recovery_code: recoveryCode(),
    }),
  ),
  'POST /sign-in/second-step by a passkey': page('/sign-in/second-step?way=passkey', passkeyOn),
  'POST /enrolment/app': page('/enrolment/app', firstCodeOn),
  'POST /enrolment/passkey': page('/enrolment/passkey', newPasskeyOn),
  'an API token': apiToken,
  'POST /session/proof by the password': reauthentication(() => password),
  'POST /session/proof by an app': reauthentication(({ code }) => ({ ...password, code: code() })),
  'POST /session/proof by a recovery code': reauthentication(({ recoveryCode }) => ({
    ...password,
    kind: 'recovery-code',
    code: recoveryCode(),
  })),
  'POST /session/proof by a passkey': reauthentication(passkeyIn),
  'POST /session/proof by password and passkey': reauthentication(async (...asked) => {
    const shown = await passkeyIn(...asked)
    return shown && { ...password, ...shown }
  }),
  'POST /confirm by an app': confirmPage('totp', ({ code }) => ({ ...password, code: code() })),
  'POST /confirm by a recovery code': confirmPage('recovery-code', ({ recoveryCode }) => ({
    ...password,
    recovery_code: recoveryCode(),
  })),
  'POST /confirm by a passkey': confirmPage('passkey', passkeyOn),
  'POST /confirm by password and passkey': confirmPage('passkey', (who, shown) => {
    const passkey = passkeyOn(who, shown)
    return passkey && { ...password, ...passkey }
  }),
}

/** The routes that take an attempt. */
const NEEDS_ATTEMPT = /^POST \/attempts\/(?!passkey$)/

/** The outcome when the user calls that route. */
export async function outcomeAt(who: UserInState, what: string): Promise<string> {
  const attempt = NEEDS_ATTEMPT.test(what) ? await attemptOf(who) : ''
  if (attempt === undefined) return 'no attempt'
  const route = SIGN_IN_ROUTES[what] ?? assert.fail(`there is no route ${what}`)
  const reply = await route(who, attempt)
  return typeof reply === 'string' ? reply : outcomeOf(who.server, reply)
}

/** The routes that enrol a factor or set a password, which changes the user's state: the next route gets a new user. */
export const ENROLMENT_ROUTE = /enrolment\/|totp.confirm|passkeys|password-reset/
