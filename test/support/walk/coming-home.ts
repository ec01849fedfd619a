// The end of a world: every person gets into the own account, by the way that the model names, and the thief's tokens are counted out.
import assert from 'node:assert/strict'

import { verifyAudit } from '#domain/audit/verify.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { hours } from '#foundation/kernel/time.ts'
import { enableUser } from '#use-cases/administration/account-status/account-status.service.ts'
import { liftReview } from '#use-cases/administration/account-status/user-review.service.ts'
import { resetSecondFactor, setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { usesToken } from './account-acts.ts'
import { compareTokens, usesClientToken } from './client-acts.ts'
import { holdsSecond, isLive } from './demands.ts'
import { type Account, type Actor, endReviewOf, reviewerOf, revokeAll, whyNoLink, withdraw } from './facts.ts'
import { forgetsPassword, resetsByLink } from './recovery-acts.ts'
import { enrols, provesSecond, reviews, showsPasskey, typesPassword } from './sign-in-acts.ts'
import type { World } from './world.ts'

const MOST_STEPS = 80

/** Every person gets in: alone where they know or read and hold what is needed, else with the help that the operator can always give. */
export async function comesHome(world: World): Promise<void> {
  await world.compareSessions()
  await compareTokens(world)
  for (const token of world.tokens) await usesClientToken(world, world.actors[0]!, token)
  const { problems } = await verifyAudit(world.server.operator())
  assert.deepEqual(problems, [])
  for (const actor of world.actors) for (const copy of actor.copies) await usesToken(world, actor, copy)
  for (const account of world.accounts) {
    const owner = world.ownerOf(account)
    await isHelped(world, owner, account)
    owner.attempts = []
    const isHome = (): boolean => owner.copies.some((copy) => copy.session.account === account && isLive(world, copy))
    owner.copies = owner.copies.filter(({ session }) => session.account !== account)
    for (let step = 0; !isHome() && step < MOST_STEPS; step++) await isNearer(world, owner, account)
    assert.ok(isHome(), `${account.name} does not get in`)
  }
}

/** What the owner cannot do alone: the operator enables, resets and lifts. */
async function isHelped(world: World, owner: Actor, account: Account): Promise<void> {
  const ctx = world.server.operator()
  const { id } = account
  if (account.isDisabled) {
    await enableUser(ctx, { id })
    account.isDisabled = false
    account.epoch += 1
  }
  if (!holdsSecond(world, owner, account)) {
    await resetSecondFactor(ctx, { id }, { reason: 'The phone is lost.' })
    Object.assign(account, { apps: [], passkeys: [], codes: [], usedCodes: [] })
    account.epoch += 1
    account.failures.clear()
    revokeAll(account)
    withdraw(account, 'enrolment')
    const link = world.newLink('enrolment', account, {})
    world.notice(account, 'factors-reset')
    if (account.isVerified) world.expectMail('second-step-reset', account.email, link)
  }
  if (owner.passwords.get(account) !== account.password) await getsPassword(world, owner, account)
  if (account.isReviewDue) await operatorLifts(world, account)
  account.failures.clear()
  await world.server.doorward.db.deleteFrom('throttle_bucket').execute()
  await world.readMails()
}

/** The command on the server that lifts a review. */
export async function operatorLifts(world: World, account: Account): Promise<void> {
  await liftReview(world.server.operator(), { id: account.id })
  endReviewOf(account)
}

/** By mail where the email is verified and read, else by the operator. */
async function getsPassword(world: World, owner: Actor, account: Account): Promise<void> {
  if (account.isVerified && owner.emails.has(account.email)) {
    await world.readMails()
    world.server.clock.pass(hours(1))
    await forgetsPassword(world, owner, account)
    await world.readMails()
    const link = owner.links.findLast(({ purpose, account: of }) => purpose === 'password-reset' && of === account)
    assert.ok(link && whyNoLink(link, world.now) === undefined, 'the mail did not come')
    return resetsByLink(world, owner, link)
  }
  const password = world.newPassword()
  await setPassword(world.server.operator(), { id: account.id }, Secret.of(password))
  account.password = password
  owner.passwords.set(account, password)
  account.epoch += 1
  revokeAll(account)
  world.notice(account, 'password-set')
}

async function isNearer(world: World, owner: Actor, account: Account): Promise<void> {
  const attempt = owner.attempts.findLast(
    (one) => one.account === account && !one.isConsumed && one.epoch === account.epoch && world.now < one.expiresAt,
  )
  if (attempt === undefined) await typesPassword(world, owner, account, owner.passwords.get(account) ?? '')
  else if (attempt.stage === 'second-factor')
    await (world.random.chance(0.5)
      ? provesSecond(world, owner, attempt)
      : showsPasskey(world, owner, account, attempt))
  else if (attempt.stage === 'enrolment') await enrols(world, owner, attempt)
  else if (reviewerOf(account, attempt.methods) === 'user') await reviews(world, owner, attempt)
  else assert.fail('a review that the owner cannot end')
  await world.readMails()
}
