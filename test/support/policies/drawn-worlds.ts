// Small populations with policies, drawn at random, for what is said of all users in SQL: it is compared with the rules for one user.
import fc from 'fast-check'

import { type AllowableFactor, ALLOWABLE_FACTORS, REQUIREMENTS } from '#domain/policies/policy.ts'
import type { Context } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

export const GROUPS = ['red', 'blue'] as const
export const SCOPES = ['everyone', 'role:user', 'role:admin', ...GROUPS.map((group) => `group:${group}`)] as const
export const NOW = days(20_000)
export const DEADLINE = NOW + days(14)

const person = fc.record({
  role: fc.constantFrom('user', 'user', 'user', 'admin', 'officer', 'unknown'),
  holds: fc.constantFrom('none', 'app', 'passkey', 'both'),
  hasPassword: fc.boolean(),
  hasEmail: fc.boolean(),
  isDisabled: fc.constantFrom(false, false, false, true),
  endsAt: fc.constantFrom(null, null, null, NOW + days(7), DEADLINE, DEADLINE + days(7)),
  groups: fc.oneof(fc.constant<(typeof GROUPS)[number][]>([]), fc.subarray([...GROUPS])),
})
export type Person = typeof person extends fc.Arbitrary<infer Value> ? Value : never

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

export const world = fc.record({
  people: fc.array(person, { minLength: 1, maxLength: 12 }),
  policies: fc.tuple(...SCOPES.map(() => fc.option(versions))),
  exempt: fc.array(exemption, { maxLength: 6, size: 'max' }),
  isOptional: fc.boolean(),
  isLocked: fc.boolean(),
})
export type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never

/** Draws worlds; in each of them runs `check` with its users and policies in the database, at `NOW`, and takes them away afterwards. */
export async function inDrawnWorlds(
  whole: Context,
  check: (ctx: Context, drawn: World) => Promise<void>,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(world, (drawn) =>
      whole.db
        .transact(async (trx: Database) => {
          const { policySettings } = whole.config
          const settings = {
            ...policySettings,
            secondFactor: drawn.isOptional ? ('optional' as const) : ('required' as const),
            setExplicitly: drawn.isLocked ? (['secondFactor'] as const) : [],
          }
          const ctx = { ...whole, db: trx, now: NOW, config: { ...whole.config, policySettings: settings } }
          await populate(ctx, drawn)
          await check(ctx, drawn)
          throw new Undone()
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undone)) throw error
        }),
    ),
    { numRuns },
  )
}

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
