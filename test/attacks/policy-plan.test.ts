// The plan of a policy is exact: for random populations and policies it names the users whom the policy then stops, and no other.
import fc from 'fast-check'
import assert from 'node:assert/strict'

import { whyStopped } from '#domain/policies/enough.ts'
import { ALLOWABLE_FACTORS, type AllowableFactor, type Requirement, REQUIREMENTS } from '#domain/policies/policy.ts'
import { listStoredPolicies, userPolicy } from '#domain/policies/stored-policy.service.ts'
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

const GROUPS = ['red', 'blue'] as const
const SCOPES = ['everyone', 'role:user', 'role:admin', ...GROUPS.map((group) => `group:${group}`)] as const
const NOW = days(20_000)
const DEADLINE = NOW + days(14)

const person = fc.record({
  role: fc.constantFrom('user', 'user', 'user', 'admin', 'officer', 'unknown'),
  holds: fc.constantFrom('none', 'app', 'passkey', 'both'),
  hasPassword: fc.boolean(),
  hasEmail: fc.boolean(),
  isDisabled: fc.constantFrom(false, false, false, true),
  endsAt: fc.constantFrom(null, null, null, NOW + days(7), DEADLINE, DEADLINE + days(7)),
  groups: fc.oneof(fc.constant<(typeof GROUPS)[number][]>([]), fc.subarray([...GROUPS])),
})
type Person = typeof person extends fc.Arbitrary<infer Value> ? Value : never

const terms = fc.record({
  secondFactor: fc.constantFrom(null, ...REQUIREMENTS),
  factors: fc.constantFrom<readonly AllowableFactor[] | null>(null, null, ['totp'], ['passkey'], ALLOWABLE_FACTORS),
  isEnd: fc.constantFrom(false, false, false, true),
  letsHelp: fc.boolean(),
})
const versions = fc.record({ past: fc.option(terms), current: fc.option(terms), planned: fc.option(terms) })

/** Half of them are from the policy for everyone, and most last beyond the deadline. */
const exemption = fc.record({
  who: fc.nat(11),
  policy: fc.oneof(fc.constant(0), fc.nat(SCOPES.length - 1)),
  ends: fc.constantFrom(7, 14, 21, 21, 21),
  byHelp: fc.boolean(),
})

const world = fc.record({
  people: fc.array(person, { minLength: 1, maxLength: 12 }),
  policies: fc.tuple(...SCOPES.map(() => fc.option(versions))),
  exempt: fc.array(exemption, { maxLength: 6, size: 'max' }),
  isOptional: fc.boolean(),
  isLocked: fc.boolean(),
})
type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never

onEitherDatabase(
  'the plan names exactly the users whom a policy then stops, with the state that each has now',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const whole = await wholeContext(t, db)
    await fc.assert(
      fc.asyncProperty(world, (drawn) =>
        db
          .transact(async (trx) => {
            const { policySettings } = whole.config
            const settings = {
              ...policySettings,
              secondFactor: drawn.isOptional ? ('optional' as const) : ('required' as const),
              setExplicitly: drawn.isLocked ? (['secondFactor'] as const) : [],
            }
            const ctx = { ...whole, db: trx, now: NOW, config: { ...whole.config, policySettings: settings } }
            await populate(ctx, drawn)
            await comparePlans(ctx, drawn)
            throw new Undone()
          })
          .catch((error: unknown) => {
            if (!(error instanceof Undone)) throw error
          }),
      ),
      { numRuns: 150 },
    )
  },
)

/** Rolls a population back. */
class Undone extends Error {}

async function populate(ctx: Context, { people, policies, exempt }: World): Promise<void> {
  for (const group of GROUPS) {
    const row = { id: group, name: group, name_key: group, description: '', revision: 1, created_at: 0 }
    await ctx.db.insertInto('user_group').values(row).execute()
  }
  const officer = {
    name: 'officer',
    description: '',
    permissions: 'users:read',
    revision: 1,
    created_at: 0,
    is_configured: 0,
  }
  await ctx.db.insertInto('role').values(officer).execute()
  for (const [at, one] of people.entries()) await addPerson(ctx, at, one)
  for (const [at, scope] of SCOPES.entries()) {
    const [kind, ref = null] = scope.split(':') as ['everyone' | 'role' | 'group', string?]
    const named = { id: scope, name: scope, scope: kind, scope_ref: ref, scope_key: scope, revision: 1, created_at: 0 }
    const drawn = policies[at]
    if (drawn === null || drawn === undefined) continue
    await ctx.db.insertInto('policy').values(named).execute()
    await addVersion(ctx, scope, 1, NOW - days(2), drawn.past)
    await addVersion(ctx, scope, 2, NOW - days(1), drawn.current)
    await addVersion(ctx, scope, 3, DEADLINE, drawn.planned)
  }
  for (const { who, policy, ends, byHelp } of exempt) {
    if (policies[policy] === null) continue
    const row = {
      policy_id: SCOPES[policy] ?? '',
      subject: `s${who % people.length}`,
      reason: 'x',
      created_at: 0,
      created_by: null,
      by_help: byHelp ? 1 : null,
    }
    await ctx.db
      .insertInto('policy_exemption')
      .values({ ...row, ends_at: NOW + days(ends) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

async function addPerson({ db }: Context, at: number, one: Person): Promise<void> {
  const subject = `s${at}`
  const holdsApp = one.holds === 'app' || one.holds === 'both'
  await db
    .insertInto('users')
    .values({
      id: at + 1,
      subject,
      username: subject,
      username_key: subject,
      ...(one.hasEmail && { email: `${subject}@example.org`, email_key: `${subject}@example.org` }),
      disabled: one.isDisabled ? 1 : 0,
      role: one.role,
      hashed_password: one.hasPassword ? 'hash' : null,
      second_factor_at: one.holds === 'none' ? null : 1,
      passkey_at: one.holds === 'passkey' || one.holds === 'both' ? 1 : null,
      expires_at: one.endsAt,
    })
    .execute()
  const app = { id: subject, subject, name: 'App', created_at: 1, confirmed_at: 1, sealed_secret: 'sealed' }
  const generated = { algorithm: 'SHA1', digits: 6, period: 30 } as const
  if (holdsApp)
    await db
      .insertInto('totp_factor')
      .values({ ...app, ...generated })
      .execute()
  for (const group of one.groups)
    await db.insertInto('group_member').values({ group_id: group, subject, added_at: 0 }).execute()
}

type Terms = NonNullable<NonNullable<World['policies'][number]>['current']>

async function addVersion({ db }: Context, policy: string, version: number, from: number, drawn: Terms | null) {
  if (drawn === null) return
  const said = drawn.isEnd ? null : drawn
  const durations = { session_idle: null, session_absolute: null, reauthentication: null, remember_for: null }
  await db
    .insertInto('policy_version')
    .values({
      ...durations,
      id: `${policy} ${version}`,
      policy_id: policy,
      version,
      second_factor: said?.secondFactor ?? null,
      factors: said?.factors?.join(' ') ?? null,
      helpers_may_exempt: said?.letsHelp === true ? 1 : null,
      is_end: drawn.isEnd ? 1 : 0,
      in_force_from: from,
      created_at: 0,
      created_by: null,
      cancelled_at: null,
      reminder: null,
    })
    .execute()
}

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
  if (one === undefined || (isExempt && !asksExempt(drawn, policy))) return false
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
function asksExempt({ policies, isOptional }: World, policy: string): boolean {
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
