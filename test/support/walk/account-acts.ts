// The acts in a session: step-up, new password, app, recovery codes and email, and the use of a token.
import { days } from '../../../src/foundation/kernel/time.ts'
import { totpStep } from '../../../src/domain/factors/totp/totp.ts'
import { Authenticator } from '../people/authenticator.ts'
import { addedApp, newCodes, someToken, whyNoAccess } from './act.ts'
import type { Act } from './act.ts'
import { isLive, revokeAll, withdraw } from './facts.ts'
import type { Actor, EmailChangeFact, GuessCounter, TokenCopy } from './facts.ts'
import { consumeFactor, typedFactor, verdictOf } from './sign-in-acts.ts'
import type { World } from './world.ts'

export async function usesToken(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const expected = isLive(copy) ? 'done' : 'access.invalid_token'
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
  const typed = typedFactor(world, actor, account)
  const counters: readonly GuessCounter[] = ['password in a session', `${typed.kind} in a session`]
  const isRight = password === account.password && verdictOf(world, account, typed) === 'right'
  const ended = whyNoAccess(world, copy, {})
  if (ended === undefined && !isRight && !world.mayFail(account, counters)) return
  const payload = { password, kind: typed.kind, code: typed.proof }
  const expected = ended ?? (isRight ? 'done' : 'reauthentication.refused')
  const question = { method: 'POST', url: '/session/proof', payload, token: copy.token } as const
  const { body } = await world.asks('step-up', actor, expected, question)
  if (ended !== undefined) return
  world.guessed(account, counters, isRight)
  if (!isRight) return
  consumeFactor(world, account, typed)
  session.authenticatedAt = world.now
  world.keepToken(actor, session, String(body['access_token']))
}

async function changesPassword(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { session } = copy
  const { account } = session
  const current = actor.passwords.get(account) ?? 'another calm guess'
  const isRight = current === account.password
  const ended = whyNoAccess(world, copy, {})
  if (ended === undefined && !isRight && !world.mayFail(account, ['password in a session'])) return
  const next = world.newPassword()
  const { body } = await world.asks('change of the password', actor, ended ?? (isRight ? 'done' : 'password.wrong'), {
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
  world.keepToken(actor, session, String(body['access_token']))
  world.notice(account, 'password-changed')
}

async function setsUpApp(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { session } = copy
  const { account } = session
  const replaced = world.random.chance(0.7) ? world.random.pick(account.apps) : undefined
  if (replaced === undefined && account.apps.length > 3) return
  const act = replaced === undefined ? 'another app' : 'replaced app'
  const refused = whyNoAccess(world, copy, { recent: true })
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
  const { body } = await world.asks(act, actor, 'done', { method: 'POST', url, payload: { code }, token })
  if (replaced !== undefined) account.apps = account.apps.filter((app) => app !== replaced)
  const former = account.epoch
  addedApp(world, actor, account, begun.body).lastStep = totpStep(world.now)
  account.epoch += 1
  if (replaced !== undefined) revokeAll(account, session)
  for (const other of account.sessions) if (other.epoch === former && !other.isRevoked) other.epoch = account.epoch
  session.epoch = account.epoch
  world.keepToken(actor, session, String(body['access_token']))
  world.guessed(account, ['totp', 'totp in a session'], true)
  if (body['recovery_codes'] !== undefined) newCodes(actor, account, body)
  world.notice(account, replaced === undefined ? 'app-added' : 'app-replaced')
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
  const email = world.random.pick([...actor.addresses].filter((address) => address !== account.email))
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
  { weight: 2, run: inSession(renewsCodes) },
  { weight: 3, run: inSession(changesEmail) },
]
