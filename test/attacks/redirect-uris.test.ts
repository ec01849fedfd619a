// RFC 9700 §4.1, §4.11, §4.12: an answer goes to a redirect URI that its app has registered, character by character, and nowhere else.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import { authorizationOf, follow, REDIRECT_URI, registerApp, type TestApp } from '../support/openid/apps.ts'
import { attackScene, codeFor, exchangeAs, openAt, postRaw } from '../support/openid/attack-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const EVIL = 'https://evil.example'

const ENDINGS = words(String.raw`
  / 2 /x /.. /../evil %2f %2F..%2Fevil %00 %0d%0aLocation:%20x ;x ? ?x=1 &x=1 # #x \ . ,${REDIRECT_URI}`)
const STARTS = words('//evil.example/ javascript:alert(1)// data:text/html, view-source: https://evil.example/?')
const BLANKS = [' ', '\n', '\t']

/** Not one of them is the registered URI, character by character. */
const FOREIGN_URIS = [
  ...[...ENDINGS, ...BLANKS, ` ${REDIRECT_URI}`, '/x'.repeat(2000)].map((end) => REDIRECT_URI + end),
  ...[...STARTS, ...BLANKS].map((start) => start + REDIRECT_URI),
  ...words(String.raw`
    https://app.example https://app.example/ https://app.example/Callback https://app.example/call%62ack
    https://app.example//callback https://app.example/x/../callback https://app.example/./callback
    http://app.example/callback HTTPS://app.example/callback https://APP.example/callback https:app.example/callback
    https://app.example:443/callback https://app.example:8443/callback https://app.example./callback
    https://user@app.example/callback https://app.example@evil.example/callback
    https://app.example:1@evil.example/callback https://app.example%2eevil.example/callback
    https://app.example\@evil.example/callback https://evil.app.example/callback https://app.example.evil.example/callback
    https://evilapp.example/callback https://аpp.example/callback //app.example/callback /callback callback
    * https://*/callback null undefined`),
  '',
]

/** Of the registered `http://127.0.0.1/callback` only the port may differ (RFC 8252 §7.3). */
const FOREIGN_TO_LOOPBACK = words(`
  http://127.0.0.2/callback http://localhost/callback http://[::1]/callback https://127.0.0.1/callback
  http://127.1/callback http://2130706433/callback http://0x7f000001/callback http://127.0.0.1:/callback
  http://127.0.0.1:99999/callback http://127.0.0.1:8000/callback2 http://127.0.0.1:8000/callback?x
  http://127.0.0.1:80x/callback http://127.0.0.1.evil.example/callback http://127.0.0.1@evil.example/callback
  http://127.0.0.1:80@evil.example/callback`)

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

/** The answer is a page of ours, and leads nowhere. */
function assertStays(answer: LightMyRequestResponse, about: string): void {
  assert.equal(answer.statusCode, 400, about)
  assert.equal(answer.headers.location, undefined, about)
  assert.match(parsePage(answer).heading, /./, about)
  assert.doesNotMatch(answer.body, /http-equiv="refresh"|dwk_|<script>/, about)
}

test('RFC 9700 §4.1: a redirect URI that differs in any character is refused on our page', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const device = await registerApp(server, {
    name: 'Command line',
    kind: 'native',
    authMethod: 'none',
    redirectUris: ['http://127.0.0.1/callback'],
  })
  const tried: readonly (readonly [TestApp, readonly string[]])[] = [
    [app, FOREIGN_URIS],
    [device, FOREIGN_TO_LOOPBACK],
  ]
  for (const [of, uris] of tried)
    for (const uri of uris) {
      const { url } = await authorizationOf(of, { redirect_uri: uri })
      assertStays(await openAt(visitor, url), JSON.stringify(uri))
    }
  // The more that is wrong, the less a redirect is due.
  const wrong = { redirect_uri: FOREIGN_URIS[0], response_type: 'token', prompt: 'none', code_challenge: 'x' }
  assertStays(await openAt(visitor, (await authorizationOf(app, wrong)).url), 'other errors')
  const { url } = await authorizationOf(app)
  for (const more of [`&redirect_uri=${encodeURIComponent(EVIL)}`, `&redirect_uri=${encodeURIComponent(REDIRECT_URI)}`])
    assertStays(await visitor.open(`${url.pathname}${url.search}${more}`), more)
  assertStays(await openAt(visitor, (await authorizationOf(app, { redirect_uri: undefined })).url), 'none')
  const other = await follow(
    visitor,
    (await authorizationOf(device, { redirect_uri: 'http://127.0.0.1:53121/callback' })).url,
  )
  assert.match(other.pathname, /^\/oidc\/interaction\//, 'another port is not accepted')
})

leaveToTestAll()

test('RFC 9700 §4.11: nothing leads to an address that no app has registered', async (t) => {
  const { server, visitor, app } = await attackScene(t, { fields: { logoutUris: ['https://app.example/bye'] } })
  const tokens = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  const hint = String(tokens['id_token'])
  const stranger = new Visitor(server)
  const uris = words(`
    ${EVIL} //evil.example javascript:alert(1) https://app.example ${REDIRECT_URI} https://app.example/bye/
    https://app.example/bye?x=1 https://app.example/bye#x https://app.example/bye@evil.example`)
  const client = { client_id: app.client.id }
  const queries = uris
    .map((uri) => ({ post_logout_redirect_uri: uri }))
    .flatMap((to) => [
      to,
      { ...to, ...client },
      { ...to, id_token_hint: hint },
      { ...to, ...client, id_token_hint: hint },
    ])
    .map((fields) => new URLSearchParams({ ...fields, state: EVIL }).toString())
  for (const query of queries)
    for (const browser of [visitor, stranger]) {
      const { headers, body } = await browser.open(`/oidc/session/end?${query}`)
      assert.match(headers.location ?? '/', /^\/(?:$|[a-z])/, query)
      assertLinksStay(body, query)
    }
  // Values for our own parameter, carried through an authorization.
  for (const next of [EVIL, '//evil.example', '/\\evil.example', '/%09/evil.example'])
    for (const path of ['/sign-in?', '/confirm?since=0&']) {
      const query = new URLSearchParams({ next }).toString()
      assertLinksStay((await stranger.open(path + query)).body, path + query)
    }
  const hinted = await follow(
    stranger,
    (await authorizationOf(app, { login_hint: '"><a href=//evil.example>', ui_locales: EVIL })).url,
  )
  assert.equal(hinted.origin, 'http://localhost:8000')
  assertLinksStay((await stranger.open(hinted.pathname + hinted.search)).body, 'a hint')
})

test('RFC 9700 §4.12: a form is answered by 303 or a page in between, so that no password is sent on', async (t) => {
  const { visitor, app, server } = await attackScene(t, { fields: { logoutUris: ['https://app.example/bye'] } })
  const { url } = await authorizationOf(app)
  const posted = await postRaw(server, '/auth', url.search.slice(1))
  assert.equal(posted.status, 303)
  assert.match(String(posted.raw.headers.location), /^\/oidc\/auth\?/)
  const ended = await postRaw(server, '/session/end', { client_id: app.client.id })
  assert.equal(ended.status, 303)
  await visitor.open(`/oidc/session/end?client_id=${app.client.id}`)
  const query = new URLSearchParams({ client_id: app.client.id, post_logout_redirect_uri: 'https://app.example/bye' })
  const confirmed = await visitor.submit(`/oidc/session/end/confirm?${query}`, {})
  assert.equal(confirmed.statusCode, 200)
  assert.match(confirmed.body, /http-equiv="refresh" content="0; url=https:\/\/app\.example\/bye"/)
})

test('a path that is written another way is the same endpoint or none', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const { url } = await authorizationOf(app)
  for (const path of ['/oidc/%61uth', '/oidc/auth/']) {
    const at = await follow(visitor, `${path}${url.search}`)
    assert.ok(at.searchParams.get('code'), `${path} leads to ${at}`)
  }
  for (const path of [
    '/oidc//auth',
    '/oidc/Auth',
    '/OIDC/auth',
    '/oidc/auth;x',
    '/oidc/./x',
    '/oidc/session',
    '/oidc/ciba',
    '/oidc/backchannel',
    '/oidc/reg',
  ])
    assert.equal((await visitor.open(`${path}${url.search}`)).statusCode, 404, path)
  for (const path of ['/oidc/auth/..%2fauth', '/oidc/auth/xx'])
    assertStays(await visitor.open(`${path}${url.search}`), path)
  assert.equal((await ask(server, 'GET', '/oidc/jwk%73')).status, 200)
})

/** No link, form or refresh of a page leads to another site. */
function assertLinksStay(body: string, about: string): void {
  assert.doesNotMatch(body, /<a href=[^"]/, about)
  for (const [, target = ''] of body.matchAll(/ (?:href|content|action)="(?:0; url=)?([^"]*)"/g))
    assert.doesNotMatch(target, /^(?:https?:)?\/\/(?:evil|app)\.example|^javascript:/, about)
}
