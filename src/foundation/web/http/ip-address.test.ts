import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import type { App } from './app.ts'

function whence(app: App): void {
  app.get('/whence', { config: { access: 'anyone', undocumented: true } }, ({ ctx }) => ctx.principal.source)
}

const TRUSTED = '10.0.0.0/8, fd00::/8, 192.0.2.7'

const CASES: [trusted: string, peer: string, forwarded: string | undefined, ipAddress: string, network?: string][] = [
  ['', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['', '10.0.0.1', '198.51.100.1', '10.0.0.1'],
  [TRUSTED, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  [TRUSTED, '10.0.0.1', '198.51.100.1', '198.51.100.1'],
  [TRUSTED, '10.0.0.1', undefined, '10.0.0.1'],
  [TRUSTED, '10.0.0.1', '198.51.100.1, 10.2.3.4', '198.51.100.1'],
  [TRUSTED, '10.0.0.1', '198.51.100.1, 203.0.113.9, 10.2.3.4', '203.0.113.9'],
  [TRUSTED, '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
  [TRUSTED, 'fd00::1', '2001:db8:1:2:3::4', '2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
  [TRUSTED, '192.0.2.7', ' 198.51.100.1 ', '198.51.100.1'],
  [TRUSTED, '192.0.2.8', '198.51.100.1', '192.0.2.8'],
  [TRUSTED, '10.0.0.1', 'unknown', '10.0.0.1'],
  [TRUSTED, '10.0.0.1', '198.51.100.1:5678', '10.0.0.1'],
  [TRUSTED, '10.0.0.1', '<script>', '10.0.0.1'],
  [TRUSTED, '10.0.0.1', '', '10.0.0.1'],
]

for (const [trusted, peer, forwarded, ipAddress, network] of CASES) {
  test(`a request from ${peer} forwarded for ${forwarded} comes from ${ipAddress} when ${trusted || 'no peer'} is trusted`, async (t) => {
    const { app } = await openGuardedApp(t, [whence], { settings: { trusted_proxies: trusted } })
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const reply = await app.inject({ url: '/whence', remoteAddress: peer, headers })
    const source = reply.json<{ ipAddress: string; network: string }>()
    assert.equal(source.ipAddress, ipAddress)
    assert.equal(source.network, network ?? ipAddress)
  })
}
