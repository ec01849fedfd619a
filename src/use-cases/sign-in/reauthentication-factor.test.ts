import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { type ReauthenticationChoice, selectReauthenticationFactor } from './reauthentication-factor.ts'

const APP = { secondFactorAt: 1, passkeyAt: null }
const PASSKEY = { secondFactorAt: 1, passkeyAt: 1 }
const ANY = { isPhishingResistant: false, isPasskeyAllowed: true }
const NONE = { secondFactorAt: null, passkeyAt: null }

type Case = readonly [
  usable: readonly SecondFactorKind[],
  enrolled: typeof APP | typeof PASSKEY | typeof NONE,
  requested: SecondFactorKind | undefined,
  choice: ReauthenticationChoice,
]

test('re-authentication offers the factors that meet the account’s assurance level, the requested factor first', () => {
  const cases: readonly Case[] = [
    [['totp', 'recovery-code'], APP, undefined, { factor: 'totp', others: ['recovery-code'] }],
    [['totp', 'recovery-code'], APP, 'recovery-code', { factor: 'recovery-code', others: ['totp'] }],
    [['totp'], APP, 'passkey', { factor: 'totp', others: [] }],
    [['passkey', 'totp', 'recovery-code'], PASSKEY, undefined, { factor: 'passkey', others: ['recovery-code'] }],
    // An app is weaker than the passkey that the account has.
    [['passkey', 'totp'], PASSKEY, 'totp', { factor: 'passkey', others: [] }],
    // The host of the public URL cannot have passkeys.
    [['totp', 'recovery-code'], PASSKEY, undefined, { factor: 'recovery-code', others: [] }],
    [[], NONE, undefined, { factor: 'password', others: [] }],
  ]
  for (const [usable, enrolled, requested, choice] of cases)
    assert.deepEqual(selectReauthenticationFactor(usable, { enrolled, requested, terms: ANY }), choice)
})
