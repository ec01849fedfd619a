// RFC 8628 §5 at sign-ins on devices: guessed codes, codes that come by message, devices and apps that ask for what they may not.
import assert from 'node:assert/strict'

import { fieldsOf } from '#domain/clients/client-fields.ts'
import { setClientDisabled, updateClient } from '#domain/clients/client.service.ts'
import type { ClientFields } from '#domain/clients/client.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { registerApp } from '../support/openid/apps.ts'
import {
  attackScene,
  basic,
  changeApp,
  codeFor,
  isAlive,
  postAs,
  postRaw,
  refreshAs,
} from '../support/openid/attack-scene.ts'
import { allows, codesFor, DEVICE_GRANT, PLAYER, poll, typesCode } from '../support/openid/devices.ts'
import { assertLeadsTo, signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

/** Wrong codes of one user until the first wait. */
const ALLOWED = 10

/** A code that no device shows: different ones, as who guesses types. */
function wrongCode(turn: number): string {
  const letters = 'BCDFGHJKLMNPQRSTVWXZ'
  return `ZZZZZZ${letters[Math.floor(turn / 20) % 20]}${letters[turn % 20]}`
}

async function guess(visitor: Visitor, turn: number): Promise<number> {
  return (await visitor.submit('/oidc/device', { user_code: wrongCode(turn) })).statusCode
}

async function approvals({ doorward }: Server): Promise<number> {
  const rows = await doorward.db
    .selectFrom('client_token')
    .select('id')
    .where('kind', '=', 'device')
    .where('subject', 'is not', null)
    .execute()
  return rows.length
}

test('RFC 8628 §5.1: who guesses user codes waits after ten, and a right one in between forgives none', async (t) => {
  const scene = await attackScene(t, { fields: PLAYER })
  const { server, visitor, app, clock, admin } = scene
  const ben = await signedInBrowser(await newcomer(await admin.signsIn(), 'ben'))
  for (let turn = 0; turn < ALLOWED; turn++) {
    assert.equal(await guess(visitor, turn), 422, `guess ${turn}`)
    if (turn === ALLOWED / 2) await typesCode(visitor, (await codesFor(server, app)).userCode)
  }
  const { userCode } = await codesFor(server, app)
  const blocked = await visitor.submit('/oidc/device', { user_code: userCode })
  assert.equal(blocked.statusCode, 429)
  assert.ok(Number(blocked.headers['retry-after']) > 0)
  assert.equal((await visitor.submit('/oidc/device/allow', { user_code: userCode, revision: '1' })).statusCode, 429)
  assert.equal((await visitor.submit('/oidc/device/deny', { user_code: userCode })).statusCode, 429)
  assert.equal(await approvals(server), 0)
  // Another user of the network goes on, and so do sign-ins.
  await typesCode(ben, userCode)
  await signsIn(new Visitor(server), admin)
  clock.pass(seconds(31))
  await typesCode(visitor, userCode)
})

test('RFC 8628 §5.4: a URL with the code allows nothing, and the question names the app, where the device is and when it asked', async (t) => {
  const scene = await attackScene(t, { fields: PLAYER })
  const { server, visitor, app, clock } = scene
  const codes = await codesFor(server, app, {}, { remoteAddress: '203.0.113.7' })
  clock.pass(minutes(3))
  const opened = await visitor.open(`/oidc/device?user_code=${codes.userCode}`)
  assert.equal(opened.statusCode, 200)
  assert.doesNotMatch(opened.body, /Player|Allow/)
  assertLeadsTo(await visitor.open(`/device?user_code=${codes.userCode}`), `/oidc/device?user_code=${codes.userCode}`)
  const { body } = await visitor.submit('/oidc/device', { user_code: codes.userCode })
  for (const part of [
    /Player/,
    /If someone sent you the code, deny it/,
    /203\.0\.113\.7/,
    /another network/,
    /3 minutes ago/,
  ])
    assert.match(body, part)
  assert.equal((await poll(server, app, codes)).body['error'], 'authorization_pending')
  assert.equal(await approvals(server), 0)
})

test('RFC 8628 §3.5: a device that asks too often is told to slow down, by 400, and gets its tokens all the same', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t, { fields: PLAYER })
  const codes = await codesFor(server, app)
  const ask = async () => {
    const { status, body } = await poll(server, app, codes)
    return [status, body['error']]
  }
  assert.deepEqual(await ask(), [400, 'authorization_pending'])
  assert.deepEqual(await ask(), [400, 'slow_down'])
  clock.pass(seconds(5))
  assert.deepEqual(await ask(), [400, 'authorization_pending'])
  assert.deepEqual(await ask(), [400, 'slow_down'])
  await allows(visitor, codes.userCode)
  assert.deepEqual(await ask(), [200, undefined])
})

leaveToTestAll()

test('RFC 8628 §5.1: the users of one network together wait after a hundred wrong codes', async (t) => {
  const { server, visitor, app, admin } = await attackScene(t, { fields: PLAYER })
  const ben = await newcomer(await admin.signsIn(), 'ben')
  const [here, elsewhere] = [await signedInBrowser(ben), new Visitor(server, { ipAddress: '198.51.100.7' })]
  await signsIn(elsewhere, ben)
  const network = {
    key: 'user-code-network:127.0.0.1',
    failures: 99,
    last_failure_at: server.clock.now(),
    blocked_until: 0,
  }
  await server.doorward.db.insertInto('throttle_bucket').values(network).execute()
  assert.equal(await guess(visitor, 0), 422)
  const { userCode } = await codesFor(server, app)
  assert.equal((await here.submit('/oidc/device', { user_code: userCode })).statusCode, 429)
  await typesCode(elsewhere, userCode)
})

test('RFC 8628 §5.1: without a session no code can be tried, and what is no code is no guess', async (t) => {
  const { server, visitor, app } = await attackScene(t, { fields: PLAYER })
  const { userCode } = await codesFor(server, app)
  const stranger = new Visitor(server)
  const [right, wrong] = [
    await stranger.open(`/oidc/device?user_code=${userCode}`),
    await stranger.open('/oidc/device?user_code=ZZZZ-ZZZZ'),
  ]
  assert.equal(right.statusCode, 303)
  assert.equal(right.headers.location?.replace(userCode, ''), wrong.headers.location?.replace('ZZZZ-ZZZZ', ''))
  for (const path of ['/oidc/device', '/oidc/device/allow', '/oidc/device/deny']) {
    const { statusCode, headers } = await stranger.submit(path, { user_code: userCode, revision: '1' })
    assert.ok(statusCode === 303 || statusCode === 403, `${path}: ${statusCode}`)
    assert.match(String(headers.location ?? '/sign-in'), /^\/sign-in/)
  }
  for (const text of ['', 'ZZZZ', 'Z'.repeat(5000), '1234-5678', "' or 1=1 --", '\0'])
    for (let turn = 0; turn < 3; turn++)
      assert.equal((await visitor.submit('/oidc/device', { user_code: text })).statusCode, 422, text)
  assert.equal(await guess(visitor, 0), 422, 'they were counted')
  const rows = await server.doorward.db.selectFrom('throttle_bucket').select('key').execute()
  assert.deepEqual(rows.filter(({ key }) => key.startsWith('user-code')).length, 2)
})

test('RFC 8628 §5.2: a device code is worth something to its own app alone, and once', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t, { fields: PLAYER })
  const other = await registerApp(server, { ...PLAYER, name: 'Other player' })
  const codes = await codesFor(server, app)
  await allows(visitor, codes.userCode)
  const given = await codeFor(visitor, app)
  for (const [about, as, value] of [
    ['another app', other, codes.deviceCode],
    ['a changed code', app, `${codes.deviceCode}x`],
    ['a code of the browser', app, given.code],
    ['a device code with another prefix', app, given.code.replace('dwk_', 'dwv_')],
    ['the code that the user types', app, codes.userCode],
  ] as const) {
    const { status, body } = await poll(server, as, { deviceCode: value })
    assert.deepEqual([status, body['error']], [400, 'invalid_grant'], about)
  }
  const asCode = await postAs(server, app, '/token', { grant_type: 'authorization_code', code: codes.deviceCode })
  assert.equal(asCode.status, 400)
  const { body } = await poll(server, app, codes)
  assert.equal(await isAlive(server, app, body['access_token']), true)
  const beside = (
    await postAs(server, app, '/token', {
      grant_type: 'authorization_code',
      code: given.code,
      redirect_uri: given.redirectUri,
      code_verifier: given.verifier,
    })
  ).body
  // A second use ends what the first one got, also after the code has expired, and nothing of the browser.
  assert.equal((await poll(server, app, codes)).body['error'], 'invalid_grant')
  assert.equal(await isAlive(server, app, body['access_token']), false)
  assert.equal((await refreshAs(server, app, body['refresh_token'])).status, 400)
  assert.equal(await isAlive(server, app, beside['access_token']), true)
  const late = await codesFor(server, app)
  await allows(visitor, late.userCode)
  const second = (await poll(server, app, late)).body
  clock.pass(minutes(11))
  const { body: refreshed } = await refreshAs(server, app, second['refresh_token'])
  assert.equal((await poll(server, app, late)).body['error'], 'expired_token')
  assert.equal(await isAlive(server, app, refreshed['access_token']), false, 'a late reuse')
})

test('RFC 8628 §5.4: every app asks, trusted ones and for what was allowed before too, and denying is final', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t, { fields: { ...PLAYER, trusted: true } })
  for (let turn = 0; turn < 2; turn++) {
    const codes = await codesFor(server, app)
    const fields = await typesCode(visitor, codes.userCode)
    assert.equal((await poll(server, app, codes)).body['error'], 'authorization_pending')
    const { body } = await visitor.submit('/oidc/device/allow', fields)
    assert.match(body, /signed in/)
  }
  const codes = await codesFor(server, app)
  await visitor.submit('/oidc/device/deny', await typesCode(visitor, codes.userCode))
  for (let turn = 0; turn < 2; turn++) {
    const { status, body } = await poll(server, app, codes)
    assert.deepEqual([status, body['error']], [400, 'access_denied'])
  }
  assert.equal(
    (await visitor.submit('/oidc/device/allow', { user_code: codes.userCode, revision: '1' })).statusCode,
    422,
  )
  clock.pass(minutes(10))
  assert.equal((await poll(server, app, codes)).body['error'], 'expired_token')
  const events = await server.doorward.db.selectFrom('audit_event').select(['action', 'details']).execute()
  const ours = events.filter(({ action }) => action.startsWith('device_code.'))
  assert.deepEqual(
    ours.map(({ action }) => action),
    ['device_code.approved', 'device_code.approved', 'device_code.denied'],
  )
  assert.equal((JSON.parse(ours[0]?.details ?? '{}') as { app?: string }).app, 'Player')
})

test('a button that is pressed twice says the same twice', async (t) => {
  const { server, visitor, app } = await attackScene(t, { fields: PLAYER })
  for (const [word, said] of [
    ['allow', /The device is signed in/],
    ['deny', /The device isn’t signed in/],
  ] as const) {
    const fields = await typesCode(visitor, (await codesFor(server, app)).userCode)
    const answers = await visitor.submitTwice(`/oidc/device/${word}`, fields)
    for (const { body } of answers) assert.match(body, said)
  }
  assert.equal(await approvals(server), 1)
})

test('RFC 8628 §5.4: the forms that allow and deny are accepted from our own pages only, and no frame shows them (CSRF, clickjacking)', async (t) => {
  const { server, visitor, app } = await attackScene(t, { fields: PLAYER })
  const { userCode } = await codesFor(server, app)
  const fields = await typesCode(visitor, userCode)
  for (const path of ['/oidc/device', '/oidc/device/allow', '/oidc/device/deny']) {
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    assert.equal((await visitor.submit(path, fields, foreign)).statusCode, 403, path)
    assert.equal((await visitor.submit(path, { ...fields, form_token: 'x'.repeat(43) })).statusCode, 403, path)
    assert.equal(
      (await visitor.open(path === '/oidc/device' ? path : `${path}?user_code=${userCode}`)).statusCode,
      path === '/oidc/device' ? 200 : 405,
    )
  }
  assert.equal(await approvals(server), 0)
  const { headers } = await visitor.submit('/oidc/device', { user_code: userCode })
  assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
  assert.equal(headers['referrer-policy'], 'same-origin')
  assert.match(String(headers['cache-control']), /^no-store\b/)
})

test('a session or an API token that a program sends allows no device', async (t) => {
  const { server, admin, app } = await attackScene(t, { fields: PLAYER })
  const { userCode } = await codesFor(server, app)
  const { token } = await admin.signsIn()
  const made = await apiTokenOf(admin, ['self:read', 'users:write'])
  for (const value of [token, made.token]) {
    const bearer = { authorization: `Bearer ${value}` }
    const program = new Visitor(server)
    assert.match(String((await program.open('/oidc/device', 'GET', bearer)).headers.location), /^\/sign-in/)
    for (const path of ['/oidc/device', '/oidc/device/allow', '/oidc/device/deny']) {
      const { statusCode, body } = await program.submit(path, { user_code: userCode, revision: '1' }, bearer)
      assert.ok(statusCode === 303 || statusCode === 401 || statusCode === 403, `${path}: ${statusCode}`)
      assert.doesNotMatch(body, /Player/)
    }
  }
  assert.equal(await approvals(server), 0)
})

test('only an app whose row says so gets device codes, and loses them with that', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t)
  const refused = await postAs(server, app, '/device/auth', { scope: 'openid' })
  assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_request'])
  const set = (change: Partial<ClientFields>) =>
    changeApp(server, app, (tx, client) => updateClient(tx, client, { ...fieldsOf(client), ...change }))
  await set({ deviceSignIn: true })
  const [shown, allowed] = [await codesFor(server, app), await codesFor(server, app)]
  const fields = await typesCode(visitor, shown.userCode)
  await allows(visitor, allowed.userCode)
  await set({ deviceSignIn: false })
  assert.equal((await visitor.submit('/oidc/device/allow', fields)).statusCode, 422)
  assert.match(String((await poll(server, app, allowed)).body['error']), /^(?:unauthorized_client|invalid_request)$/)
  await set({ deviceSignIn: true })
  // The app was changed since the page was shown, so the user is asked again.
  const again = await visitor.submit('/oidc/device/allow', fields)
  assert.match(again.body, /has just changed/)
  assert.equal((await poll(server, app, shown)).body['error'], 'authorization_pending')
  await changeApp(server, app, (tx, client) => setClientDisabled(tx, client, true))
  assert.equal((await visitor.submit('/oidc/device', { user_code: shown.userCode })).statusCode, 422)
  clock.pass(seconds(5))
  assert.equal((await poll(server, app, shown)).status, 401)
  for (const body of [{ scope: 'openid roles' }, { scope: 'openid', id_token_hint: 'x' }]) {
    await changeApp(server, app, (tx, client) => setClientDisabled(tx, client, false))
    assert.equal((await postAs(server, app, '/device/auth', body)).status, 400, JSON.stringify(body))
  }
  const sub = JSON.stringify({ id_token: { sub: { value: 'somebody' } } })
  const claimed = await postAs(server, app, '/device/auth', { scope: 'openid', claims: sub })
  assert.deepEqual([claimed.status, claimed.body['error']], [400, 'invalid_request'])
})

test('a device gets no weaker or older authentication than it or its app asks for', async (t) => {
  const { server, visitor, app, clock, admin } = await attackScene(t, { fields: PLAYER })
  clock.pass(minutes(20))
  for (const wanted of [{ max_age: '60' }, { max_age: '0' }]) {
    const { userCode } = await codesFor(server, app, wanted)
    const led = await visitor.submit('/oidc/device', { user_code: userCode })
    const at = new URL(String(led.headers.location), 'http://localhost:8000')
    assert.deepEqual([at.pathname, at.searchParams.has('since')], ['/confirm', true], JSON.stringify(wanted))
    assert.match(String(at.searchParams.get('next')), /^\/oidc\/device\?user_code=[A-Z]{8}$/)
    // The form that allows asks as well.
    assert.equal((await visitor.submit('/oidc/device/allow', { user_code: userCode, revision: '1' })).statusCode, 303)
  }
  const strong = await codesFor(server, app, { acr_values: 'phr' })
  assert.equal((await visitor.submit('/oidc/device', { user_code: strong.userCode })).statusCode, 403)
  assert.equal(
    (await visitor.submit('/oidc/device/allow', { user_code: strong.userCode, revision: '1' })).statusCode,
    403,
  )
  assert.equal(await approvals(server), 0)
  await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...fieldsOf(client), maxAge: 600 }))
  const { userCode } = await codesFor(server, app)
  assert.match(
    String((await visitor.submit('/oidc/device', { user_code: userCode })).headers.location),
    /^\/confirm\?since=/,
  )
  await signsIn(visitor, admin)
  clock.pass(0)
  await allows(visitor, userCode)
})

test('RFC 8628 §5.6: devices of a public app fill no table, and an unknown app or a wrong secret gets no code', async (t) => {
  const { server, app } = await attackScene(t, { fields: { ...PLAYER, kind: 'native', authMethod: 'none' } })
  const closed = await registerApp(server, { ...PLAYER, name: 'Other player' })
  const wrong = await postRaw(
    server,
    '/device/auth',
    { scope: 'openid' },
    { headers: basic(closed.client.id, 'dwc_wrong') },
  )
  const unknown = await postRaw(server, '/device/auth', { scope: 'openid', client_id: 'none' })
  assert.deepEqual([wrong.status, unknown.status], [401, 401])
  for (let turn = 1; turn < ALLOWED; turn++)
    await postRaw(server, '/device/auth', { scope: 'openid' }, { headers: basic(closed.client.id, 'dwc_wrong') })
  assert.equal((await postAs(server, closed, '/device/auth', { scope: 'openid' })).status, 429)
  const statuses: number[] = []
  for (let turn = 0; turn < 605; turn++)
    statuses.push((await postAs(server, app, '/device/auth', { scope: 'openid' })).status)
  assert.deepEqual([statuses.indexOf(429), statuses.lastIndexOf(200)], [600, 599])
})

test('a device gets nothing once the user who allowed it is disabled, or has signed out, before it asks', async (t) => {
  const scene = await attackScene(t, { fields: { ...PLAYER, scopes: ['openid', 'profile', 'offline_access'] } })
  const { server, app, admin } = scene
  for (const [scope, end] of [
    ['openid profile', (browser: Visitor) => browser.submit('/sign-out', {})],
    [
      'openid offline_access',
      () => server.doorward.db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'ben').execute(),
    ],
  ] as const) {
    const ben = await newcomer(await admin.signsIn(), scope === 'openid profile' ? 'ada' : 'ben')
    const browser = await signedInBrowser(ben)
    const codes = await codesFor(server, app, { scope })
    await allows(browser, codes.userCode)
    await end(browser)
    const { status, body } = await poll(server, app, codes)
    assert.deepEqual([status, body['error']], [400, 'invalid_grant'], scope)
  }
})

test('no user code or device code stands in the log, in a URL that the app learns, or in an event', async (t) => {
  const { server, visitor, app } = await attackScene(t, { fields: PLAYER })
  const codes = await codesFor(server, app)
  await visitor.open(`/device?user_code=${codes.userCode}`)
  await visitor.open(`/oidc/device?user_code=${codes.userCode}`)
  await allows(visitor, codes.userCode)
  await poll(server, app, codes)
  const events = await server.doorward.db.selectFrom('audit_event').select('details').execute()
  const kept = server.logText() + JSON.stringify(events)
  assert.match(kept, /\/oidc\/device/)
  for (const value of [codes.deviceCode, codes.userCode, codes.userCode.replace('-', '')])
    assert.ok(!kept.includes(value), value)
  assert.ok(kept.includes('device_ip'))
  assert.ok(!kept.includes(DEVICE_GRANT))
})
