// The plan of a policy is exact: for random populations and policies it names the users whom the policy then stops, and no other.
import assert from 'node:assert/strict'

import { whyStopped } from '#domain/policies/evaluation/sufficient-factors.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import { type Requirement, REQUIREMENTS } from '#domain/policies/policy.ts'
import { listStoredPolicies } from '#domain/policies/store/stored-policy.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import { findUserById } from '#domain/users/user.service.ts'
import type { Context } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import {
  FIRST_PAGE,
  pagePlan,
  storedPlan,
  summarizePlan,
} from '#use-cases/administration/policy-rollout/plan.service.ts'
import { newDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { wholeContext } from '../support/people/principals.ts'
import { DEADLINE, inDrawnWorlds, NOW, type Person, SCOPES, type World } from '../support/policies/drawn-worlds.ts'

onEitherDatabase(
  'the plan names exactly the users whom a policy then stops, with the state that each has now',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    await inDrawnWorlds(await wholeContext(t, db), comparePlans, 150)
  },
)

/** Compares each plan with the rules that the sign-in uses. */
async function comparePlans(ctx: Context, drawn: World): Promise<void> {
  const stopped = new Map<number, string>()
  for (const [at, one] of drawn.people.entries()) {
    const state = await stateOf(ctx, at + 1, one)
    if (state !== undefined) stopped.set(at + 1, state)
  }
  for (const policy of await listStoredPolicies(ctx)) {
    const plan = await storedPlan({ ...ctx, now: NOW }, policy.id)
    if (plan.at !== DEADLINE) continue
    const { items } = await pagePlan(ctx, plan, { after: FIRST_PAGE, limit: 100 })
    const isAbout = (id: number): boolean => concerns(policy.id, drawn, id - 1) && asks(drawn, policy.id, id - 1)
    const planned = items.filter(({ reason }) => reason !== 'no-factor-left')
    assert.deepEqual(
      planned.map(({ user, state }) => [user.id, state]),
      [...stopped].filter(
        ([id]) => isAbout(id) && !items.some(({ user, reason }) => user.id === id && reason === 'no-factor-left'),
      ),
    )
    const { counts, concerned, withoutEmail } = await summarizePlan(ctx, plan)
    assert.equal(withoutEmail, items.filter(({ state, user }) => state === 'stopped' && user.email === null).length)
    const listed = items.map(({ reason, state }) => `${reason} ${state}`)
    assert.deepEqual(
      counts.flatMap(({ reason, state, count }) => Array<string>(count).fill(`${reason} ${state}`)).toSorted(),
      listed.toSorted(),
    )
    assert.equal(concerned, await countConcerned(ctx, drawn, policy.id))
  }
}

/** How many users the policy concerns at the deadline who can sign in then, by the rules that the sign-in uses. */
async function countConcerned(ctx: Context, drawn: World, policy: string): Promise<number> {
  let count = 0
  for (const who of drawn.people.keys()) {
    const user = await findUserById(ctx, who + 1)
    if (user === undefined || !concerns(policy, drawn, who)) continue
    if ((await whyShutOut({ ...ctx, now: DEADLINE }, user)) === undefined) count += 1
  }
  return count
}

/** The state of a user whom all policies together stop at the deadline, by the rules that the sign-in uses. */
async function stateOf(ctx: Context, id: number, { holds, hasPassword }: Person): Promise<string | undefined> {
  const user = await findUserById(ctx, id)
  assert.ok(user)
  if ((await whyShutOut({ ...ctx, now: DEADLINE }, user)) !== undefined) return undefined
  const held = {
    apps: holds === 'app' || holds === 'both' ? 1 : 0,
    passkeys: holds === 'passkey' || holds === 'both' ? 1 : 0,
  }
  if (whyStopped(await userPolicy({ ...ctx, now: DEADLINE }, user), held) === undefined) return undefined
  if (holds === 'none' && !hasPassword) return 'joining'
  return whyStopped(await userPolicy(ctx, user), held) === undefined ? 'stopped' : 'already-stopped'
}

function concerns(policy: string, drawn: World, who: number): boolean {
  const { people, exempt } = drawn
  const [kind, ref = ''] = policy.split(':')
  const one = people[who]
  const isExempt = exempt
    .filter((given) => given.who % people.length === who && SCOPES[given.policy] === policy)
    .slice(0, 1)
    .some(({ ends, byHelp }) => NOW + days(ends) > DEADLINE && (!byHelp || letsHelp(drawn, policy)))
  if (one === undefined || (isExempt && !requiresOfExempt(drawn, policy))) return false
  if (kind === 'role') return (one.role === 'unknown' ? 'user' : one.role) === ref
  return kind === 'everyone' || one.groups.some((group) => group === ref)
}

/** Whether exemptions of the help desk count at the deadline. */
function letsHelp({ policies }: World, policy: string): boolean {
  const { past, current, planned } = policies[SCOPES.findIndex((scope) => scope === policy)] ?? {}
  const inForce = planned ?? current ?? past
  return inForce?.isEnd === false && inForce.letsHelp
}

/** Whether the planned version asks users for a second factor who are exempt: no earlier one asked for less, and neither does the default. */
function requiresOfExempt({ policies, isOptional }: World, policy: string): boolean {
  const { past, current, planned } = policies[SCOPES.findIndex((scope) => scope === policy)] ?? {}
  if (!planned || planned.isEnd || planned.secondFactor === null) return false
  const otherwise: Requirement = policy === 'everyone' && !isOptional ? 'required' : 'optional'
  const known = [current, past].filter((one) => one !== null && one !== undefined)
  const end = known.findIndex(({ isEnd }) => isEnd)
  const earlier = (end === -1 ? known : known.slice(0, end)).map(({ secondFactor }) => secondFactor ?? otherwise)
  const asked = REQUIREMENTS.indexOf(planned.secondFactor)
  const least = [...earlier, otherwise].find((one) => REQUIREMENTS.indexOf(one) < asked) ?? planned.secondFactor
  return least !== 'optional'
}

/** Whether the policy has to do with it: it asks for a factor, or does not allow one that the user holds. */
function asks({ people, policies }: World, policy: string, who: number): boolean {
  const planned = policies[SCOPES.findIndex((scope) => scope === policy)]?.planned
  if (!planned || planned.isEnd) return false
  const { secondFactor, factors } = planned
  if (secondFactor === 'required' || secondFactor === 'phishing-resistant') return true
  const { holds = 'none' } = people[who] ?? {}
  const holdsPasskey = holds === 'passkey' || holds === 'both'
  return (
    factors !== null &&
    ((holds === 'app' && !factors.includes('totp')) || (holdsPasskey && !factors.includes('passkey')))
  )
}
