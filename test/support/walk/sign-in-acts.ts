// The acts of a sign-in: password, second step, enrolment, review.
import type { FactorKind } from '../../../src/domain/factors/factor-kind.ts'
import { totpStep } from '../../../src/domain/factors/totp/totp.ts'
import { addedApp, keepAttempt, newCodes, sessionTokenIn, someAccount } from './act.ts'
import type { Act } from './act.ts'
import { endReviewOf, hasFactor, reviewerOf, whyNoAttempt, withdraw } from './facts.ts'
import type { Account, Actor, AttemptFact, Proofs, WalkApp } from './facts.ts'
import { Authenticator } from '../people/authenticator.ts'
import type { World } from './world.ts'

/** The stage that follows the password. */
export function stageAfterPassword(account: Account): AttemptFact['stage'] {
  if (hasFactor(account)) return 'second-factor'
  return account.isReviewDue ? 'review' : 'enrolment'
}

export async function typesPassword(world: World, actor: Actor, account: Account, password: string): Promise<void> {
  const isRight = password === account.password
  const isRefused = !isRight || (account.isDisabled && !hasFactor(account))
  if (isRefused && !world.mayFail(account, ['password'])) return
  const whenRight = isRefused ? 'sign_in.disabled' : stageAfterPassword(account)
  const expected = isRight ? whenRight : 'sign_in.incorrect'
  const payload = { username: account.name, password }
  const answer = await world.asks('password', actor, expected, { method: 'POST', url: '/attempts', payload })
  world.guessed(account, ['password'], !isRefused)
  if (isRefused) return
  keepAttempt(world, actor, answer, { account, methods: ['password'], proofs: { first: 'password', second: null } })
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
  const ended = whyNoAttempt(attempt, 'second-factor', world.now)
  if (ended === undefined && verdict !== 'right' && !world.mayFail(account, [typed.kind])) return
  if (account.isDisabled && ended === undefined && !world.mayFail(account, [typed.kind])) return
  const prefix = typed.kind === 'totp' ? 'attempt.code' : 'attempt.recovery_code'
  const whenEnabled = account.isReviewDue ? 'review' : 'complete'
  const whenRight = account.isDisabled ? 'sign_in.disabled' : whenEnabled
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
  const proofs: Proofs = { ...attempt.proofs, second }
  const methods: FactorKind[] = [...attempt.methods, typed.kind]
  if (account.isReviewDue) {
    keepAttempt(world, actor, answer, { account, methods, proofs })
    return
  }
  world.openSession(actor, account, sessionTokenIn(answer), proofs)
  if (typed.kind === 'recovery-code') world.notice(account, 'recovery-code-used')
}

export async function enrols(world: World, actor: Actor, attempt: AttemptFact): Promise<void> {
  const { account, link } = attempt
  const ended = whyNoAttempt(attempt, 'enrolment', world.now)
  const payload = { attempt: attempt.token }
  const key = await world.asks('key of an enrolment', actor, ended ?? 'done', {
    method: 'POST',
    url: '/attempts/totp',
    payload,
  })
  if (ended !== undefined) return
  const code = new Authenticator(String(key.body['secret'])).code(world.now)
  const refused = account.isReviewDue ? 'account.review_required' : undefined
  const isLinkGone = link !== null && link.state !== 'live'
  const expected = isLinkGone ? 'link.used' : (refused ?? 'complete')
  const answer = await world.asks('enrolment', actor, expected, {
    method: 'POST',
    url: '/attempts/totp/confirm',
    payload: { ...payload, code },
  })
  if (expected !== 'complete') return
  const hadNone = !hasFactor(account)
  addedApp(world, actor, account, key.body)
  newCodes(actor, account, answer.body)
  if (link !== null) link.state = 'used'
  withdraw(account, 'enrolment')
  account.epoch += 1
  attempt.isConsumed = true
  world.guessed(account, ['totp', 'recovery-code', 'totp in a session', 'recovery-code in a session'], true)
  world.notice(account, 'app-added')
  world.openSession(actor, account, sessionTokenIn(answer), { ...attempt.proofs, second: hadNone ? 'enrolment' : null })
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
  const next = keepsFactor ? 'complete' : 'enrolment'
  const expected = ended ?? (isByAdmin ? 'account.review_by_admin' : next)
  const password = world.newPassword()
  const payload = { attempt: attempt.token, password, remove: remove.map(({ id }) => id) }
  const answer = await world.asks('review', actor, expected, { method: 'POST', url: '/attempts/review', payload })
  if (ended !== undefined || isByAdmin) return
  account.password = password
  actor.passwords.set(account, password)
  if (wish !== 'nothing' || !hasFactor(account)) [account.codes, account.usedCodes] = [[], []]
  if (wish === 'all') account.apps = []
  endReviewOf(account)
  account.epoch += 1
  account.failures.clear()
  attempt.isConsumed = true
  world.notice(account, 'password-changed')
  if (keepsFactor) {
    world.openSession(actor, account, sessionTokenIn(answer), attempt.proofs)
    if (methods.includes('recovery-code')) world.notice(account, 'recovery-code-used')
  } else
    keepAttempt(world, actor, answer, { account, methods: ['password'], proofs: { ...attempt.proofs, second: null } })
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
  { weight: 12, run: atStage('enrolment', enrols) },
  { weight: 12, run: atStage('review', reviews) },
]
