// The random walk: chooses acts by a seed, and checks after each that nobody lost their way in by an act that must not take it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { type Duration, hours, minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { ACCOUNT_ACTS, usesToken } from './account-acts.ts'
import type { Act } from './act.ts'
import { ADMIN_ACTS } from './admin-acts.ts'
import { AGENT_ACTS } from './agent-acts.ts'
import { CLIENT_ACTS, compareTokens } from './client-acts.ts'
import { comesHome, operatorLifts } from './coming-home.ts'
import { askedOf, canBeStrong, hasOwnWay, isLive } from './demands.ts'
import { DEVICE_ACTS } from './device-acts.ts'
import type { Account, Actor } from './facts.ts'
import { POLICY_ACTS } from './policy-acts.ts'
import { RandomNumbers } from './random-numbers.ts'
import { RECOVERY_ACTS } from './recovery-acts.ts'
import { ROLE_ACTS } from './role-acts.ts'
import { SIGN_IN_ACTS } from './sign-in-acts.ts'
import { THEFT_ACTS } from './theft-acts.ts'
import { World } from './world.ts'

const TIME_PASSES: Act = {
  weight: 5,
  run: async ({ server, random, words }) => {
    const duration = random.weighed(DURATIONS).of * random.next()
    server.clock.pass(Math.round(duration))
    words.push(`${Math.round(duration / minutes(1))} minutes pass`)
    return Promise.resolve()
  },
}
const DURATIONS = [
  { weight: 10, of: minutes(4) },
  { weight: 4, of: minutes(20) },
  { weight: 2, of: hours(2) },
  { weight: 3, of: hours(40) },
]

/** Where no admin is left who could lift a review, the operator does. */
const OPERATOR_LIFTS: Act = {
  weight: 3,
  run: async (world) => {
    const { accounts, random, words } = world
    const account = random.pick(accounts.filter(({ isReviewDue }) => isReviewDue))
    const isHelpless = accounts.every(
      ({ role, isReviewDue, isDisabled }) => role !== 'admin' || isReviewDue || isDisabled,
    )
    if (account === undefined || !isHelpless) return
    await operatorLifts(world, account)
    words.push(`the operator lifts the review of ${account.name}`)
  },
}

const ACTS = [
  ...SIGN_IN_ACTS,
  ...RECOVERY_ACTS,
  ...ACCOUNT_ACTS,
  ...ADMIN_ACTS,
  ...POLICY_ACTS,
  ...ROLE_ACTS,
  ...DEVICE_ACTS,
  ...THEFT_ACTS,
  ...CLIENT_ACTS,
  ...AGENT_ACTS,
  TIME_PASSES,
  OPERATOR_LIFTS,
]

const STEPS_OF_WORLD = 400
/** For walks that go on until they have seen enough. */
const MOST_WORLDS = 150

export interface Walk {
  readonly seed: number
  /** The number of the first world; the others follow. */
  readonly world?: number
  /** The numbers of worlds that are walked before it. */
  readonly before?: readonly number[]
  readonly steps: number
  /** After these steps, further worlds are walked until so many milliseconds have passed since the start; 0 by default. */
  readonly goOnFor?: Duration
  /** After these steps, further worlds are walked until it is true, of how often each act was accepted and refused; not for ever. */
  readonly isComplete?: (tally: ReadonlyMap<string, number>) => boolean
  readonly dialect: Dialect
}

/** Walks so many steps at least; returns how often each act was accepted and refused. Fails with seed, world, step and the last acts. */
export async function walk(
  t: TestContext,
  { seed, world: first = 0, before = [], steps, goOnFor = 0, isComplete = () => true, dialect }: Walk,
): Promise<Map<string, number>> {
  const tally = new Map<string, number>()
  t.diagnostic(`WALK_SEED=${seed} repeats this walk`)
  const began = performance.now()
  const goesOn = (turn: number): boolean =>
    turn * STEPS_OF_WORLD < steps || performance.now() - began < goOnFor || (turn < MOST_WORLDS && !isComplete(tally))
  for (let turn = 0; goesOn(turn); turn++) {
    const number = before[turn] ?? first + turn - before.length
    // Each world has a seed of its own, so that one world can be walked alone.
    const world = await World.open(t, dialect, new RandomNumbers(seed * 1_000_003 + number), tally)
    const left = steps - turn * STEPS_OF_WORLD
    const end = left > 0 ? Math.min(STEPS_OF_WORLD, left) : STEPS_OF_WORLD
    let step = 0
    try {
      for (; step < end; step++) await takesStep(world)
      await comesHome(world)
    } catch (error) {
      const acts = world.words.map((words) => `  ${words}`).join('\n')
      throw new Error(`seed ${seed}, world ${number}, step ${step}; the last acts:\n${acts}`, { cause: error })
    } finally {
      await world.server.close()
    }
  }
  return tally
}

async function takesStep(world: World): Promise<void> {
  const { random } = world
  const hadWay = new Set(world.accounts.filter((account) => hasOwnWay(world, world.ownerOf(account), account)))
  world.done.length = 0
  // As often as there is nothing to do for the act, another one is chosen.
  for (let tries = 0; world.done.length === 0 && tries < 5; tries++) {
    const actor = random.pick(world.actors)!
    const before = world.words.at(-1)
    await random.weighed(ACTS).run(world, actor)
    if (world.words.at(-1) !== before) break
  }
  await world.readMails()
  if (random.chance(0.1)) await world.compareSessions()
  if (random.chance(0.2)) await compareTokens(world)
  for (const account of hadWay) requireReason(world, account)
  for (const account of world.accounts) requireWayOn(world, account)
  assert.ok(
    world.accounts.some(({ role, isDisabled }) => role === 'admin' && !isDisabled),
    'every admin is disabled',
  )
  const copies = world.actors.flatMap((actor) => actor.copies.map((copy) => ({ actor, copy })))
  const one = random.chance(0.3) ? random.pick(copies) : undefined
  if (one !== undefined) await usesToken(world, one.actor, one.copy)
}

/** No session is left from which an allowed factor cannot be added, for want of a proof that is strong enough. */
function requireWayOn(world: World, account: Account): void {
  const isOpen = account.sessions.some((session) => isLive(world, { session, token: session.token }))
  assert.ok(!isOpen || canBeStrong(askedOf(world, account), account), `a session of ${account.name} leads nowhere`)
}

/** The acts that may take away somebody's own way in: decisions of admins, and what ends a change of an email. */
const DECISIONS = new Set(['disable', 'reset-second-factor', 'approve', 'carry-out', 'the job', 'undo of an email'])

/** Somebody lost the own way in: by a decision, by an act of their own, or by somebody who was in the account. */
function requireReason(world: World, account: Account): void {
  const owner = world.ownerOf(account)
  if (hasOwnWay(world, owner, account)) return
  const isExplained = world.done.some(
    ({ act, actor }) => DECISIONS.has(act) || TAKEN_BY.has(act) || actor === owner.name,
  )
  assert.ok(isExplained || isOverruled(world, owner, account), `${account.name} lost the way in`)
}

/** Somebody else added a factor before, and now it is the only one that the policies allow. */
function isOverruled(world: World, owner: Actor, account: Account): boolean {
  const { kinds } = askedOf(world, account)
  const { apps, passkeys } = account
  const others = [
    ...(kinds.includes('totp') ? apps.filter((app) => !owner.apps.has(app)) : []),
    ...(kinds.includes('passkey') ? passkeys.filter((passkey) => !owner.passkeys.has(passkey)) : []),
  ]
  return others.length > 0
}

/**
 * What somebody in the account, or in its mailbox with its second factor, may do to the owner. After a reset of the second step the password
 * is enough for an enrolment, so that who has stolen it may be first.
 */
const TAKEN_BY = new Set([
  'enrolment',
  'enrolment of a passkey',
  'another app',
  'another passkey',
  'removed app',
  'change of the password',
  'replaced app',
  'new recovery codes',
  'confirmation of an email',
  'undo of an email, not me',
  'reset by link',
  'review',
  'second step, recovery code',
  'step-up',
])
