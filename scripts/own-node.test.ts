import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findNode, isAtLeast, oldestNode } from './own-node.mjs'

test('versions are compared number by number', () => {
  assert.ok(isAtLeast('24.11.0', '24.11.0'))
  assert.ok(isAtLeast('24.11.1', '24.11.0'))
  assert.ok(isAtLeast('26.0.0', '24.11.0'))
  assert.ok(!isAtLeast('24.9.9', '24.11.0'))
  assert.ok(!isAtLeast('20.20.2', '24.11.0'))
})

test('the machine’s own Node is used if it is new enough', async () => {
  assert.ok(isAtLeast(process.versions.node, oldestNode()))
  assert.deepEqual(await findNode(), { path: process.execPath, name: `Node ${process.versions.node}` })
})
