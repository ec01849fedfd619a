import fc from 'fast-check'
import assert from 'node:assert/strict'

import type { UserStatus } from '#domain/users/user.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { checkUp } from '../health/health.service.ts'
import { listUsers, tallyUsers } from '../users/user-list.service.ts'
import type { StrongestFactor } from '../users/user-list.ts'
import { readOverview } from './overview.service.ts'
import { secondSteps } from './second-steps.ts'

const AT = 1_780_000_000_000

/** The columns of a user of each kind. */
const KINDS = {
  passkey: { second_factor_at: AT, passkey_at: AT },
  app: { second_factor_at: AT },
  invited: { invited_at: AT },
  none: {},
  disabled: { disabled: 1, second_factor_at: AT },
  // The passkey is lost, and the invitation was sent before.
  lost: { passkey_at: AT, invited_at: null },
} as const
type Kind = keyof typeof KINDS

const mixes = fc.array(fc.constantFrom(...(Object.keys(KINDS) as Kind[])), { maxLength: 12 })

onBothEngines(
  'overview, check-up and list agree on who has a second step, whatever the mix of users',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    const listed = async (status: UserStatus, secondFactor?: StrongestFactor): Promise<number> => {
      const order = { by: 'username', descending: false } as const
      return (await listUsers(ctx, { order, limit: 50, after: null, status, secondFactor })).items.length
    }
    const agrees = async (mix: readonly Kind[]): Promise<void> => {
      await db.deleteFrom('users').execute()
      for (const [at, kind] of mix.entries())
        await db
          .insertInto('users')
          .values({ username: `${kind}${at}`, disabled: 0, ...KINDS[kind] })
          .execute()
      const { users } = await readOverview(ctx)
      const { parts, joined, done } = secondSteps(users)
      const counts = Object.fromEntries(parts.map(({ kind, count }) => [kind, count]))
      assert.equal(
        parts.reduce((sum, { count }) => sum + count, 0),
        joined,
      )
      assert.equal(joined + users.invited + users.disabled, users.total)
      assert.equal(users.total, mix.length)
      const wanted = { done: await listed('active'), invited: await listed('invited'), none: await listed('no-factor') }
      assert.deepEqual({ done, invited: users.invited, none: counts['none'] }, wanted)
      const split = [await listed('active', 'passkey'), await listed('active', 'app')]
      assert.deepEqual([counts['passkey'], counts['app']], split)
      assert.equal(joined, wanted.done + wanted.none)
      const tally = await tallyUsers(ctx, undefined)
      assert.deepEqual([tally?.withPasskey, tally?.withApp], split)
      assert.deepEqual([tally?.active, tally?.invited, tally?.noFactor], [done, wanted.invited, wanted.none])
      const found = (await checkUp(ctx)).findings.find(({ code }) => code === 'second-steps')
      assert.deepEqual([found?.facts.count, found?.facts.more], [wanted.none, wanted.invited])
      assert.equal(found?.level, wanted.none === 0 ? 'ok' : 'note')
    }
    await fc.assert(fc.asyncProperty(mixes, agrees), { numRuns: 15 })
  },
)
