import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ListedChange } from '#domain/audit/ending.ts'
import type { UserAtApp } from '#domain/grants/user-at-app.service.ts'
import { audienceOf } from './hearer.ts'

const AT_WIKI = { subject: 'ada', clientId: 'wiki', sessionId: 's1', sid: 'w1', servedBy: null }
const USERS: readonly UserAtApp[] = [
  AT_WIKI,
  { ...AT_WIKI, sessionId: 's2', sid: 'w2' },
  { ...AT_WIKI, clientId: 'shop', sid: 'p1', servedBy: 'orders' },
  { ...AT_WIKI, clientId: 'old', sessionId: null, sid: null },
  { ...AT_WIKI, subject: 'ben', clientId: 'mail', sid: 'm1' },
]
const SERVING = ['orders', 'stock']

function heard(part: Partial<ListedChange>): unknown {
  const whole = { id: 'e', at: 1, position: 7, action: 'user.disabled', kind: 'user', subject: 'ada' } as const
  const change = { ...whole, sessionId: null, keptSessionId: null, clientId: null, ...part }
  const audience = audienceOf(change, { users: USERS, serving: SERVING })
  if (audience === 'all') return audience
  return Object.fromEntries(audience.map(({ clientId, sids, keptSids }) => [clientId, [sids, keptSids]]))
}

test('of the end of a user hear the apps that know the user, and the APIs for which these have tokens', () => {
  const all = [null, []]
  assert.deepEqual(heard({}), { wiki: all, shop: all, orders: all, old: all })
  assert.deepEqual(heard({ kind: 'claims' }), { wiki: all, shop: all, orders: all, old: all })
  assert.deepEqual(heard({ subject: 'ben' }), { mail: all })
  assert.deepEqual(heard({ subject: 'eve' }), {})
})

test('of the end of a session hear those that have seen it, each by the identifiers that it knows', () => {
  const kind = 'session'
  assert.deepEqual(heard({ kind, sessionId: 's1' }), {
    wiki: [['w1'], []],
    shop: [['p1'], []],
    orders: [['p1'], []],
  })
  assert.deepEqual(heard({ kind, sessionId: 's2' }), { wiki: [['w2'], []] })
  assert.deepEqual(heard({ kind, sessionId: 's3' }), {})
})

test('a session that stays is named to those that have seen it', () => {
  const kept = heard({ kind: 'credentials', keptSessionId: 's1' })
  assert.deepEqual(kept, { wiki: [null, ['w1']], shop: [null, ['p1']], orders: [null, ['p1']], old: [null, []] })
})

test('of the end at one app hear that app and the APIs that it calls', () => {
  assert.deepEqual(heard({ kind: 'grant', clientId: 'wiki' }), { wiki: [null, []] })
  assert.deepEqual(heard({ kind: 'grant', clientId: 'shop', sessionId: 's1' }), {
    shop: [['p1'], []],
    orders: [['p1'], []],
  })
  const client = { wiki: [null, []], orders: [null, []], stock: [null, []] }
  assert.deepEqual(heard({ kind: 'client', subject: null, clientId: 'wiki' }), client)
})

test('all hear of the end of everyone, of a deletion, and of changes of APIs', () => {
  assert.equal(heard({ kind: 'everyone', subject: null }), 'all')
  assert.equal(heard({ action: 'user.deleted' }), 'all')
  assert.equal(heard({ kind: 'claims', action: 'resource.changed', subject: null }), 'all')
})
