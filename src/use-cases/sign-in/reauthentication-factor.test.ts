import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SecondFactorKind } from '../../domain/factors/factor-kind.ts'
import { selectReauthenticationFactor } from './reauthentication-factor.ts'
import type { ConfirmWays } from './reauthentication-factor.ts'

const APP = { secondFactorAt: 1, passkeyAt: null }
const PASSKEY = { secondFactorAt: 1, passkeyAt: 1 }
const NONE = { secondFactorAt: null, passkeyAt: null }

type Case = readonly [
  usable: readonly SecondFactorKind[],
  held: typeof APP | typeof PASSKEY | typeof NONE,
  wished: SecondFactorKind | undefined,
  ways: ConfirmWays,
]

test('a confirmation asks for what is strong enough for the account, the wished way first', () => {
  const cases: readonly Case[] = [
    [['totp', 'recovery-code'], APP, undefined, { way: 'totp', others: ['recovery-code'] }],
    [['totp', 'recovery-code'], APP, 'recovery-code', { way: 'recovery-code', others: ['totp'] }],
    [['totp'], APP, 'passkey', { way: 'totp', others: [] }],
    [['passkey', 'totp', 'recovery-code'], PASSKEY, undefined, { way: 'passkey', others: ['recovery-code'] }],
    // An app is weaker than the passkey that the account has.
    [['passkey', 'totp'], PASSKEY, 'totp', { way: 'passkey', others: [] }],
    // The page's address can have no passkeys.
    [['totp', 'recovery-code'], PASSKEY, undefined, { way: 'recovery-code', others: [] }],
    [[], NONE, undefined, { way: 'password', others: [] }],
  ]
  for (const [usable, held, wished, ways] of cases)
    assert.deepEqual(selectReauthenticationFactor(usable, { held, wished }), ways)
})
