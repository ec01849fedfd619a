// Error pages, a wrong host name, and well-known URLs.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days } from '../../src/foundation/kernel/time.ts'
import { issueSetupLink } from '../../src/use-cases/onboarding/setup.service.ts'
import {
  assertLeadsTo,
  assertShowsCodes,
  authenticatorOn,
  hiddenIn,
  signsIn,
  wordsOn,
} from '../support/pages/page-answers.ts'
import { ask, firstAdmin, PASSWORD } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

const NAVIGATION = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const PUBLIC = { public_url: 'https://id.example.org' }

test('an error page gives the id that the log knows, to be copied, in the reader’s language', async (t) => {
  const server = await start(t)
  const pages = [
    ['en', 'Not found', /If you ask for help, give this request id:/],
    ['de', 'Nicht gefunden', /Wenn Sie um Hilfe bitten, nennen Sie diese Anfrage-ID:/],
  ] as const
  for (const [language, title, said] of pages) {
    const page = await new Visitor(server, { language }).open('/no-such-page', 'GET', NAVIGATION)
    assert.equal(page.statusCode, 404)
    assert.deepEqual([parsePage(page).language, parsePage(page).heading], [language, title])
    assert.match(wordsOn(page), said)
    assert.ok(page.body.includes(`id="request-id">${String(page.headers['x-request-id'])}</code>`))
    assert.match(page.body, /data-copies="request-id"/)
    assert.doesNotMatch(wordsOn(page), /Nothing was changed|nichts geändert/)
  }
})

test('a URL that cannot be decoded is answered with a page to browsers and a problem document to programs', async (t) => {
  const server = await start(t, { settings: { instance_name: 'Acme', accent: '#7a2e8e' } })
  const visitor = new Visitor(server, { language: 'de' })
  visitor.cookies.set('theme', 'dark')
  for (const path of ['/%ff', '/%', '/account/%zz', `/invitation/${'x'.repeat(3000)}`, '/docs/%ff', '/docs/nothing']) {
    const page = await visitor.open(path, 'GET', NAVIGATION)
    assert.equal(page.statusCode, 404, path)
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
    assert.match(page.body, /<html\s+lang="de"\s+data-theme="dark"[\s\S]*<title>Nicht gefunden – Acme<\/title>/)
    assert.match(String(page.headers['content-security-policy']), /require-trusted-types-for/)
    assert.equal(page.headers['vary'], 'accept-language')
    assert.ok(page.body.includes(`id="request-id">${String(page.headers['x-request-id'])}</code>`))
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(page.body)?.[1] ?? ''
    assert.match((await visitor.open(style)).body, /#7a2e8e/, 'the page does not have the server’s own colours')
    for (const headers of [{ accept: 'application/json' }, { accept: '*/*' }]) {
      const answer = await visitor.open(path, 'GET', headers)
      assert.equal(answer.statusCode, 404)
      assert.equal(answer.json<{ code: string }>().code, 'request.not_found')
      assert.match(String(answer.headers['content-security-policy']), /^default-src 'none'/)
    }
  }
})

test('switching the theme keeps the page with its whole query', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const visitor = new Visitor(server)
  for (const place of [
    '/sign-in?next=%2Faccount%2Fsecurity&because=ended',
    '/no-such-page?a=1&b=%C3%BC',
    '/sign-in/help',
  ]) {
    const { body } = await visitor.open(place, 'GET', NAVIGATION)
    const next = hiddenIn(body, 'next').replaceAll('&amp;', '&')
    assert.equal(next, place)
    assertLeadsTo(await visitor.submit('/theme', { theme: 'dark', next }), place)
    assert.match((await visitor.open(place, 'GET', NAVIGATION)).body, /<html\s+lang="en"\s+data-theme="dark"/)
  }
  const elsewhere = { theme: 'light', next: '//evil.example/?next=/account' }
  assertLeadsTo(await visitor.submit('/theme', elsewhere), '/')
})

test('the theme cannot be switched where that would lose the page: an answer to a form, or a page behind a secret link', async (t) => {
  const server = await start(t)
  const visitor = new Visitor(server)
  const setup = `/setup/${(await issueSetupLink(server.operator()))?.token.reveal() ?? ''}`
  const founder = { username: 'ada', email: '', full_name: '', password: PASSWORD }
  const pages = [
    await visitor.open(setup),
    await visitor.submit(setup, { ...founder, password: 'short' }),
    await visitor.open('/invitation/dwl_secret?next=/x', 'GET', NAVIGATION),
  ]
  await visitor.submit(setup, founder)
  const app = authenticatorOn((await visitor.open('/enrolment/app')).body)
  pages.push(await visitor.submit('/enrolment/app', { code: '000000' }))
  const codes = await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) })
  assertShowsCodes(codes, '/admin/checkup?done=set-up')
  for (const { body } of [...pages, codes]) {
    assert.notEqual(parsePage(body).heading, '')
    assert.doesNotMatch(body, /action="\/theme"/)
  }
  assert.match((await visitor.open('/account')).body, /action="\/theme"/)
})

test('a form that was refused before it could do anything says that nothing was changed, once', async (t) => {
  const server = await start(t)
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server)
  const wrongKind = await visitor.submit('/sign-in', {}, { 'content-type': 'text/plain' })
  assert.equal(wrongKind.statusCode, 415)
  assert.match(wordsOn(wrongKind), /Open the page again\. Nothing was changed\./)
  await signsIn(visitor, admin)
  const foreign = await visitor.submit('/account', { form_token: 'of another session' })
  assert.equal(foreign.statusCode, 403)
  assert.equal(wordsOn(foreign).match(/nothing was changed/gi)?.length, 1)
  assert.equal(parsePage(foreign).link('Open the page again'), '/account')
})

test('a GET on a URL for forms only gets a page with a link; programs get a problem document', async (t) => {
  const server = await start(t)
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server, { language: 'de' })
  await signsIn(visitor, admin)
  for (const path of [
    '/theme',
    '/account/security/sessions/end-others',
    '/admin/users/1/unlock',
    '/admin/activity/export',
  ]) {
    const page = await visitor.open(path, 'GET', NAVIGATION)
    assert.deepEqual([page.statusCode, page.headers.allow], [405, 'POST'], path)
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
    assert.match(wordsOn(page), /Nicht unter dieser Adresse Unter dieser Adresse lässt sich keine Seite öffnen/)
    assert.match(
      page.body,
      new RegExp(`<header class="top">[\\s\\S]*${admin.username}[\\s\\S]*<a href="/">Zur Startseite`),
    )
    const { body, status } = await ask(server, 'PUT', path)
    assert.deepEqual([status, body['detail']], [405, 'This address takes POST.'])
  }
  const route = await visitor.open('/attempts', 'GET', NAVIGATION)
  assert.equal(route.statusCode, 405)
  assert.equal(route.json<{ detail: string }>().detail, 'This address takes POST.')
})

test('a form that is out of date leads back to the page it was on, never to an address that only takes forms', async (t) => {
  const server = await start(t)
  const visitor = new Visitor(server)
  await signsIn(visitor, await firstAdmin(server))
  const send = (headers: Readonly<Record<string, string>>) =>
    visitor.submit('/account/security/sessions/end-others', { form_token: 'of another session' }, headers)
  const referer = 'http://localhost:8000/account/security'
  assert.equal(parsePage(await send({ referer })).link('Open the page again'), '/account/security')
  const nobodyKnows = await send({})
  assert.equal(nobodyKnows.statusCode, 403)
  assert.doesNotMatch(nobodyKnows.body, /Open the page again</)
})

test('an internal error is answered with a page that says what is certain', async (t) => {
  const server = await start(t, { expectedErrors: /unhandled error/ })
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server)
  await signsIn(visitor, admin)
  await server.doorward.db.schema.dropTable('totp_factor').execute()
  const opened = await visitor.open('/account/security')
  assert.equal(opened.statusCode, 500)
  assert.match(wordsOn(opened), /Something went wrong here This is a fault of the server.* Nothing was changed\./)
  assert.equal(parsePage(opened).link('Open the page again'), '/account/security')
  const sent = await visitor.submit('/confirm', { password: 'x', code: '123456' })
  assert.equal(sent.statusCode, 500)
  assert.doesNotMatch(wordsOn(sent), /Nothing was changed/)
})

test('an error page shows the signed-in user and lets them sign out', async (t) => {
  const server = await start(t)
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server)
  assert.doesNotMatch((await visitor.open('/no-such-page', 'GET', NAVIGATION)).body, /action="\/sign-out"/)
  await signsIn(visitor, admin)
  const page = await visitor.open('/no-such-page', 'GET', NAVIGATION)
  assert.match(page.body, new RegExp(`<header class="top">[\\s\\S]*action="/sign-out"[\\s\\S]*${admin.username}`))
  assert.ok(parsePage(await visitor.open('/admin/users/999', 'GET', NAVIGATION)).has('navigation', 'Administration'))
})

test('the page about an error code is in the reader’s language, and in English for programs', async (t) => {
  const visitor = new Visitor(await start(t), { language: 'de' })
  const page = await visitor.open('/problems/totp.last_one')
  assert.equal(parsePage(page).heading, 'totp.last_one')
  assert.match(
    wordsOn(page),
    /totp\.last_one Was dieser Code bedeutet, .* Menschen lesen Das geht jetzt nicht Das ist Ihr einziger zweiter Schritt.*HTTP-Status 409 Für Programme Last second step: This is the only/,
  )
  assert.equal((await visitor.open('/problems/no.such_thing')).statusCode, 404)
  assert.equal((await visitor.open('/problems/internal')).statusCode, 200)
})

test('a page opened under another host name shows both, links to the right one, and names the setting', async (t) => {
  const server = await start(t, { settings: PUBLIC })
  const visitor = new Visitor(server)
  for (const path of ['/sign-in?next=/x', '/account', '/setup', '/', '/no-such-page', '/sign-in/help']) {
    const page = await visitor.open(path, 'GET', { ...NAVIGATION, host: 'door.lan:8000' })
    assert.equal(page.statusCode, 421, path)
    assert.match(wordsOn(page), /Its address https:\/\/id\.example\.org You opened https:\/\/door\.lan:8000 /)
    assert.ok(page.body.includes(`href="https://id.example.org${path}"`), path)
    assert.match(wordsOn(page), /with this setting: DOORWARD_PUBLIC_URL https:\/\/door\.lan:8000/)
    assert.equal(page.headers['set-cookie'], undefined)
  }
  for (const host of ['id.example.org', 'ID.example.org', 'id.example.org:443']) {
    assert.notEqual((await visitor.open('/sign-in', 'GET', { ...NAVIGATION, host })).statusCode, 421, host)
  }
  for (const host of ['localhost', '127.0.0.1:8000', 'id.example.org.evil.example', 'id.example.org:8443']) {
    assert.equal((await visitor.open('/sign-in', 'GET', { ...NAVIGATION, host })).statusCode, 421, host)
  }
})

test('an invalid host is shown as text', async (t) => {
  const server = await start(t, { settings: PUBLIC })
  const host = '"><script>alert(1)</script>'
  const page = await new Visitor(server).open('/sign-in', 'GET', { ...NAVIGATION, host })
  assert.equal(page.statusCode, 421)
  assert.ok(!page.body.includes('<script>alert') && page.body.includes('&lt;script&gt;alert'))
})

test('programs, health checks and assets are answered under any name', async (t) => {
  const server = await start(t, { settings: PUBLIC })
  const visitor = new Visitor(server)
  const headers = { ...NAVIGATION, host: 'door.lan' }
  for (const path of ['/healthz', '/readyz', '/openapi.json']) {
    assert.equal((await visitor.open(path, 'GET', headers)).statusCode, 200, path)
  }
  const style = /href="(\/assets\/[^"]+\.css)"/.exec((await visitor.open('/setup')).body)?.[1] ?? ''
  assert.equal((await visitor.open(style, 'GET', headers)).statusCode, 200)
  assert.equal((await visitor.open('/users/me', 'GET', headers)).statusCode, 401)
  assert.equal((await visitor.open('/setup', 'GET', { accept: 'application/json', host: 'door.lan' })).statusCode, 200)
})

test('on the local machine each of its names and ports is accepted', async (t) => {
  const visitor = new Visitor(await start(t))
  for (const host of ['localhost:8000', '127.0.0.1:8000', '127.1.2.3', '[::1]:8000', 'localhost:9000']) {
    assert.equal((await visitor.open('/setup', 'GET', { ...NAVIGATION, host })).statusCode, 200, host)
  }
  for (const host of ['door.lan:8000', '192.0.2.7:8000', 'localhost.evil.example', '[2001:db8::1]:8000']) {
    assert.equal((await visitor.open('/setup', 'GET', { ...NAVIGATION, host })).statusCode, 421, host)
  }
})

test('behind a proxy that is trusted, the host is the one the browser asked for', async (t) => {
  const server = await start(t, { settings: { ...PUBLIC, trusted_proxies: '127.0.0.1' } })
  const visitor = new Visitor(server)
  const headers = { ...NAVIGATION, host: 'backend:8000', 'x-forwarded-host': 'id.example.org' }
  assert.equal((await visitor.open('/setup', 'GET', headers)).statusCode, 200)
  const untrusted = new Visitor(await start(t, { settings: PUBLIC }))
  assert.equal((await untrusted.open('/setup', 'GET', headers)).statusCode, 421)
})

test('password managers are redirected to the page that changes a password', async (t) => {
  const server = await start(t)
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.open('/.well-known/change-password'), '/account/security/password')
  const missing = await visitor.open('/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200')
  assert.equal(missing.statusCode, 404)
})

test('security.txt names where to report a vulnerability, and expires in half a year', async (t) => {
  const server = await start(t, { settings: { ...PUBLIC, security_contact: 'security@example.org' } })
  const visitor = new Visitor(server)
  const answer = await visitor.open('/.well-known/security.txt', 'GET', { host: 'door.lan', ...NAVIGATION })
  assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
  assert.deepEqual(answer.body.split('\n'), [
    'Contact: mailto:security@example.org',
    `Expires: ${new Date(server.clock.now() + days(180)).toISOString()}`,
    'Canonical: https://id.example.org/.well-known/security.txt',
    '',
  ])
  assert.equal((await new Visitor(await start(t)).open('/.well-known/security.txt')).statusCode, 404)
})
