// The acts in a session: step-up, new password, app, recovery codes and email, and the use of a token.
import assert from 'node:assert/strict'

import { totpStep } from '#domain/factors/totp/totp.ts'
import { days } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import type { CreationOptions, RequestOptions } from '../../../clients/test/src/software-authenticator.ts'
import {
  type Act,
  addedApp,
  addedPasskey,
  newAuthenticator,
  newCodes,
  somePasskey,
  someToken,
  whyNoAccess,
} from './act.ts'
import { grantsOf } from './client-acts.ts'
import { askedOf, isLive, isStopped, isStrong, type Kind } from './demands.ts'
import {
  type Account,
  type Actor,
  type EmailChangeFact,
  type GuessCounter,
  hasFactor,
  revokeAll,
  type TokenCopy,
  type WalkMethod,
  withdraw,
} from './facts.ts'
import { consumeFactor, typedFactor, verdictOf } from './sign-in-acts.ts'
import type { Answer, World } from './world.ts'

export async function usesToken(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const expected = isLive(world, copy) ? 'done' : 'access.invalid_token'
  const { body } = await world.asks('use of a token', actor, expected, {
    method: 'GET',
    url: '/users/me',
    token: copy.token,
  })
  if (expected === 'done' && body['username'] !== copy.session.account.name) throw new Error('another account answers')
}

async function stepsUp(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { session } = copy
  const { account } = session
  const password = actor.passwords.get(account) ?? 'another calm guess'
  if (world.random.chance(0.3) && somePasskey(world, actor, account)) return stepsUpByPasskey(world, actor, copy)
  const typed = hasFactor(account) ? typedFactor(world, actor, account) : null
  const methods: WalkMethod[] = typed === null ? ['password'] : ['password', typed.kind]
  const counters: readonly GuessCounter[] = [
    'password in a session',
    ...(typed === null ? [] : ([`${typed.kind} in a session`] as const)),
  ]
  const isRight = password === account.password && (typed === null || verdictOf(world, account, typed) === 'right')
  const ended = whyNoAccess(world, copy, {}) ?? whyTooWeak(world, account, methods)
  if (ended === undefined && !isRight && !world.mayFail(account, counters)) return
  const payload = { password, ...(typed !== null && { kind: typed.kind, code: typed.proof }) }
  const expected = ended ?? (isRight ? 'done' : 'reauthentication.refused')
  const question = { method: 'POST', url: '/session/proof', payload, token: copy.token } as const
  const answer = await world.asks('step-up', actor, expected, question)
  if (ended !== undefined) return
  world.guessed(account, counters, isRight)
  if (!isRight) return
  if (typed !== null) consumeFactor(world, account, typed)
  isAuthenticated(world, actor, copy, { answer, methods })
}

function whyTooWeak(world: World, account: Account, methods: readonly WalkMethod[]): string | undefined {
  return isStrong(askedOf(world, account), account, methods) ? undefined : 'reauthentication.too_weak'
}

function isAuthenticated(
  world: World,
  actor: Actor,
  { session }: TokenCopy,
  { answer, methods }: { readonly answer: Answer; readonly methods: readonly WalkMethod[] },
): void {
  session.authenticatedAt = world.now
  session.lastMethods = methods
  session.methods = [...new Set([...session.methods, ...methods])]
  goesOnWith(world, actor, session, answer)
}

/** The session goes on under the token of the answer. */
function goesOnWith(world: World, actor: Actor, session: TokenCopy['session'], { renewed }: Answer): void {
  world.keepToken(actor, session, renewed ?? assert.fail('the session got no token'))
}

async function stepsUpByPasskey(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { account } = copy.session
  const passkey = somePasskey(world, actor, account)
  const ended = whyNoAccess(world, copy, {})
  const { token } = copy
  const url = '/session/proof/passkey/options'
  const { body } = await world.asks('challenge, step-up', actor, ended ?? 'done', { method: 'POST', url, token })
  if (passkey === undefined || ended !== undefined) return
  const refused = whyTooWeak(world, account, ['passkey'])
  const payload = { passkey: passkey.phone.assert(body as unknown as RequestOptions) }
  const question = { method: 'POST', url: '/session/proof', payload, token } as const
  const answer = await world.asks('step-up by passkey', actor, refused ?? 'done', question)
  if (refused === undefined) isAuthenticated(world, actor, copy, { answer, methods: ['passkey'] })
}

async function changesPassword(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { session } = copy
  const { account } = session
  const current = actor.passwords.get(account) ?? 'another calm guess'
  const isRight = current === account.password
  const isSkipped = session.lastMethods.includes('remembered-device')
  const ended = whyNoAccess(world, copy, {}) ?? (isSkipped ? 'access.stronger_authentication_required' : undefined)
  if (ended === undefined && !isRight && !world.mayFail(account, ['password in a session'])) return
  const next = world.newPassword()
  const answer = await world.asks('change of the password', actor, ended ?? (isRight ? 'done' : 'password.wrong'), {
    method: 'PUT',
    url: '/users/me/password',
    payload: { current, new: next },
    token: copy.token,
  })
  if (ended !== undefined) return
  world.guessed(account, ['password in a session'], isRight)
  if (!isRight) return
  account.password = next
  actor.passwords.set(account, next)
  account.failures.delete('password')
  account.epoch += 1
  revokeAll(account, session)
  session.epoch = account.epoch
  goesOnWith(world, actor, session, answer)
  world.notice(account, 'password-changed')
}

async function setsUpApp(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { session } = copy
  const { account } = session
  const replaced = world.random.chance(0.7) ? world.random.pick(account.apps) : undefined
  if (replaced === undefined && account.apps.length > 3) return
  const act = replaced === undefined ? 'another app' : 'replaced app'
  const refused = whyNoAccess(world, copy, { recent: true }) ?? whyNotAddable(world, account, 'totp')
  const { token } = copy
  const begun = await world.asks(`key of ${act}`, actor, refused ?? 'done', {
    method: 'POST',
    url: '/users/me/totp',
    payload: replaced === undefined ? {} : { replaces: replaced.id },
    token,
  })
  if (refused !== undefined) return
  const code = new Authenticator(String(begun.body['secret'])).code(world.now)
  const url = `/users/me/totp/${String(begun.body['id'])}/confirm`
  const answer = await world.asks(act, actor, 'done', { method: 'POST', url, payload: { code }, token })
  if (replaced !== undefined) account.apps = account.apps.filter((app) => app !== replaced)
  addedApp(world, actor, account, begun.body).lastStep = totpStep(world.now)
  hasAdded(world, actor, session, { answer, isReplaced: replaced !== undefined })
  world.guessed(account, ['totp', 'totp in a session'], true)
  world.notice(account, replaced === undefined ? 'app-added' : 'app-replaced')
  const { recovery_codes: codes } = answer.body
  if (replaced !== undefined && Array.isArray(codes) && codes.length > 0) world.notice(account, 'recovery-codes-made')
}

function whyNotAddable(world: World, account: Account, kind: Kind): string | undefined {
  return askedOf(world, account).kinds.includes(kind) ? undefined : 'factor.not_allowed'
}

/** What the addition of a factor in a session ends: other sessions where it is the first one, or replaces another. */
function hasAdded(
  world: World,
  actor: Actor,
  session: TokenCopy['session'],
  { answer, isReplaced }: { readonly answer: Answer; readonly isReplaced: boolean },
): void {
  const { account } = session
  const former = account.epoch
  account.epoch += 1
  if (isReplaced || account.apps.length + account.passkeys.length === 1) revokeAll(account, session)
  else for (const grant of grantsOf(world, account)) if (grant.epoch === former) grant.epoch = account.epoch
  for (const other of account.sessions) if (other.epoch === former && !other.isRevoked) other.epoch = account.epoch
  session.epoch = account.epoch
  goesOnWith(world, actor, session, answer)
  const { recovery_codes: codes } = answer.body
  if (Array.isArray(codes) && codes.length > 0) newCodes(actor, account, answer.body)
}

async function addsPasskey(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { session, token } = copy
  const { account } = session
  if (account.passkeys.length > 3) return
  const refused = whyNoAccess(world, copy, { recent: true }) ?? whyNotAddable(world, account, 'passkey')
  const url = '/users/me/passkeys'
  const asking = { method: 'POST', url: `${url}/options`, token } as const
  const { body } = await world.asks('options of a passkey', actor, refused ?? 'done', asking)
  if (refused !== undefined) return
  const phone = newAuthenticator(world)
  const payload = { response: phone.register(body as unknown as CreationOptions) }
  const answer = await world.asks('another passkey', actor, 'done', { method: 'POST', url, payload, token })
  addedPasskey(actor, account, phone)
  hasAdded(world, actor, session, { answer, isReplaced: false })
  world.notice(account, 'passkey-added')
}

/** The last factor that the policies require stays. */
async function removesApp(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { session, token } = copy
  const { account } = session
  const app = world.random.pick(account.apps)
  if (app === undefined) return
  const left = account.apps.filter((other) => other !== app)
  const isLast = isStopped(askedOf(world, account), { ...account, apps: left })
  const refused = whyNoAccess(world, copy, { recent: true }) ?? (isLast ? 'totp.last_one' : undefined)
  const url = `/users/me/totp/${app.id}`
  const answer = await world.asks('removed app', actor, refused ?? 'done', { method: 'DELETE', url, token })
  if (refused !== undefined) return
  account.apps = left
  if (!hasFactor(account)) [account.codes, account.usedCodes] = [[], []]
  account.epoch += 1
  revokeAll(account, session)
  session.epoch = account.epoch
  goesOnWith(world, actor, session, answer)
  world.notice(account, 'app-removed')
}

async function renewsCodes(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { account } = copy.session
  const refused = whyNoAccess(world, copy, { recent: true })
  const question = { method: 'POST', url: '/users/me/recovery-codes', token: copy.token } as const
  const { body } = await world.asks('new recovery codes', actor, refused ?? 'done', question)
  if (refused !== undefined) return
  newCodes(actor, account, body)
  world.guessed(account, ['recovery-code', 'recovery-code in a session'], true)
  world.notice(account, 'recovery-codes-made')
}

async function changesEmail(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { account } = copy.session
  const email = world.random.pick([...actor.emails].filter((email) => email !== account.email))
  const { names } = account
  if (world.now >= names.lastAt + days(1)) names.count = 0
  if (email === undefined || names.count > 17) return
  const isTaken = world.accounts.some((other) => other !== account && other.email === email)
  const noAccess = whyNoAccess(world, copy, { recent: true })
  const refused = noAccess ?? (isTaken ? 'user.email_taken' : undefined)
  if (noAccess === undefined) Object.assign(names, { count: names.count + 1, lastAt: world.now })
  if (refused === undefined) {
    for (const change of account.changes) if (change.state === 'waiting') change.state = 'gone'
    withdraw(account, 'email-confirmation')
    const expiresAt = world.now + days(1)
    const change: EmailChangeFact = {
      account,
      email,
      former: null,
      formerVerified: false,
      state: 'waiting',
      expiresAt,
      notice: null,
    }
    account.changes.push(change)
    world.expectMail('email-confirmation', email, world.newLink('email-confirmation', account, { change, expiresAt }))
  }
  const question = { method: 'PATCH', url: '/users/me', payload: { email }, token: copy.token } as const
  await world.asks('change of the email', actor, refused ?? 'done', question)
}

function inSession(act: (world: World, actor: Actor, copy: TokenCopy) => Promise<void>): Act['run'] {
  return async (world, actor) => {
    const copy = someToken(world, actor)
    if (copy !== undefined) await act(world, actor, copy)
  }
}

export const ACCOUNT_ACTS: readonly Act[] = [
  { weight: 3, run: inSession(usesToken) },
  { weight: 10, run: inSession(stepsUp) },
  { weight: 2, run: inSession(changesPassword) },
  { weight: 3, run: inSession(setsUpApp) },
  { weight: 3, run: inSession(addsPasskey) },
  { weight: 1, run: inSession(removesApp) },
  { weight: 2, run: inSession(renewsCodes) },
  { weight: 3, run: inSession(changesEmail) },
]
