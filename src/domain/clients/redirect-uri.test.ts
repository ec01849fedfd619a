import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  allowsOrigin,
  allowsRedirectUri,
  fieldErrorsInRedirectUris,
  isOnDevice,
  MOST_REDIRECT_URIS,
  REDIRECT_URI_MAXIMUM,
} from './redirect-uri.ts'

function errorOf(uri: string, allowHttp = false): string | undefined {
  return fieldErrorsInRedirectUris({ uris: [uri], allowHttp }, '/redirect_uris')[0]?.code
}

test('an app may be sent to by https, by http on the device, and by a private scheme', () => {
  for (const uri of [
    'https://app.example.org/callback',
    'https://app.example.org:8443/callback?kind=oidc&x=%2F',
    'https://[2001:db8::1]/',
    'https://app.example.org',
    'http://localhost/callback',
    'http://localhost:5173/callback',
    'http://127.0.0.1:9004/',
    'http://[::1]/callback',
    'audiobookshelf://oauth',
    'app.immich:///oauth-callback',
    'com.example.app:/callback',
  ])
    assert.equal(errorOf(uri), undefined, uri)
})

const REFUSED: readonly [uri: string, code: string][] = [
  ['http://app.example.org/callback', 'app.uri_http'],
  ['HTTP://app.example.org/callback', 'app.uri_http'],
  ['http://nas.local/callback', 'app.uri_http'],
  ['http://192.168.1.5/callback', 'app.uri_http'],
  ['http://localhost.example.org/', 'app.uri_http'],
  ['http://127.0.0.1.example.org/', 'app.uri_http'],
  ['javascript:alert(1)', 'app.uri_scheme'],
  ['JavaScript:alert(1)', 'app.uri_scheme'],
  ['data:text/html,x', 'app.uri_scheme'],
  ['vbscript:x', 'app.uri_scheme'],
  ['blob:https://app.example.org/1', 'app.uri_scheme'],
  ['file:///etc/passwd', 'app.uri_scheme'],
  ['about:blank', 'app.uri_scheme'],
  ['urn:ietf:wg:oauth:2.0:oob', 'app.uri_scheme'],
  ['https://app.example.org/callback#', 'app.uri_fragment'],
  ['https://app.example.org/callback#x', 'app.uri_fragment'],
  ['https://*.example.org/callback', 'app.uri_wildcard'],
  ['https://app.example.org/*', 'app.uri_wildcard'],
  ['https://app.example.org@evil.example/', 'app.uri_user_info'],
  ['https://a:b@app.example.org/', 'app.uri_user_info'],
  ['app.immich://a@b/callback', 'app.uri_user_info'],
  ['', 'app.uri_malformed'],
  ['/callback', 'app.uri_malformed'],
  ['app.example.org/callback', 'app.uri_malformed'],
  ['https:', 'app.uri_malformed'],
  ['https://', 'app.uri_malformed'],
  ['https:///callback', 'app.uri_malformed'],
  ['https:app.example.org', 'app.uri_malformed'],
  ['https:\\\\app.example.org\\', 'app.uri_malformed'],
  ['https://app.example.org\\@evil.example/', 'app.uri_malformed'],
  [' https://app.example.org/', 'app.uri_malformed'],
  ['https://app.example.org/\n', 'app.uri_malformed'],
  ['java\tscript:alert(1)', 'app.uri_malformed'],
  ['https://exämple.org/', 'app.uri_malformed'],
  ['https://app.example.org/%zz', 'app.uri_malformed'],
  ['https://app.example.org:99999/', 'app.uri_malformed'],
  [`https://app.example.org/${'x'.repeat(REDIRECT_URI_MAXIMUM)}`, 'app.uri_too_long'],
]

for (const [uri, code] of REFUSED) {
  test(`${JSON.stringify(uri).slice(0, 60)} cannot be registered: ${code}`, () => assert.equal(errorOf(uri), code))
}

test('http elsewhere is for hosts of a private network, where the app is allowed it', () => {
  for (const uri of [
    'http://10.1.2.3/callback',
    'http://172.31.0.1/',
    'http://192.168.1.5:3000/callback',
    'http://169.254.7.7/',
    'http://[fd12:3456::1]/callback',
    'http://[fe80::1]/',
    'http://nas.local/callback',
    'http://nas.lan:8080/',
    'http://git.corp.internal/',
    'http://nas.home.arpa/',
  ])
    assert.equal(errorOf(uri, true), undefined, uri)
  for (const uri of [
    'http://app.example.org/callback',
    'http://203.0.113.7/',
    'http://172.32.0.1/',
    'http://[2001:db8::1]/',
    'http://nas/',
    'http://local/',
    'http://nas.local.example.org/',
    'http://nas.local./',
  ])
    assert.equal(errorOf(uri, true), 'app.uri_http_public', uri)
})

test('the errors name the first line that is refused, and a list has a limit', () => {
  const pointer = '/redirect_uris'
  const good = 'https://app.example.org/'
  const errors = (uris: readonly string[]) => fieldErrorsInRedirectUris({ uris, allowHttp: false }, pointer)
  assert.deepEqual(errors([]), [])
  assert.deepEqual(errors([good, 'about:blank', 'x']), [
    { pointer, code: 'app.uri_scheme', facts: { maximum: REDIRECT_URI_MAXIMUM, line: 2 } },
  ])
  assert.deepEqual(errors([good, good]), [{ pointer, code: 'app.uri_repeated' }])
  const many = Array.from({ length: MOST_REDIRECT_URIS + 1 }, (_, index) => `${good}${index}`)
  assert.deepEqual(errors(many.slice(1)), [])
  assert.equal(errors(many)[0]?.code, 'field.too_many')
})

test('a redirect URI is compared character by character', () => {
  const registered = ['https://app.example.org/callback', 'app.immich:///oauth-callback', 'https://localhost/callback']
  for (const uri of registered) assert.ok(allowsRedirectUri(registered, uri), uri)
  for (const uri of [
    '',
    'https://app.example.org/Callback',
    'https://APP.example.org/callback',
    'https://app.example.org:443/callback',
    'https://app.example.org/callback/',
    'https://app.example.org/callback?x=1',
    'https://app.example.org/callback#',
    'https://app.example.org/%63allback',
    'https://app.example.org/x/../callback',
    'https://app.example.org/callback%2F',
    'https://user@app.example.org/callback',
    'https://app.example.org.evil.example/callback',
    'http://app.example.org/callback',
    'app.immich://oauth-callback',
    'https://localhost:8443/callback',
  ])
    assert.ok(!allowsRedirectUri(registered, uri), uri)
})

test('the port is free for http on loopback, and nothing else is', () => {
  const registered = [
    'http://localhost/callback',
    'http://127.0.0.1:9004/callback',
    'http://[::1]',
    'http://127.0.0.2/',
  ]
  for (const uri of [
    'http://localhost:1/callback',
    'http://localhost:65535/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:80/callback',
    'http://[::1]:5000',
  ])
    assert.ok(allowsRedirectUri(registered, uri), uri)
  for (const uri of [
    'http://localhost:65536/callback',
    'http://localhost:/callback',
    'http://localhost:80x/callback',
    'http://localhost:1@evil.example/callback',
    'http://localhost.evil.example/callback',
    'http://localhost:1/other',
    'http://localhost:1/callback?x=1',
    'https://localhost:1/callback',
    'http://user@localhost:1/callback',
    'http://LOCALHOST:1/callback',
    'http://[::1]:5000/callback',
    'http://127.0.0.2:5000/',
  ])
    assert.ok(!allowsRedirectUri(registered, uri), uri)
})

test('loopback and private schemes lead to a program on the device, and so does what cannot be read', () => {
  for (const uri of ['http://localhost:1/', 'http://127.0.0.1/', 'https://[::1]/', 'app.immich:///x', 'x:/', ''])
    assert.ok(isOnDevice(uri), uri)
  for (const uri of ['https://app.example.org/', 'http://nas.local/']) assert.ok(!isOnDevice(uri), uri)
})

test('pages may read answers from the origins of the redirect URIs of the web', () => {
  const registered = [
    'https://app.example.org/callback',
    'http://localhost/callback',
    'app.immich:///x',
    'http://nas.local:8080/',
  ]
  for (const origin of [
    'https://app.example.org',
    'http://localhost',
    'http://localhost:5173',
    'http://nas.local:8080',
  ])
    assert.ok(allowsOrigin(registered, origin), origin)
  for (const origin of [
    'null',
    '',
    '*',
    'https://app.example.org/',
    'https://app.example.org:8443',
    'http://app.example.org',
    'https://evil.example',
    'https://localhost',
    'http://nas.local',
    'app.immich://',
  ])
    assert.ok(!allowsOrigin(registered, origin), origin)
})
