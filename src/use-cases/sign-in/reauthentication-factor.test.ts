import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import type { AssuranceLevel, AssuranceTerms } from '#foundation/kernel/assurance.ts'
import { reaches, type ReauthenticationChoice, selectReauthenticationFactor } from './reauthentication-factor.ts'

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

test('re-authentication offers the factors that reach the required level too, and none if the account cannot reach it', () => {
  type Required = readonly [
    least: AssuranceLevel,
    usable: readonly SecondFactorKind[],
    enrolled: typeof APP | typeof PASSKEY | typeof NONE,
    terms: AssuranceTerms,
    choice: ReauthenticationChoice,
  ]
  const none = { factor: undefined, others: [] }
  const appsOnly = { isPhishingResistant: false, isPasskeyAllowed: false }
  const cases: readonly Required[] = [
    ['phishing-resistant', ['passkey', 'totp', 'recovery-code'], PASSKEY, ANY, { factor: 'passkey', others: [] }],
    ['phishing-resistant', ['totp', 'recovery-code'], APP, ANY, none],
    ['phishing-resistant', ['passkey', 'totp'], PASSKEY, appsOnly, none],
    ['two-factors', ['totp', 'recovery-code'], APP, ANY, { factor: 'totp', others: ['recovery-code'] }],
    ['two-factors', [], NONE, ANY, none],
    ['one-factor', [], NONE, ANY, { factor: 'password', others: [] }],
  ]
  for (const [least, usable, enrolled, terms, choice] of cases)
    assert.deepEqual(selectReauthenticationFactor(usable, { enrolled, requested: undefined, terms, least }), choice)
})

test('factors that were verified together reach a level only if they meet that of the account as well', () => {
  const account = { enrolled: PASSKEY, terms: ANY }
  assert.equal(reaches(['password', 'totp'], account, 'one-factor'), false)
  assert.equal(reaches(['password', 'recovery-code'], account, 'two-factors'), true)
  assert.equal(reaches(['password', 'recovery-code'], account, 'phishing-resistant'), false)
  assert.equal(reaches(['passkey'], account, 'phishing-resistant'), true)
})
