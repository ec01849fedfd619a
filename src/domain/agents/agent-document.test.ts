import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NEW_CLIENT } from '#domain/clients/client.ts'
import { type DocumentFault, readAgentDocument } from './agent-document.ts'
import { isDocumentUrl } from './allowed-documents.ts'

const AGENT = 'https://agent.example/client.json'
const DOCUMENT = { client_id: AGENT, client_name: 'Helper', redirect_uris: ['http://localhost/callback'] }

function read(fields: Readonly<Record<string, unknown>> = {}) {
  return readAgentDocument(AGENT, JSON.stringify({ ...DOCUMENT, ...fields }))
}

function assertRefused(fault: DocumentFault, fields: Readonly<Record<string, unknown>>): void {
  assert.throws(() => read(fields), { name: 'WrongDocument', fault }, JSON.stringify(fields))
}

test('an agent is an app that is not trusted, without a secret, and with PKCE', () => {
  assert.ok(isDocumentUrl(AGENT))
  assert.deepEqual(read({ scope: 'openid roles notes:read', client_uri: 'https://agent.example/about' }), {
    ...NEW_CLIENT,
    kind: 'agent',
    name: 'Helper',
    redirectUris: ['http://localhost/callback'],
    scopes: ['openid', 'roles'],
    authMethod: 'none',
    requirePkce: true,
    refreshTokens: true,
    trusted: false,
    startUrl: 'https://agent.example/about',
    hidden: true,
  })
  assert.deepEqual(read().scopes, ['openid', 'profile', 'email', 'offline_access'], 'a document without scopes')
  assert.equal(readAgentDocument(AGENT, JSON.stringify({ ...DOCUMENT, client_name: undefined })).name, 'agent.example')
})

test('nothing else in a document is believed', () => {
  const wanted = {
    trusted: true,
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'client_credentials', 'implicit'],
    response_types: ['token'],
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret: 'x'.repeat(40),
    jwks_uri: 'https://evil.example/jwks',
    jwks: { keys: [] },
    backchannel_logout_uri: 'https://evil.example/logout',
    post_logout_redirect_uris: ['https://evil.example/'],
    sector_identifier_uri: 'https://evil.example/sector',
    logo_uri: 'https://evil.example/logo.png',
    application_type: 'web',
    require_pkce: false,
    kind: 'web',
    device_sign_in: true,
    shared_groups: 'all',
    ['__proto__']: { trusted: true },
  }
  assert.deepEqual(read(wanted), read())
})

test('a document that is wrong is refused by its field', () => {
  for (const text of ['', 'null', '[]', '"a"', '{', '1'])
    assert.throws(() => readAgentDocument(AGENT, text), { fault: 'json' }, text)
  for (const id of [`${AGENT}x`, `${AGENT}#`, AGENT.toUpperCase(), undefined, null, [AGENT]])
    assertRefused('client_id', { client_id: id })
  for (const name of ['', ' ', 7, ['a'], 'a\u202Eb', 'a\u0000', 'x'.repeat(1000)])
    assertRefused('client_name', { client_name: name })
  for (const scope of [7, ['openid'], null]) assertRefused('scope', { scope })
  for (const uri of [
    'http://agent.example/',
    'javascript:alert(1)',
    'https://a@b.example/',
    7,
    `https://a.example/${'x'.repeat(500)}`,
  ])
    assertRefused('client_uri', { client_uri: uri })
})

test('an agent gets its answers by https, at this device, or by a scheme that belongs to a name', () => {
  for (const uri of [
    'https://agent.example/cb',
    'http://127.0.0.1:3000/cb',
    'http://[::1]/cb',
    'com.example.helper:/cb',
  ])
    assert.deepEqual(read({ redirect_uris: [uri] }).redirectUris, [uri])
  for (const uri of [
    'http://evil.example/cb',
    'http://192.168.1.7/cb',
    'http://nas.local/cb',
    'helper:/cb',
    'helper://cb.example',
    'javascript:alert(1)',
    'data:text/html,a',
    'https://a:b@agent.example/cb',
    'https://*.agent.example/cb',
    'https://agent.example/cb#a',
    '/cb',
    '',
  ])
    assertRefused('redirect_uris', { redirect_uris: ['https://agent.example/cb', uri] })
  for (const uris of [undefined, null, [], 'https://agent.example/cb', [7], [['https://agent.example/cb']]])
    assertRefused('redirect_uris', { redirect_uris: uris })
  const many = Array.from({ length: 21 }, (_, index) => `https://agent.example/${index}`)
  assertRefused('redirect_uris', { redirect_uris: many })
})
