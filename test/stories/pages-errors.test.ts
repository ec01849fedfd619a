// Error pages, a wrong host name, and well-known URLs.
import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import { assertLeadsTo, assertShowsCodes, authenticatorOn, signsIn } from '../support/pages/page-answers.ts'
import { adminScene, setupPath, visitorScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, PASSWORD } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const PUBLIC = { public_url: 'https://id.example.org' }

test('an error page gives the id that the log knows, to be copied, in the reader’s language', async (t) => {
  const server = await start(t)
  const pages = [
    ['en', 'Not found', /If you ask for help, give this request ID:/],
    ['de', 'Nicht gefunden', /Wenn Sie um Hilfe bitten, nennen Sie diese Anfrage-ID:/],
  ] as const
  for (const [language, title, said] of pages) {
    const answer = await new Visitor(server, { language }).open('/no-such-page')
    assert.equal(answer.statusCode, 404)
    const page = parsePage(answer)
    assert.deepEqual([page.language, page.heading], [language, title])
    assert.match(page.text, said)
    assert.equal(page.part('request-id').exact, answer.headers['x-request-id'])
    assert.equal(page.count('[data-copies=request-id]'), 1)
    assert.doesNotMatch(page.text, /Nothing was changed|nichts geändert/)
  }
})

leaveToTestAll()

test('a URL that cannot be decoded is answered with a page to browsers and a problem document to programs', async (t) => {
  const server = await start(t, { settings: { instance_name: 'Acme', accent: '#7a2e8e' } })
  const visitor = new Visitor(server, { language: 'de' })
  visitor.cookies.set('theme', 'dark')
  for (const path of ['/%ff', '/%', '/account/%zz', `/invitation/${'x'.repeat(3000)}`, '/docs/%ff', '/docs/nothing']) {
    const { statusCode, headers, body } = await visitor.open(path)
    assert.equal(statusCode, 404, path)
    assert.deepEqual([headers['content-type'], headers['vary']], ['text/html; charset=utf-8', 'accept-language'])
    assert.match(String(headers['content-security-policy']), /require-trusted-types-for/)
    const page = parsePage(body)
    assert.deepEqual([page.language, page.setting('theme'), page.title], ['de', 'dark', 'Nicht gefunden – Acme'])
    assert.equal(page.part('request-id').exact, headers['x-request-id'])
    const style = await visitor.open(page.stylesheet)
    assert.match(style.body, /#7a2e8e/, 'the page does not have the server’s own colours')
    for (const accept of ['application/json', '*/*']) {
      const answer = await visitor.open(path, 'GET', { accept })
      assert.equal(answer.statusCode, 404)
      assert.equal(answer.json<{ code: string }>().code, 'request.not_found')
      assert.match(String(answer.headers['content-security-policy']), /^default-src 'none'/)
    }
  }
})

test('the page of a thing that does not exist leads to the list that it names', async (t) => {
  const { browser } = await adminScene(t)
  for (const [path, list] of [
    ['/admin/hosts/none.example.org', '/admin/hosts'],
    ['/admin/hosts/none.example.org/rules/2?a=/b', '/admin/hosts'],
    ['/admin/apps/none/details', '/admin/apps'],
    ['/admin/attributes/none', '/admin/attributes'],
    ['/admin/resources/none', '/admin/resources'],
    ['/account/apps/none/sign-out', '/account/apps'],
  ] as const) {
    const page = await browser.page(path, 404)
    assert.match(page.main.text, /Go back to the list/, path)
    assert.deepEqual([page.main.link('Go to list'), page.main.link('Go to start page')], [list, '/'], path)
  }
})

test('switching the theme keeps the page with its whole query', async (t) => {
  const { visitor } = await visitorScene(t)
  for (const [path, status] of [
    ['/sign-in?next=%2Faccount%2Fsecurity&because=ended', 200],
    ['/no-such-page?a=1&b=%C3%BC', 404],
    ['/sign-in/help', 200],
  ] as const) {
    const next = (await visitor.page(path, status)).hidden('next') ?? ''
    assert.equal(next, path)
    assertLeadsTo(await visitor.submit('/theme', { theme: 'dark', next }), path)
    assert.equal((await visitor.page(path, status)).setting('theme'), 'dark')
  }
  const elsewhere = { theme: 'light', next: '//evil.example/?next=/account' }
  assertLeadsTo(await visitor.submit('/theme', elsewhere), '/')
})

test('where another request would lose the page, an answer to a form or a page behind a secret link, only a script shows the theme switch', async (t) => {
  const server = await start(t)
  const visitor = new Visitor(server)
  const setup = await setupPath(server)
  const founder = { username: 'ada', email: '', full_name: '', password: PASSWORD }
  const pages = [
    await visitor.page(setup),
    await visitor.pageAfter(setup, { ...founder, password: 'short' }, 422),
    await visitor.page('/invitation/dwl_secret?next=/x', 404),
  ]
  await visitor.submit(setup, founder)
  const app = authenticatorOn(await visitor.page('/enrolment/app'))
  pages.push(await visitor.pageAfter('/enrolment/app', { code: '000000' }, 401))
  const codes = await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) })
  assertShowsCodes(codes, '/admin?done=set-up')
  for (const page of [...pages, parsePage(codes)]) {
    assert.notEqual(page.heading, '')
    assert.equal(page.count('details.themes[hidden]'), 1, page.heading)
    assert.match(page.markup, /\/assets\/modules\/theme\./)
  }
  assert.equal((await visitor.page('/account')).count('.themes[hidden]'), 0)
})

test('a form that was refused before it could do anything says that nothing was changed, once', async (t) => {
  const { admin, visitor } = await visitorScene(t)
  const wrongKind = await visitor.submit('/sign-in', {}, { 'content-type': 'text/plain' })
  assert.equal(wrongKind.statusCode, 415)
  assert.match(parsePage(wrongKind).text, /Reload the page and try again\. Nothing was changed\./)
  await signsIn(visitor, admin)
  const foreign = await visitor.pageAfter('/account', { form_token: 'of another session' }, 403)
  assert.equal(foreign.text.match(/nothing was (changed|saved)/gi)?.length, 1)
  assert.equal(foreign.link('Reload the page'), '/account')
})

test('a GET on a URL for forms only gets a page with a link; programs get a problem document', async (t) => {
  const { server, browser } = await adminScene(t, { language: 'de' })
  const security = '/account/security/sessions/end-others'
  for (const path of ['/theme', security, '/admin/users/1/unlock', '/single-keys']) {
    const answer = await browser.open(path)
    assert.deepEqual([answer.statusCode, answer.headers.allow], [405, 'POST'], path)
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
    const page = parsePage(answer)
    assert.match(page.text, /Methode nicht erlaubt Diese Adresse lässt sich nicht direkt öffnen/)
    assert.match(page.banner.text, /root/)
    assert.equal(page.link('Zur Startseite'), '/')
    const { body, status } = await ask(server, 'PUT', path)
    assert.deepEqual([status, body['detail']], [405, 'This address takes POST.'])
  }
  const route = await browser.open('/attempts')
  assert.equal(route.statusCode, 405)
  assert.equal(route.json<{ detail: string }>().detail, 'This address takes POST.')
})

test('a form that is out of date leads back to the page it was on, never to an address that only takes forms', async (t) => {
  const { browser } = await adminScene(t)
  const send = (headers: Readonly<Record<string, string>>) =>
    browser.submit('/account/security/sessions/end-others', { form_token: 'of another session' }, headers)
  const referer = 'http://localhost:8000/account/security'
  assert.equal(parsePage(await send({ referer })).link('Reload the page'), '/account/security')
  const nobodyKnows = await send({})
  assert.equal(nobodyKnows.statusCode, 403)
  assert.ok(!parsePage(nobodyKnows).has('link', 'Reload the page'))
})

test('an internal error is answered with a page that says what is certain', async (t) => {
  const { server, browser } = await adminScene(t, { expectedErrors: /unhandled error/ })
  await server.doorward.db.schema.dropTable('totp_factor').execute()
  const opened = await browser.page('/account/security', 500)
  assert.match(opened.text, /Something went wrong The problem is on our side.* Nothing was changed\./)
  assert.equal(opened.link('Reload the page'), '/account/security')
  const sent = await browser.pageAfter('/confirm', { password: 'x', code: '123456' }, 500)
  assert.doesNotMatch(sent.text, /Nothing was changed/)
})

test('an error page shows the signed-in user and lets them sign out', async (t) => {
  const { admin, visitor } = await visitorScene(t)
  assert.ok(!(await visitor.page('/no-such-page', 404)).actions().includes('/sign-out'))
  await signsIn(visitor, admin)
  const { banner } = await visitor.page('/no-such-page', 404)
  assert.ok(banner.actions().includes('/sign-out') && banner.text.includes('root'))
  assert.ok((await visitor.page('/admin/users/999', 404)).has('navigation', 'Administration'))
})

test('the page about an error code is in the reader’s language, and in English for programs', async (t) => {
  const visitor = new Visitor(await start(t), { language: 'de' })
  const page = await visitor.page('/problems/totp.last_one')
  assert.equal(page.heading, 'Was dieser Code bedeutet')
  assert.match(
    page.text,
    /Was dieser Code bedeutet Das geht jetzt nicht Ihren einzigen erlaubten zweiten Schritt können Sie nicht entfernen.*Code totp\.last_one HTTP-Status 409 Für Apps Last second step: This is the only/,
  )
  await visitor.page('/problems/no.such_thing', 404)
  await visitor.page('/problems/internal')
})

test('a page opened under another host name shows both, links to the right one, and names the setting', async (t) => {
  const server = await start(t, { settings: PUBLIC })
  const visitor = new Visitor(server)
  for (const path of ['/sign-in?next=/x', '/account', '/setup', '/', '/no-such-page', '/sign-in/help']) {
    const answer = await visitor.open(path, 'GET', { host: 'door.lan:8000' })
    assert.deepEqual([answer.statusCode, answer.headers['set-cookie']], [421, undefined], path)
    const page = parsePage(answer)
    assert.match(page.text, /Server address https:\/\/id\.example\.org You opened https:\/\/door\.lan:8000 /)
    assert.equal(page.linksTo(`https://id.example.org${path}`).length, 1, path)
    assert.match(page.text, /start the server with: DOORWARD_PUBLIC_URL https:\/\/door\.lan:8000/)
  }
  for (const host of ['id.example.org', 'ID.example.org', 'id.example.org:443']) {
    assert.notEqual((await visitor.open('/sign-in', 'GET', { host })).statusCode, 421, host)
  }
  for (const host of ['localhost', '127.0.0.1:8000', 'id.example.org.evil.example', 'id.example.org:8443']) {
    assert.equal((await visitor.open('/sign-in', 'GET', { host })).statusCode, 421, host)
  }
})

test('an invalid host is shown as text', async (t) => {
  const server = await start(t, { settings: PUBLIC })
  const host = '"><script>alert(1)</script>'
  const page = await new Visitor(server).open('/sign-in', 'GET', { host })
  assert.equal(page.statusCode, 421)
  assert.ok(!page.body.includes('<script>alert') && page.body.includes('&lt;script&gt;alert'))
})

test('programs, health checks and assets are answered under any name', async (t) => {
  const server = await start(t, { settings: PUBLIC })
  const visitor = new Visitor(server)
  const { stylesheet } = await visitor.page('/setup')
  const headers = { host: 'door.lan' }
  for (const path of ['/healthz', '/readyz', '/openapi.json', stylesheet]) {
    assert.equal((await visitor.open(path, 'GET', headers)).statusCode, 200, path)
  }
  assert.equal((await visitor.open('/users/me', 'GET', headers)).statusCode, 401)
  assert.equal((await visitor.open('/setup', 'GET', { accept: 'application/json', host: 'door.lan' })).statusCode, 200)
})

test('on the local machine each of its names and ports is accepted', async (t) => {
  const visitor = new Visitor(await start(t))
  for (const host of ['localhost:8000', '127.0.0.1:8000', '127.1.2.3', '[::1]:8000', 'localhost:9000']) {
    assert.equal((await visitor.open('/setup', 'GET', { host })).statusCode, 200, host)
  }
  for (const host of ['door.lan:8000', '192.0.2.7:8000', 'localhost.evil.example', '[2001:db8::1]:8000']) {
    assert.equal((await visitor.open('/setup', 'GET', { host })).statusCode, 421, host)
  }
})

test('behind a proxy that is trusted, the host is the one the browser asked for', async (t) => {
  const server = await start(t, { settings: { ...PUBLIC, trusted_proxies: '127.0.0.1' } })
  const visitor = new Visitor(server)
  const headers = { host: 'backend:8000', 'x-forwarded-host': 'id.example.org' }
  assert.equal((await visitor.open('/setup', 'GET', headers)).statusCode, 200)
  const untrusted = new Visitor(await start(t, { settings: PUBLIC }))
  assert.equal((await untrusted.open('/setup', 'GET', headers)).statusCode, 421)
})

test('password managers are redirected to the page that changes a password', async (t) => {
  const server = await start(t)
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.open('/.well-known/change-password'), '/account/security/password')
  const missing = '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200'
  assert.equal((await visitor.open(missing)).statusCode, 404)
})

test('security.txt names where to report a vulnerability, and expires in half a year', async (t) => {
  const server = await start(t, { settings: { ...PUBLIC, security_contact: 'security@example.org' } })
  const visitor = new Visitor(server)
  const answer = await visitor.open('/.well-known/security.txt', 'GET', { host: 'door.lan' })
  assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
  assert.deepEqual(answer.body.split('\n'), [
    'Contact: mailto:security@example.org',
    `Expires: ${new Date(server.clock.now() + days(180)).toISOString()}`,
    'Canonical: https://id.example.org/.well-known/security.txt',
    '',
  ])
  assert.equal((await new Visitor(await start(t)).open('/.well-known/security.txt')).statusCode, 404)
})
