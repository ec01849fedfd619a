import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isLoopback } from './loopback.ts'

for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]']) {
  test(`${host} is this machine`, () => assert.ok(isLoopback(host)))
}

for (const host of [
  '',
  '0.0.0.0',
  '::',
  '10.0.0.4',
  'id.example.org',
  '127.0.0.1.example.org',
  'localhost.example.org',
]) {
  test(`"${host}" is not`, () => assert.ok(!isLoopback(host)))
}
