import assert from 'node:assert/strict'
import { test } from 'node:test'

import { snippetOfHost } from './host-snippet.ts'

test('the proxy reaches this server where it listens, on this machine if it listens everywhere', () => {
  for (const [host, upstream] of [
    ['0.0.0.0', '127.0.0.1:8123'],
    ['::', '127.0.0.1:8123'],
    ['localhost', '127.0.0.1:8123'],
    ['10.0.0.2', '10.0.0.2:8123'],
    ['fd00::2', '[fd00::2]:8123'],
  ] as const) {
    const config = { publicUrl: 'https://id.example.org', host, port: 8123 }
    assert.ok(snippetOfHost(config, { name: 'wiki.example.org' }, 'caddy').includes(upstream), upstream)
  }
})
