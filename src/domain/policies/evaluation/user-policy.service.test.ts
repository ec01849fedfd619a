import assert from 'node:assert/strict'

import { insertUser } from '#domain/users/user.service.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { storeExemption, storeGroup, storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import { findStoredPolicy, listStoredPolicies } from '../store/stored-policy.service.ts'
import { policyForEveryone, userPolicy } from './user-policy.service.ts'

onBothEngines(
  'the policies for everyone, of the own role and of the own groups apply to a user, and no others',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    const ada = await insertUser(ctx, { username: 'ada', role: 'user' })
    const eve = await insertUser(ctx, { username: 'eve', role: 'user' })
    await storeGroup(db, 'finance', [ada.subject])
    await storeGroup(db, 'sales', [eve.subject])
    assert.equal((await userPolicy(ctx, ada)).secondFactor, 'required')
    await storePolicyVersion(db, { id: 'all', secondFactor: 'optional', sessionIdle: hours(8) })
    await storePolicyVersion(db, { id: 'users', scope: 'role', scopeRef: 'user', reauthentication: minutes(5) })
    await storePolicyVersion(db, { id: 'admins', scope: 'role', scopeRef: 'admin', sessionIdle: minutes(1) })
    await storePolicyVersion(db, {
      id: 'finance',
      scope: 'group',
      scopeRef: 'finance',
      secondFactor: 'phishing-resistant',
    })
    const shown = async (user: typeof ada) => {
      const { secondFactor, factors, sessionIdle, reauthentication } = await userPolicy(ctx, user)
      return [secondFactor, factors.join(' '), sessionIdle, reauthentication]
    }
    assert.deepEqual(await shown(ada), ['phishing-resistant', 'passkey', hours(8), minutes(5)])
    assert.deepEqual(await shown(eve), ['optional', 'totp passkey', hours(8), minutes(5)])
    assert.equal((await policyForEveryone(ctx)).secondFactor, 'optional')
  },
)

onBothEngines(
  'versions that are planned or cancelled, and exemptions that have ended, change nothing',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    const { now } = ctx
    const ada = await insertUser(ctx, { username: 'ada', role: 'user' })
    const strict = { id: 'users', scope: 'role', scopeRef: 'user', secondFactor: 'phishing-resistant' } as const
    const requirement = async (at: number) => (await userPolicy({ ...ctx, now: at }, ada)).secondFactor
    await storePolicyVersion(db, { ...strict, secondFactor: 'required' })
    await storePolicyVersion(db, { ...strict, version: 2, from: now + 10 })
    await storePolicyVersion(db, { ...strict, version: 3, isEnd: true, from: now + 5, cancelledAt: now })
    assert.deepEqual([await requirement(now + 9), await requirement(now + 10)], ['required', 'phishing-resistant'])
    await storeExemption(db, { policyId: 'users', subject: ada.subject, endsAt: now + 20 })
    assert.deepEqual([await requirement(now + 19), await requirement(now + 20)], ['required', 'phishing-resistant'])
  },
)

onBothEngines('a stored policy is listed with all its versions', async (t, db) => {
  const ctx = await wholeContext(t, db)
  await storePolicyVersion(db, { id: 'users', scope: 'role', scopeRef: 'user', factors: ['passkey'] })
  await storePolicyVersion(db, { id: 'users', version: 2, isEnd: true, from: 5, cancelledAt: 4 })
  await storePolicyVersion(db, { id: 'all', rememberFor: 0 })
  const listed = await listStoredPolicies(ctx)
  assert.deepEqual(
    listed.map(({ id, scope, scopeRef, versions }) => [id, scope, scopeRef, versions.length]),
    [
      ['all', 'everyone', null, 1],
      ['users', 'role', 'user', 2],
    ],
  )
  const [first, second] = (await findStoredPolicy(ctx, 'users'))?.versions ?? []
  assert.deepEqual([first?.terms.factors, first?.isEnd, first?.cancelledAt], [['passkey'], false, null])
  assert.deepEqual([second?.version, second?.isEnd, second?.inForceFrom, second?.cancelledAt], [2, true, 5, 4])
  assert.equal(await findStoredPolicy(ctx, 'none'), undefined)
})
