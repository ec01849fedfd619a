import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import {
  deviceValue,
  isRemembered,
  readDeviceValue,
  type RememberedDevice,
  rememberedUntil,
  type RememberPeriod,
} from './remembered-device.ts'

const BEGUN = days(20_000)
const ID = '0198c2f4-1111-7000-8000-00000000000a'
const DEVICE: RememberedDevice = {
  id: ID,
  subject: 'ada',
  epoch: 3,
  address: '192.0.2.1',
  agent: null,
  createdAt: BEGUN,
  lastUsedAt: BEGUN,
  expiresAt: BEGUN + days(30),
  revokedAt: null,
}
const always = (rememberFor: number): RememberPeriod[] => [{ from: 0, rememberFor }]
const TERMS = { epoch: 3, periods: always(days(30)) }

test('a device is remembered until its own end, and no longer than the policy in force says', () => {
  const ends: readonly [rememberFor: number, days: number][] = [
    [days(30), 30],
    [days(90), 30],
    [days(7), 7],
    [0, 0],
  ]
  for (const [rememberFor, lasts] of ends) {
    const end = BEGUN + days(lasts)
    const periods = always(rememberFor)
    assert.equal(rememberedUntil(DEVICE, periods), end)
    assert.equal(isRemembered(DEVICE, { ...TERMS, periods }, end - 1), lasts > 0)
    assert.equal(isRemembered(DEVICE, { ...TERMS, periods }, end), false)
  }
  assert.equal(isRemembered({ ...DEVICE, createdAt: BEGUN + 1 }, { ...TERMS, periods: always(0) }, BEGUN), false)
  assert.equal(isRemembered(DEVICE, { ...TERMS, periods: [] }, BEGUN), false)
})

test('a device that a policy has ended stays forgotten when the policy is loosened again', () => {
  const at = (day: number, rememberFor: number): RememberPeriod => ({ from: BEGUN + days(day), rememberFor })
  const cases: readonly [periods: readonly RememberPeriod[], days: number][] = [
    [[at(-9, 0), at(-1, days(30)), at(3, days(90))], 30],
    [[at(-9, 0), at(0, days(30))], 30],
    [[at(-1, days(30)), at(3, 0), at(5, days(30))], 3],
    [[at(-1, days(30)), at(9, days(7)), at(12, days(30))], 9],
    [[at(-1, days(30)), at(3, days(7)), at(6, days(30))], 30],
    [[at(-1, days(30)), at(3, days(7)), at(9, days(30))], 7],
    [[at(-1, days(30)), at(40, 0)], 30],
  ]
  for (const [periods, lasts] of cases) assert.equal(rememberedUntil(DEVICE, periods), BEGUN + days(lasts))
})

test('a use does not prolong the time for which a device is remembered', () => {
  const used = { ...DEVICE, lastUsedAt: BEGUN + days(29) }
  assert.equal(rememberedUntil(used, TERMS.periods), DEVICE.expiresAt)
})

test('a device that was forgotten, is of another credential epoch or began in the future is not remembered', () => {
  const now = BEGUN + minutes(1)
  assert.equal(isRemembered(DEVICE, TERMS, now), true)
  assert.equal(isRemembered({ ...DEVICE, revokedAt: now }, TERMS, now), false)
  for (const epoch of [2, 4]) assert.equal(isRemembered(DEVICE, { ...TERMS, epoch }, now), false)
  assert.equal(isRemembered(DEVICE, TERMS, BEGUN - seconds(5)), true)
  assert.equal(isRemembered(DEVICE, TERMS, BEGUN - seconds(5) - 1), false)
})

test('the value of the cookie is the id and the secret, and no other text is read as one', () => {
  const token = `dwr_${'a'.repeat(43)}`
  const value = deviceValue({ id: ID, token: Secret.of(token) }).reveal()
  assert.equal(value, `${ID}.${token}`)
  const read = readDeviceValue(value)
  assert.deepEqual([read?.id, read?.token.reveal()], [ID, token])
  const session = `dws_${'a'.repeat(43)}`
  const device = `${'a'.repeat(22)}.3.${'b'.repeat(43)}`
  for (const other of [
    undefined,
    '',
    token,
    `${ID}.`,
    `${ID}.${session}`,
    device,
    `${value}a`,
    `${value}\n`,
    ` ${value}`,
  ])
    assert.equal(readDeviceValue(other), undefined, String(other))
})
