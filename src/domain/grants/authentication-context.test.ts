import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ACR_VALUES, acrOf, amrOf, leastLevelOf, levelOfAcr } from './authentication-context.ts'

const [ONE = '', TWO = '', RESISTANT = ''] = ['one-factor', 'two-factors', 'phishing-resistant'].map(
  (level) => `urn:doorward:${level}`,
)

test('an app can ask for each assurance level, and by another name for the strongest', () => {
  assert.deepEqual(ACR_VALUES, [ONE, TWO, RESISTANT, 'phr'])
  assert.deepEqual(ACR_VALUES.map(levelOfAcr), [
    'one-factor',
    'two-factors',
    'phishing-resistant',
    'phishing-resistant',
  ])
  for (const acr of ['', 'PHR', 'two-factors', `${TWO} `, 'urn:doorward:', 'urn:mace:incommon:iap:silver'])
    assert.equal(levelOfAcr(acr), undefined, acr)
})

const LEAST: readonly [asked: string[], least: string | undefined][] = [
  [[], undefined],
  [['urn:unknown'], undefined],
  [['urn:unknown', TWO], 'two-factors'],
  [['phr', TWO], 'two-factors'],
  [['phr', RESISTANT], 'phishing-resistant'],
  [[TWO, ONE], 'one-factor'],
]
for (const [asked, least] of LEAST) {
  test(`who asks for ${asked.join(' or ') || 'nothing'} is content with ${least}`, () => {
    assert.equal(leastLevelOf(asked), least)
  })
}

const VERIFIED: readonly [methods: string[], acr: string, amr: string[]][] = [
  [['password'], ONE, ['pwd']],
  [['password', 'remembered-device'], ONE, ['pwd']],
  [['password', 'totp'], TWO, ['pwd', 'otp', 'mfa']],
  [['password', 'recovery-code'], TWO, ['pwd', 'otp', 'mfa']],
  [['password', 'totp', 'recovery-code'], TWO, ['pwd', 'otp', 'mfa']],
  [['password', 'remembered-device', 'totp'], TWO, ['pwd', 'otp', 'mfa']],
  [['passkey'], RESISTANT, ['pop', 'user', 'mfa']],
  [['password', 'passkey'], RESISTANT, ['pwd', 'pop', 'user', 'mfa']],
  [['totp'], ONE, ['otp']],
  [[], ONE, []],
  [['constructor'], ONE, []],
]
for (const [methods, acr, amr] of VERIFIED) {
  test(`${methods.join(' and ') || 'nothing'} is ${acr} by ${amr.join(' ')}`, () => {
    assert.equal(acrOf(methods), acr)
    assert.deepEqual(amrOf(methods), amr)
  })
}

const ASKED: readonly [methods: string[], asked: string[], acr: string][] = [
  [['passkey'], ['phr'], 'phr'],
  [['passkey'], [RESISTANT, 'phr'], RESISTANT],
  [['passkey'], ['phr', RESISTANT], 'phr'],
  [['passkey'], [TWO], TWO],
  [['passkey'], [ONE, TWO], TWO],
  [['password', 'totp'], ['phr'], TWO],
  [['password', 'totp'], ['phr', ONE], ONE],
  [['password', 'totp'], ['urn:unknown'], TWO],
  [['password', 'remembered-device'], [TWO], ONE],
]
for (const [methods, asked, acr] of ASKED) {
  test(`${methods.join(' and ')} is answered with ${acr} to who asks for ${asked.join(' or ')}`, () => {
    assert.equal(acrOf(methods, asked), acr)
  })
}
