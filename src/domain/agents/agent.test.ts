import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NEW_CLIENT } from '#domain/clients/client.ts'
import { documentDigest, letsMoreIn } from './agent.ts'

const AGENT = { ...NEW_CLIENT, kind: 'agent', name: 'Helper', redirectUris: ['https://agent.example/cb'] } as const

test('the digest of an agent changes with what its user has been shown', () => {
  const digest = documentDigest(AGENT)
  assert.equal(documentDigest({ ...AGENT }), digest)
  for (const change of [
    { name: 'Other' },
    { redirectUris: ['https://agent.example/cb', 'https://agent.example/other'] },
    { scopes: ['openid', 'roles'] as const },
    { startUrl: 'https://agent.example/' },
  ])
    assert.notEqual(documentDigest({ ...AGENT, ...change }), digest, JSON.stringify(change))
  assert.equal(documentDigest({ ...AGENT, kind: 'web' }), null, 'an app that an admin has registered')
})

test('a second admin approves what lets agents in, and nothing else', () => {
  const [off, on] = [false, true].map((enabled) => ({ enabled, allowedDocuments: ['a.example'], revision: 1 }))
  const more = ['a.example', 'b.example']
  assert.ok(letsMoreIn(off!, on!))
  assert.ok(letsMoreIn(on!, { ...on!, allowedDocuments: more }))
  assert.ok(letsMoreIn(on!, { ...on!, allowedDocuments: ['b.example'] }))
  assert.ok(!letsMoreIn(on!, off!))
  assert.ok(!letsMoreIn(on!, { ...on!, allowedDocuments: [] }))
  assert.ok(!letsMoreIn(off!, { ...off!, allowedDocuments: more }))
  assert.ok(!letsMoreIn(on!, { ...off!, allowedDocuments: more }))
})
