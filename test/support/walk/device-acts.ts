// The acts on the pages with a remembered device: to be remembered, to skip the second step, to try a copied or an old cookie, to be forgotten.
import assert from 'node:assert/strict'

import { totpStep } from '#domain/factors/totp/totp.ts'
import { Visitor } from '../pages/visitor.ts'
import { COOKIE } from '../people/remembered-devices.ts'
import { type Act, someAccount, someToken, stageAfterProofs, whyNoAccess } from './act.ts'
import { askedOf, isRefused, isRemembered } from './demands.ts'
import { type Account, type Actor, type CookieCopy, hasFactor } from './facts.ts'
import type { World } from './world.ts'

const SECOND_STEP = '/sign-in/second-step'

async function signsInOnPages(world: World, actor: Actor): Promise<void> {
  const { random } = world
  const held = random.chance(0.8)
    ? random.pick(random.chance(0.7) ? actor.cookies.slice(-1) : actor.cookies)
    : undefined
  const account = held !== undefined && random.chance(0.9) ? held.device.account : someAccount(world, actor)
  await signsInWith(world, actor, account, held)
}

/** A sign-in with the cookie, or without one. */
async function signsInWith(world: World, actor: Actor, account: Account, held: CookieCopy | undefined): Promise<void> {
  const password = actor.passwords.get(account) ?? 'another calm guess'
  const isRight = password === account.password
  // Who has no second factor comes to other pages.
  if (!hasFactor(account) || (!isRight && !world.mayFail(account, ['password']))) return
  const visitor = new Visitor(world.server, { ipAddress: world.newIpAddress() })
  if (held !== undefined) visitor.cookies.set(COOKIE, held.cookie)
  const answer = await visitor.submit('/sign-in', { username: account.name, password })
  world.guessed(account, ['password'], isRight)
  assert.equal(answer.statusCode === 303, isRight, `the password of ${account.name}: ${answer.statusCode}`)
  if (!isRight) return world.notes('password on a page', actor, false)
  const skips = held !== undefined && skipsSecondStep(world, account, held)
  assert.equal(visitor.cookies.has('session'), skips, `${account.name} ${skips ? 'is not' : 'is'} let in by a cookie`)
  if (held !== undefined) world.notes('skipped second step', actor, skips)
  else world.notes('password on a page', actor, true)
  if (!skips) {
    await isRemembering(world, actor, account, visitor)
    // After a copied cookie that was used before, the browser itself comes again.
    if (held !== undefined && held.device.cookie !== held.cookie) await comesAgain(world, held)
    return
  }
  const proofs = { first: 'password', second: 'remembered device' } as const
  const methods = ['password', 'remembered-device'] as const
  world.openSession(actor, account, visitor.cookies.get('session'), { proofs, methods })
  held.device.cookie = visitor.cookies.get(COOKIE) ?? ''
  assert.notEqual(held.device.cookie, held.cookie, 'the cookie was not replaced')
  keepCookie(actor, held.device)
  // Then somebody with a copy of the cookie from before the use, or the browser itself once more.
  const { device } = held
  if (world.random.chance(0.7))
    await signsInWith(world, actor, account, world.random.pick([held, { device, cookie: device.cookie }]))
}

async function comesAgain(world: World, { device }: CookieCopy): Promise<void> {
  const current = { device, cookie: device.cookie }
  const holder = world.actors.find(({ cookies }) => cookies.some(({ cookie }) => cookie === current.cookie))
  if (holder !== undefined && world.random.chance(0.8)) await signsInWith(world, holder, device.account, current)
}

/** Whether the cookie stands in for the second step; one that was used before ends its device. */
function skipsSecondStep(world: World, account: Account, { device, cookie }: CookieCopy): boolean {
  const isTried = device.account === account && !account.isReviewDue && !account.isDisabled
  if (!isTried || !isRemembered(world, device)) return false
  if (device.cookie === cookie) return true
  device.isForgotten = true
  world.notice(account, 'device-replayed')
  return false
}

/** The second step with the wish to be remembered. */
async function isRemembering(world: World, actor: Actor, account: Account, visitor: Visitor): Promise<void> {
  const app = world.random.pick(account.apps.filter((one) => actor.apps.has(one)))
  const methods = ['password', 'totp'] as const
  if (app === undefined || account.isDisabled || isRefused(world, account, methods)) return
  if (stageAfterProofs(world, account, methods) !== 'complete') return
  const former = visitor.cookies.get(COOKIE)
  const answer = await visitor.submit(SECOND_STEP, { code: world.freshCode(app), remember: 'yes' })
  const token = visitor.cookies.get('session')
  assert.ok(answer.statusCode === 303 && token !== undefined, `second step on a page: ${answer.statusCode}`)
  app.lastStep = totpStep(world.now)
  world.guessed(account, ['totp'], true)
  world.openSession(actor, account, token, { proofs: { first: 'password', second: 'app' }, methods })
  const cookie = visitor.cookies.get(COOKIE)
  const { remembers } = askedOf(world, account)
  assert.equal(
    cookie !== undefined && cookie !== former,
    remembers,
    `a browser of ${account.name} is remembered or not`,
  )
  world.notes('remembered device', actor, remembers)
  if (!remembers || cookie === undefined) return
  const device = { account, epoch: account.epoch, createdAt: world.now, isForgotten: false, cookie }
  account.devices.push(device)
  keepCookie(actor, device)
  if (world.random.chance(0.6)) await signsInWith(world, actor, account, { device, cookie })
}

function keepCookie(actor: Actor, device: CookieCopy['device']): void {
  actor.cookies.push({ device, cookie: device.cookie })
  if (actor.cookies.length > 8) actor.cookies.shift()
}

async function forgetsDevices(world: World, actor: Actor): Promise<void> {
  const copy = someToken(world, actor)
  if (copy === undefined) return
  const refused = whyNoAccess(world, copy, {})
  const question = { method: 'DELETE', url: '/users/me/remembered-devices', token: copy.token } as const
  await world.asks('forgotten devices', actor, refused ?? 'done', question)
  if (refused === undefined) for (const device of copy.session.account.devices) device.isForgotten = true
}

export const DEVICE_ACTS: readonly Act[] = [
  { weight: 12, run: signsInOnPages },
  { weight: 1, run: forgetsDevices },
]
