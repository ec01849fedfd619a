import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isPublicIpAddress } from './public-ip-address.ts'

test('an IP address of the public internet is told from one of a network, a machine or a special purpose', () => {
  for (const ipAddress of [
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '193.99.144.80',
    '2606:4700::1111',
    '2a00:1450:4001::5',
  ])
    assert.ok(isPublicIpAddress(ipAddress), ipAddress)
  for (const ipAddress of [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.0.1',
    '198.19.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    '2606:4700::1111%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])
    assert.ok(!isPublicIpAddress(ipAddress), ipAddress)
  assert.ok(isPublicIpAddress('::ffff:8.8.8.8'), 'one of IPv4 in the form of IPv6')
})
