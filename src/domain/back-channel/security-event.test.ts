import assert from 'node:assert/strict'
import { test } from 'node:test'

import { securityEvent } from './security-event.ts'

const CHANGE = {
  id: 'e1',
  at: 1_700_000_000_999,
  position: 7,
  action: 'session.ended',
  kind: 'session',
  subject: 'ada',
  sessionId: 's1',
  keptSessionId: null,
  clientId: null,
} as const
const OF = { issuer: 'https://id.example/oidc', now: 1_700_000_005_000 }

test('a token says for whom it is, whom it is about, and which sessions', () => {
  const { jti, claims } = securityEvent(CHANGE, { clientId: 'wiki', sids: ['w1'], keptSids: [] }, OF)
  assert.equal(jti, 'e1.wiki')
  assert.deepEqual(claims, {
    iss: 'https://id.example/oidc',
    aud: 'wiki',
    iat: 1_700_000_005,
    jti,
    toe: 1_700_000_000,
    sub_id: { format: 'iss_sub', iss: 'https://id.example/oidc', sub: 'ada' },
    events: {
      'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {
        event_timestamp: 1_700_000_000,
        sids: ['w1'],
      },
    },
  })
})

test('what is left out means all; a session that stays and an app are named', () => {
  const eventOf = (part: object, heard: object): object => {
    const hearer = { clientId: 'wiki', sids: null, keptSids: [], ...heard }
    const { claims } = securityEvent({ ...CHANGE, ...part }, hearer, OF)
    return { subject: claims['sub_id'] !== undefined, events: claims['events'] }
  }
  const uri = (name: string): string => `https://schemas.openid.net/secevent/caep/event-type/${name}`
  const event = { event_timestamp: 1_700_000_000 }
  assert.deepEqual(eventOf({ kind: 'credentials' }, { keptSids: ['w1'] }), {
    subject: true,
    events: { [uri('session-revoked')]: { ...event, kept_sids: ['w1'] } },
  })
  assert.deepEqual(eventOf({ kind: 'client', subject: null, clientId: 'shop' }, {}), {
    subject: false,
    events: { [uri('session-revoked')]: { ...event, client_id: 'shop' } },
  })
  assert.deepEqual(eventOf({ kind: 'claims' }, {}), {
    subject: true,
    events: { [uri('token-claims-change')]: event },
  })
})
