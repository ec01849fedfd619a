import assert from 'node:assert/strict'

import { loadConfig } from '#foundation/platform/config/config.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import { passwordPolicy } from './password-policy.service.ts'

const LENGTHS: readonly [minimumSetting: string, secondFactor: string, minimum: number][] = [
  ['8', 'required', 8],
  ['8', 'optional', 15],
  ['12', 'required', 12],
  ['12', 'optional', 15],
  ['20', 'required', 20],
  ['20', 'optional', 20],
]

onBothEngines('a password that may stand alone is longer than one beside a second factor', async (_t, db) => {
  for (const [minimumSetting, secondFactor, minimum] of LENGTHS) {
    const flags = { second_factor: secondFactor, password_minimum: minimumSetting }
    const { config } = loadConfig({ flags, env: {}, readFile: () => undefined })
    assert.deepEqual(await passwordPolicy({ db, now: 0, config }), { minimum, maximum: 256 }, JSON.stringify(flags))
  }
})

onBothEngines('a policy for everyone that asks for no second factor makes passwords longer', async (t, db) => {
  const ctx = await wholeContext(t, db)
  assert.equal((await passwordPolicy(ctx)).minimum, 8)
  await storePolicyVersion(db, { id: 'all', secondFactor: 'optional', from: ctx.now })
  assert.equal((await passwordPolicy(ctx)).minimum, 15)
  assert.equal((await passwordPolicy({ ...ctx, now: ctx.now - 1 })).minimum, 8)
})
