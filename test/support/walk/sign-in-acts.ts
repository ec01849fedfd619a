// The acts of a sign-in: password, second step, enrolment, review.
import assert from 'node:assert/strict'

import type { FactorKind } from '#domain/factors/factor-kind.ts'
import { totpStep } from '#domain/factors/totp/totp.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import type { CreationOptions, RequestOptions } from '../../../clients/test/src/software-authenticator.ts'
import {
  type Act,
  addedApp,
  addedPasskey,
  keepAttempt,
  newAuthenticator,
  newCodes,
  sessionTokenIn,
  someAccount,
  somePasskey,
  stageAfterProofs,
} from './act.ts'
import { areEnough, askedOf, isRefused, isStopped, type Kind } from './demands.ts'
import {
  type Account,
  type Actor,
  type AttemptFact,
  endReviewOf,
  hasFactor,
  type Proofs,
  restsOnChanges,
  reviewerOf,
  type WalkApp,
  whyNoAttempt,
  withdraw,
} from './facts.ts'
import type { Answer, World } from './world.ts'

/** The stage that follows the password. */
export function stageAfterPassword(world: World, account: Account): AttemptFact['stage'] | 'complete' {
  if (hasFactor(account)) return 'second-factor'
  if (account.isReviewDue) return 'review'
  return askedOf(world, account).level === 'optional' ? 'complete' : 'enrolment'
}

/** What an answer brings after these proofs: a session, or an attempt at the next stage. */
export function goesOn(
  world: World,
  actor: Actor,
  answer: Answer,
  { account, methods, proofs }: Pick<AttemptFact, 'account' | 'methods' | 'proofs'>,
): void {
  if (answer.outcome !== 'complete') {
    keepAttempt(world, actor, answer, { account, methods, proofs })
    return
  }
  world.openSession(actor, account, sessionTokenIn(answer), { proofs, methods })
  if (methods.includes('recovery-code')) world.notice(account, 'recovery-code-used')
}

export async function typesPassword(world: World, actor: Actor, account: Account, password: string): Promise<void> {
  const isRight = password === account.password
  const isWrong = !isRight || (account.isDisabled && !hasFactor(account))
  if (isWrong && !world.mayFail(account, ['password'])) return
  const whenRight = isWrong ? 'sign_in.disabled' : stageAfterPassword(world, account)
  const expected = isRight ? whenRight : 'sign_in.incorrect'
  const payload = { username: account.name, password }
  const answer = await world.asks('password', actor, expected, { method: 'POST', url: '/attempts', payload })
  world.guessed(account, ['password'], !isWrong)
  if (isWrong) return
  goesOn(world, actor, answer, { account, methods: ['password'], proofs: { first: 'password', second: null } })
}

interface Typed {
  readonly kind: 'totp' | 'recovery-code'
  readonly proof: string
  readonly act: string
  readonly app?: WalkApp
}

/** What the actor types as the second factor of an account: right, used, of another app, or wrong. */
export function typedFactor(world: World, actor: Actor, account: Account): Typed {
  const { random } = world
  const apps = [...actor.apps].filter((app) => app.account === account)
  const app = random.pick(apps)
  const held = actor.codes.get(account) ?? []
  const code = random.chance(0.6) ? held.find((one) => account.codes.includes(one)) : random.pick(held)
  if (app !== undefined && random.chance(0.65)) {
    if (app.lastStep === totpStep(world.now) && random.chance(0.15))
      return { kind: 'totp', proof: app.key.code(world.now), act: 'used app code', app }
    return { kind: 'totp', proof: world.freshCode(app), act: 'app code', app }
  }
  if (code !== undefined && random.chance(0.8)) return { kind: 'recovery-code', proof: code, act: 'recovery code' }
  return { kind: 'totp', proof: world.wrongCode(account), act: 'wrong app code' }
}

/** What the typed factor proves of the account; `used` where it was accepted before. */
export function verdictOf(world: World, account: Account, { kind, proof, app }: Typed): 'right' | 'used' | 'wrong' {
  if (kind === 'recovery-code') {
    if (account.codes.includes(proof)) return 'right'
    return account.usedCodes.includes(proof) ? 'used' : 'wrong'
  }
  if (app === undefined || !account.apps.includes(app)) return 'wrong'
  return app.lastStep < totpStep(world.now) ? 'right' : 'used'
}

/** Uses up a right factor. */
export function consumeFactor(world: World, account: Account, { kind, proof, app }: Typed): void {
  if (app !== undefined) app.lastStep = totpStep(world.now)
  if (kind !== 'recovery-code') return
  account.codes = account.codes.filter((code) => code !== proof)
  account.usedCodes.push(proof)
}

export async function provesSecond(world: World, actor: Actor, attempt: AttemptFact): Promise<void> {
  const { account } = attempt
  const typed = typedFactor(world, actor, account)
  const verdict = verdictOf(world, account, typed)
  const methods: FactorKind[] = [...attempt.methods, typed.kind]
  const wrongKind = isRefused(world, account, methods) ? 'sign_in.factor_not_allowed' : undefined
  const ended = whyNoAttempt(attempt, 'second-factor', world.now) ?? wrongKind
  if (ended === undefined && verdict !== 'right' && !world.mayFail(account, [typed.kind])) return
  if (account.isDisabled && ended === undefined && !world.mayFail(account, [typed.kind])) return
  const prefix = typed.kind === 'totp' ? 'attempt.code' : 'attempt.recovery_code'
  const whenRight = account.isDisabled ? 'sign_in.disabled' : stageAfterProofs(world, account, methods)
  const expected = ended ?? (verdict === 'right' ? whenRight : `${prefix}_${verdict}`)
  const payload = { attempt: attempt.token, kind: typed.kind, proof: typed.proof }
  const question = { method: 'POST', url: '/attempts/second-factor', payload } as const
  const answer = await world.asks(`second step, ${typed.act}`, actor, expected, question)
  if (ended !== undefined) return
  world.guessed(account, [typed.kind], verdict === 'right' && !account.isDisabled)
  if (verdict !== 'right') return
  consumeFactor(world, account, typed)
  if (account.isDisabled) return
  attempt.isConsumed = true
  const second = typed.kind === 'totp' ? 'app' : 'recovery code'
  const since = typed.app?.since ?? account.codesSince
  goesOn(world, actor, answer, { account, methods, proofs: { ...attempt.proofs, second, since } })
}

/** The second step with a passkey, or both steps at once where there is no attempt. */
export async function showsPasskey(world: World, actor: Actor, account: Account, attempt?: AttemptFact): Promise<void> {
  const passkey = somePasskey(world, actor, account)
  if (passkey === undefined) return
  const act = attempt === undefined ? 'passkey alone' : 'second step, passkey'
  const ended = attempt && whyNoAttempt(attempt, 'second-factor', world.now)
  const token = attempt && { attempt: attempt.token }
  const asking = { method: 'POST', url: '/attempts/passkey/options', payload: token ?? {} } as const
  const { body } = await world.asks(`challenge, ${act}`, actor, ended ?? 'done', asking)
  if (ended !== undefined) return
  const methods: FactorKind[] = [...(attempt?.methods ?? []), 'passkey']
  const response = passkey.phone.assert(body as unknown as RequestOptions)
  const wrongKind = isRefused(world, account, methods) ? 'sign_in.factor_not_allowed' : undefined
  const shutOut = account.isDisabled ? 'sign_in.disabled' : undefined
  const refused = attempt === undefined ? (shutOut ?? wrongKind) : (wrongKind ?? shutOut)
  const question = { method: 'POST', url: '/attempts/passkey', payload: { ...token, response } } as const
  const answer = await world.asks(act, actor, refused ?? stageAfterProofs(world, account, methods), question)
  if (refused !== undefined) return
  if (attempt !== undefined) attempt.isConsumed = true
  const proofs: Proofs = { first: attempt?.proofs.first ?? 'passkey', second: 'passkey', since: passkey.since }
  goesOn(world, actor, answer, { account, methods, proofs })
}

interface NewFactor {
  readonly kind: Kind
  readonly url: string
  readonly payload: object
  readonly isAdded: (answer: Answer) => void
}

/** Makes an app or a passkey for an enrolment; undefined where it is refused. */
async function makesFactor(world: World, actor: Actor, attempt: AttemptFact): Promise<NewFactor | undefined> {
  const { account, token } = attempt
  const { kinds } = askedOf(world, account)
  const kind =
    world.random.chance(0.9) && kinds.length === 1 ? kinds[0]! : world.random.pick(['totp', 'passkey'] as const)!
  const ended = whyNoAttempt(attempt, 'enrolment', world.now)
  const refused = ended ?? (kinds.includes(kind) ? undefined : 'factor.not_allowed')
  const payload = { attempt: token }
  const url = kind === 'totp' ? '/attempts/totp' : '/attempts/passkeys/options'
  const act = kind === 'totp' ? 'key of an enrolment' : 'options of an enrolment'
  const { body } = await world.asks(act, actor, refused ?? 'done', { method: 'POST', url, payload })
  if (refused !== undefined) return undefined
  if (kind === 'totp') {
    const code = new Authenticator(String(body['secret'])).code(world.now)
    const isAdded = (): void => void addedApp(world, actor, account, body)
    return { kind, url: '/attempts/totp/confirm', payload: { ...payload, code }, isAdded }
  }
  const phone = newAuthenticator(world)
  const response = phone.register(body as unknown as CreationOptions)
  const isAdded = (): void => addedPasskey(actor, account, phone)
  return { kind, url: '/attempts/passkeys', payload: { ...payload, response }, isAdded }
}

export async function enrols(world: World, actor: Actor, attempt: AttemptFact): Promise<void> {
  const { account, link } = attempt
  const made = await makesFactor(world, actor, attempt)
  if (made === undefined) return
  const refused = account.isReviewDue ? 'account.review_required' : undefined
  const isLinkGone = link !== null && link.state !== 'live'
  const expected = isLinkGone ? 'link.used' : (refused ?? 'complete')
  const { kind, url, payload } = made
  const act = kind === 'totp' ? 'enrolment' : 'enrolment of a passkey'
  const answer = await world.asks(act, actor, expected, { method: 'POST', url, payload })
  if (expected !== 'complete') return
  // Who had a second factor must have proven one before.
  const second = hasFactor(account) ? attempt.proofs.second : 'enrolment'
  made.isAdded(answer)
  newCodes(actor, account, answer.body)
  if (link !== null) link.state = 'used'
  withdraw(account, 'enrolment')
  account.epoch += 1
  attempt.isConsumed = true
  world.guessed(account, ['totp', 'recovery-code', 'totp in a session', 'recovery-code in a session'], true)
  world.notice(account, kind === 'totp' ? 'app-added' : 'passkey-added')
  goesOn(world, actor, answer, { account, methods: [...attempt.methods, kind], proofs: { ...attempt.proofs, second } })
}

export async function reviews(world: World, actor: Actor, attempt: AttemptFact): Promise<void> {
  const { account, methods } = attempt
  const wrong = whyNoAttempt(attempt, 'review', world.now)
  const ended = wrong ?? (account.isReviewDue ? undefined : 'attempt.ended')
  const reading = { method: 'POST', url: '/attempts/review/factors', payload: { attempt: attempt.token } } as const
  const read = await world.asks('reading the review', actor, ended ?? 'done', reading)
  const factors = ended === undefined ? (read.body['factors'] as { id: string; kind: string }[]) : []
  const wish = world.random.pick(['nothing', 'codes', 'all'])
  const remove = factors.filter(({ kind }) => wish === 'all' || (wish === 'codes' && kind === 'recovery-codes'))
  const isByAdmin = reviewerOf(account, methods) === 'admin'
  const keepsFactor = wish !== 'all' && hasFactor(account)
  const next = stageAfterReview(world, attempt, keepsFactor)
  const refused = next === 'refused' ? 'sign_in.factor_not_allowed' : undefined
  const expected = ended ?? (isByAdmin ? 'account.review_by_admin' : (refused ?? next))
  const password = world.newPassword()
  const payload = { attempt: attempt.token, password, remove: remove.map(({ id }) => id) }
  const answer = await world.asks('review', actor, expected, { method: 'POST', url: '/attempts/review', payload })
  if (ended !== undefined || isByAdmin || refused !== undefined) return
  assert.ok(!restsOnChanges(account, attempt.proofs), `the review of ${account.name} rests on what was changed`)
  account.password = password
  actor.passwords.set(account, password)
  if (wish !== 'nothing' || !hasFactor(account)) [account.codes, account.usedCodes] = [[], []]
  if (wish === 'all') [account.apps, account.passkeys] = [[], []]
  endReviewOf(account)
  account.epoch += 1
  account.failures.clear()
  attempt.isConsumed = true
  world.notice(account, 'password-changed')
  if (hasFactor(account) || askedOf(world, account).level === 'optional')
    return goesOn(world, actor, answer, { account, methods, proofs: attempt.proofs })
  keepAttempt(world, actor, answer, { account, methods: ['password'], proofs: { ...attempt.proofs, second: null } })
}

/** The stage that a completed review leads to, by what it leaves. */
function stageAfterReview(
  world: World,
  { account, methods }: AttemptFact,
  keepsFactor: boolean,
): 'complete' | 'enrolment' | 'refused' {
  const asked = askedOf(world, account)
  if (!keepsFactor) return asked.level === 'optional' && areEnough(asked, methods) ? 'complete' : 'enrolment'
  if (isRefused(world, account, methods)) return 'refused'
  return areEnough(asked, methods) && !isStopped(asked, account) ? 'complete' : 'enrolment'
}

/** An attempt that the actor holds, rather one at this stage. */
function someAttempt(world: World, actor: Actor, stage: AttemptFact['stage']): AttemptFact | undefined {
  const open = actor.attempts.filter((attempt) => whyNoAttempt(attempt, stage, world.now) === undefined)
  const { random } = world
  return random.chance(0.9) ? random.pick(open) : random.pick(actor.attempts)
}

function atStage(
  stage: AttemptFact['stage'],
  act: (world: World, actor: Actor, attempt: AttemptFact) => Promise<void>,
): Act['run'] {
  return async (world, actor) => {
    const attempt = someAttempt(world, actor, stage)
    if (attempt !== undefined) await act(world, actor, attempt)
  }
}

export const SIGN_IN_ACTS: readonly Act[] = [
  {
    weight: 16,
    run: async (world, actor) => {
      const account = someAccount(world, actor)
      const known = world.random.chance(0.95) ? actor.passwords.get(account) : undefined
      await typesPassword(world, actor, account, known ?? 'another calm guess')
    },
  },
  { weight: 22, run: atStage('second-factor', provesSecond) },
  { weight: 6, run: atStage('second-factor', (world, actor, one) => showsPasskey(world, actor, one.account, one)) },
  { weight: 4, run: (world, actor) => showsPasskey(world, actor, someAccount(world, actor)) },
  { weight: 12, run: atStage('enrolment', enrols) },
  { weight: 12, run: atStage('review', reviews) },
]
