import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'

import { freePort } from './ports.ts'

test('each port is given once, can be listened on, and is none that outgoing connections get', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, freePort))
  assert.equal(new Set(ports).size, ports.length)
  for (const port of ports) {
    assert.ok(port < 32_768, String(port))
    const server = createServer().listen(port, 'localhost')
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
  }
})
