import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'

import { Secret } from './secret.ts'

const CANARY = 'canary-51c0'
const secret = Secret.of(CANARY)

const outputs: [name: string, shown: () => string][] = [
  ['joined to a text', () => `${String(secret)} ${[secret, secret].join(' ')}`],
  ['written in a template', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['serialised', () => JSON.stringify({ secret, list: [secret] })],
  ['inspected to the bottom', () => inspect({ secret }, { depth: 9, showHidden: true, getters: true })],
  ['inspected without its own say', () => inspect({ secret }, { customInspect: false, showHidden: true })],
  ['copied by its fields', () => JSON.stringify([Object.assign({}, secret), Object.entries(secret)])],
  ['handed to another thread', () => serialize(structuredClone({ secret })).toString('latin1')],
]
for (const [name, shown] of outputs) {
  test(`a secret ${name} does not show`, () => assert.ok(!shown().includes(CANARY)))
}

test('a secret is returned by reveal()', () => assert.equal(secret.reveal(), CANARY))
