import assert from 'node:assert/strict'
import { test } from 'node:test'

import { networkOf } from './network.ts'

const NETWORKS: readonly [ipAddress: string, network: string][] = [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0000:0000:ffff:1:2:3', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:3:3:4:5:6', '2001:db8:1:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['127.0.0.1', '127.0.0.1'],
  ['', 'unknown'],
  ['host.example', 'unknown'],
]

for (const [ipAddress, network] of NETWORKS) {
  test(`the address "${ipAddress}" belongs to the network ${network}`, () => {
    assert.equal(networkOf(ipAddress), network)
  })
}
