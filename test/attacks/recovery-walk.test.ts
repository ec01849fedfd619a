// Random sequences of sign-in, recovery, enrolment, step-up, approval, objection, policies, roles, remembered devices and apps, by owners and a
// thief, compared with a model: no session without the proofs that policies ask for, nothing for an app whose user or session has lost it, and
// nobody loses the way in but by an act that may take it.
import assert from 'node:assert/strict'

import { seconds } from '#foundation/kernel/time.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { walk } from '../support/walk/walk.ts'

/** The same in each run, so that a failure is repeated; WALK_SEED=… walks elsewhere, from the world WALK_WORLD=… on, WALK_STEPS=… far. */
const { WALK_SEED = 1, WALK_WORLD, WALK_STEPS, WALK_SECONDS = 30 } = process.env
const [seed, world] = [Number(WALK_SEED), Number(WALK_WORLD ?? 0)]
/**
 * The worlds of seed 1 in which the rare acts happen, of its first 230. Together they have seen each act accepted and refused; where a
 * change of the product or of the walk ends that, further worlds are walked until it is true again.
 */
const WORLDS_OF_RARE_ACTS = [191, 200, 52, 49, 126, 118, 106, 9, 140, 226]
/** The number of acts; each has both results, or is named below. */
const ACTS = 93

const CLAIM = 'random acts get only the answers of the model, sessions only by proofs, and nobody is locked out'

/** Acts that are always accepted: every name gets the mail’s answer, and these requests are made only where they are due. */
const NEVER_REFUSED = [
  'forgotten password',
  'another app',
  'replaced app',
  'another passkey',
  'challenge, passkey alone',
  'request: ',
]
/** Acts that are wrong by their nature. */
const NEVER_ACCEPTED = ['used app code', 'wrong app code', 'exchange of a used code', 'token of a client at the API']

test(`${CLAIM} (sqlite)`, async (t) => {
  await walk(t, { seed, world, steps: 200, dialect: 'sqlite' })
})

leaveToTestAll()

test(`${CLAIM}, in 2,000 steps (sqlite)`, async (t) => {
  await walk(t, { seed, world, steps: Number(WALK_STEPS ?? 2_000), dialect: 'sqlite' })
})

type Tally = ReadonlyMap<string, number>

function actsIn(tally: Tally): string[] {
  return [...new Set([...tally.keys()].map((key) => key.replace(/: (?:accepted|refused)$/, '')))]
}

/** What the acts have not seen of both results. */
function missingIn(tally: Tally): string[] {
  const isOneOf = (act: string, parts: readonly string[]): boolean => parts.some((part) => act.includes(part))
  return actsIn(tally).flatMap((act) => [
    ...(tally.has(`${act}: accepted`) || isOneOf(act, NEVER_ACCEPTED) ? [] : [`${act} was never accepted`]),
    ...(tally.has(`${act}: refused`) || isOneOf(act, NEVER_REFUSED) ? [] : [`${act} was never refused`]),
  ])
}

exhaustive(`${CLAIM}, until each act was accepted and refused (sqlite)`, async (t) => {
  const tally = await walk(t, {
    seed,
    world,
    before: WALK_WORLD === undefined ? WORLDS_OF_RARE_ACTS : [],
    steps: Number(WALK_STEPS ?? 400),
    isComplete: (seen) => WALK_STEPS !== undefined || (actsIn(seen).length >= ACTS && missingIn(seen).length === 0),
    dialect: 'sqlite',
  })
  if (WALK_STEPS !== undefined) return
  assert.ok(actsIn(tally).length >= ACTS, `${actsIn(tally).length} acts`)
  assert.deepEqual(missingIn(tally), [])
})

exhaustive(`${CLAIM}, on another way in each run (sqlite)`, async (t) => {
  const goOnFor = seconds(Number(WALK_SECONDS))
  await walk(t, { seed: Date.now() % 1_000_000, steps: 400, goOnFor, dialect: 'sqlite' })
})

exhaustive(`${CLAIM}, in 1,200 steps (postgres)`, async (t) => {
  await walk(t, { seed, world, steps: Number(WALK_STEPS ?? 1_200), dialect: 'postgres' })
})
