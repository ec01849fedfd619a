import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ipAddressKey, ipAddressRange } from './ip-address-range.ts'

const V6 = '20010db8000000000000000000000001'

const KEYS: readonly [ipAddress: string, key: string | null][] = [
  ['192.0.2.7', '4c0000207'],
  ['::ffff:192.0.2.7', '4c0000207'],
  ['::FFFF:c000:0207', '4c0000207'],
  ['0:0:0:0:0:ffff:192.0.2.7', '4c0000207'],
  ['2001:db8::1', `6${V6}`],
  ['2001:0DB8:0:0:0:0:0:1', `6${V6}`],
  [' 2001:db8::1%eth0 ', `6${V6}`],
  ['::1', `6${'1'.padStart(32, '0')}`],
  ['local', null],
  ['', null],
  ['999.1.1.1', null],
  ['1:2', null],
  ['::1]:80/[', null],
]

test('an address has one key, however it is spelled', () => {
  for (const [ipAddress, key] of KEYS) assert.equal(ipAddressKey(ipAddress), key, ipAddress)
})

const RANGES: readonly [text: string, from: string, to: string][] = [
  ['192.0.2.7', '4c0000207', '4c0000207'],
  ['192.0.2.7/32', '4c0000207', '4c0000207'],
  ['192.0.2.7/24', '4c0000200', '4c00002ff'],
  ['192.0.2.0/23', '4c0000200', '4c00003ff'],
  ['0.0.0.0/0', '400000000', '4ffffffff'],
  ['::ffff:192.0.2.0/120', '4c0000200', '4c00002ff'],
  ['2001:db8::/64', `6${'20010db8'.padEnd(32, '0')}`, `6${'20010db800000000'.padEnd(32, 'f')}`],
  ['::/0', `6${'0'.repeat(32)}`, `6${'f'.repeat(32)}`],
  [' 2001:DB8::1 ', `6${V6}`, `6${V6}`],
]

test('an address or a network is a range of keys', () => {
  for (const [text, from, to] of RANGES) assert.deepEqual(ipAddressRange(text), { from, to }, text)
})

const UNREADABLE = [
  '',
  '/',
  '/24',
  '192.0.2',
  '192.0.2.0/',
  '192.0.2.0/33',
  '192.0.2.0/024',
  '192.0.2.0/-1',
  '192.0.2.0/24/8',
  '192.0.2.0/255.255.255.0',
  '192.000.002.007',
  '::ffff:192.0.02.7',
  '::ffff:192.0.2.0/24',
  '2001:db8::/129',
  '2001:db8::1::2',
  '[2001:db8::1]',
  '192.0.2.%',
  'ada@example.org',
]

test('a text that is neither has no range', () => {
  for (const text of UNREADABLE) assert.equal(ipAddressRange(text), undefined, text)
})

test('a network holds just the addresses that share its prefix', () => {
  const bits = (text: string): string =>
    BigInt(`0x1${ipAddressKey(text)?.slice(1)}`)
      .toString(2)
      .slice(1)
  for (const [ipAddress, length] of [
    [fc.ipV4(), 32],
    [fc.ipV6(), 128],
  ] as const) {
    fc.assert(
      fc.property(ipAddress, ipAddress, fc.nat(length), (one, other, prefix) => {
        const range = ipAddressRange(`${one}/${prefix}`)
        const [key, first] = [ipAddressKey(other) ?? '', ipAddressKey(one) ?? '']
        // An IPv4-mapped address has a key of IPv4, which this property does not cover.
        fc.pre(range !== undefined && key.length === length / 4 + 1 && first.length === key.length)
        const within = range !== undefined && range.from <= key && key <= range.to
        assert.equal(within, bits(one).slice(0, prefix) === bits(other).slice(0, prefix))
      }),
    )
  }
})
