// What is said before an app is restricted is exact: for random populations, policies and changes it counts and names the users who then cannot
// use the app although they can now, and no other.
import fc from 'fast-check'
import assert from 'node:assert/strict'

import { type AppAccess, mayUse, restrictionOf } from '#domain/clients/app-access.ts'
import { REQUIRED_LEVELS } from '#domain/clients/client.ts'
import { isAllowed, whyStopped } from '#domain/policies/evaluation/sufficient-factors.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import { findUserById } from '#domain/users/user.service.ts'
import type { Context } from '#foundation/context.ts'
import { checkAccess, firstRefused } from '#use-cases/administration/clients/access-check.service.ts'
import { newDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { wholeContext } from '../support/people/principals.ts'
import { GROUPS, inDrawnWorlds, type Person, type World } from '../support/policies/drawn-worlds.ts'

const access: fc.Arbitrary<AppAccess> = fc.record({
  allowedRoles: fc.oneof(fc.constant<string[]>([]), fc.subarray(['user', 'admin', 'officer'])),
  allowedGroups: fc.oneof(fc.constant<string[]>([]), fc.subarray<string>([...GROUPS])),
  leastAssurance: fc.constantFrom(null, ...REQUIRED_LEVELS),
})
const changes = fc.sample(fc.record({ before: fc.option(access, { nil: undefined }), after: access }), {
  seed: 1,
  numRuns: 200,
})

onEitherDatabase(
  'the check of an app names exactly those who could not use it any more, and why',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const found = { refused: 0, newly: 0 }
    await inDrawnWorlds(
      await wholeContext(t, db),
      async (ctx, drawn) => {
        for (let turn = 0; turn < 3; turn++) {
          const change = changes[(JSON.stringify(drawn).length + turn) % changes.length] ?? assert.fail()
          const { refused, newly } = await compareCheck(ctx, drawn, change)
          found.refused += refused
          found.newly += newly
        }
      },
      60,
    )
    assert.ok(found.newly > 40 && found.refused > found.newly, JSON.stringify(found))
  },
)

interface Change {
  readonly before: AppAccess | undefined
  readonly after: AppAccess
}

async function compareCheck(ctx: Context, { people }: World, change: Change) {
  const [reasons, newly, named] = [
    new Map<string, number>(),
    new Map<string, number>(),
    [] as (readonly [number, string])[],
  ]
  let users = 0
  for (const [at, one] of people.entries()) {
    const id = at + 1
    if (!(await canSignIn(ctx, id, one))) continue
    users += 1
    const reason = await whyRefused(ctx, id, one, change.after)
    if (reason === undefined) continue
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    if (change.before !== undefined && (await whyRefused(ctx, id, one, change.before)) !== undefined) continue
    newly.set(reason, (newly.get(reason) ?? 0) + 1)
    named.push([id, reason])
  }
  const checked = await checkAccess(ctx, change)
  const counts = Object.fromEntries(checked.counts.map(({ reason, users: all, newly: some }) => [reason, [all, some]]))
  const expected = Object.fromEntries([...reasons].map(([reason, all]) => [reason, [all, newly.get(reason) ?? 0]]))
  assert.deepEqual([checked.users, counts], [users, expected], JSON.stringify(change))
  const first = await firstRefused(ctx, checked)
  assert.deepEqual(
    first?.map(({ user, reason }) => [user.id, reason]),
    named.slice(0, 10),
  )
  return { refused: [...reasons.values()].reduce((sum, count) => sum + count, 0), newly: named.length }
}

function heldBy({ holds }: Person) {
  const [app, passkey] = [holds === 'app' || holds === 'both', holds === 'passkey' || holds === 'both']
  return { apps: app ? 1 : 0, passkeys: passkey ? 1 : 0 }
}

/** Whether the user can sign in without setting anything up first, by the rules that the sign-in uses. */
async function canSignIn(ctx: Context, id: number, one: Person): Promise<boolean> {
  const user = await findUserById(ctx, id)
  assert.ok(user)
  if ((await whyShutOut(ctx, user)) !== undefined) return false
  if (one.holds === 'none' && !one.hasPassword) return false
  return whyStopped(await userPolicy(ctx, user), heldBy(one)) === undefined
}

/** Why the user could not use the app, by the rules of an authorization. */
async function whyRefused(ctx: Context, id: number, one: Person, app: AppAccess): Promise<string | undefined> {
  const user = await findUserById(ctx, id)
  assert.ok(user)
  if (!mayUse(app, { role: user.role, groupIds: one.groups })) return restrictionOf(app)
  const policy = await userPolicy(ctx, user)
  const { apps, passkeys } = heldBy(one)
  const hasPasskey = passkeys > 0 && isAllowed(policy, 'passkey')
  if (app.leastAssurance === null || hasPasskey) return undefined
  if (app.leastAssurance === 'phishing-resistant')
    return isAllowed(policy, 'passkey') ? 'no_passkey' : 'passkey_not_allowed'
  return apps > 0 && isAllowed(policy, 'totp') ? undefined : 'no_second_factor'
}
