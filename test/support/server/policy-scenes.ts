// Policies in the middle of their roll-out: one that is planned for a group, with exemptions and progress, and one that stops a user.
import { days } from '#foundation/kernel/time.ts'
import type { Person } from '../people/people.ts'
import { rowOf } from '../people/second-factors.ts'
import { storeGroup, storePolicyVersion } from '../policies/stored-policies.ts'

const PROGRESS_SHOWN = 20

/** The planned policy, and the path of its page. */
export const PLANNED_POLICY = '/admin/policies/finance'

/**
 * Stores a policy that asks the members of Finance for a passkey in two weeks, and one that asks `stopped` for one since three days.
 * @param members the first of them is exempt
 */
export async function storePolicyScenes(
  { server }: Person,
  members: readonly Person[],
  stopped: Person,
): Promise<void> {
  const { db } = server.doorward
  const now = server.clock.now()
  const subjects = await Promise.all(members.map(async (person) => (await rowOf(person)).subject))
  await storeGroup(db, 'Finance', subjects)
  await storeGroup(db, 'Sales', [(await rowOf(stopped)).subject])
  const passkeys = { scope: 'group', secondFactor: 'phishing-resistant' } as const
  await storePolicyVersion(db, {
    ...passkeys,
    id: 'finance',
    name: 'Passkeys in Finance',
    scopeRef: 'Finance',
    from: now + days(14),
    createdAt: now - days(2),
    reminder: 1,
  })
  await storePolicyVersion(db, {
    ...passkeys,
    id: 'sales',
    name: 'Passkeys in Sales',
    scopeRef: 'Sales',
    helpersMayExempt: true,
    from: now - days(3),
  })
  const given = { reason: 'Waits for a new phone', ends_at: now + days(60), created_at: now, created_by: null }
  for (const subject of subjects.slice(0, 1))
    await db
      .insertInto('policy_exemption')
      .values({ policy_id: 'finance', subject, ...given })
      .execute()
  const today = Math.floor(now / days(1))
  for (let ago = 1; ago <= PROGRESS_SHOWN; ago++)
    await db
      .insertInto('policy_progress')
      .values({ policy_id: 'finance', day: today - ago, concerned: ago > 8 ? 3 : 2, missing: ago > 12 ? 3 : 2 })
      .execute()
}
