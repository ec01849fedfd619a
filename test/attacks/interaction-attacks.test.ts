// RFC 9700 §4 at the pages between an app and its user: whose sign-in an app gets, what counts as an authentication or an agreement, and what a
// stolen URL is worth.
import assert from 'node:assert/strict'

import { setClientDisabled, updateClient } from '#domain/clients/client.service.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { authorizationOf, exchange, follow, registerApp } from '../support/openid/apps.ts'
import { type AttackScene, attackScene, changeApp, codeFor, openAt } from '../support/openid/attack-scene.ts'
import { consentsIn } from '../support/openid/consents.ts'
import { assertLeadsTo, signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { newcomer, type Person } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const ON_DEVICE = { kind: 'native', authMethod: 'none', redirectUris: ['http://127.0.0.1/callback'] } as const

async function adaOf({ admin }: AttackScene): Promise<Person> {
  return newcomer(await admin.signsIn(), 'ada')
}

/** Opens an authorization; returns the path of its interaction. */
async function begins(visitor: Visitor, url: URL): Promise<string> {
  const { headers } = await openAt(visitor, url)
  assert.match(String(headers.location), /^\/oidc\/interaction\/[\w-]+$/)
  return String(headers.location)
}

function resumeOf(interaction: string): string {
  return interaction.replace('/interaction/', '/auth/')
}

test('RFC 9700 §4.7: who opens the stolen URL of an authorization signs nobody in but themselves (login CSRF)', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app } = scene
  const stranger = new Visitor(server)
  const interaction = await begins(stranger, (await authorizationOf(app)).url)
  assertLeadsTo(await visitor.open(interaction), resumeOf(interaction))
  // It began in another browser, so it does not go on in this one.
  const refused = await visitor.page(resumeOf(interaction), 400)
  assert.match(refused.heading, /took too long/)
  // The outcome of the victim does not go on in the browser of the stranger, whoever is signed in there.
  assertLeadsTo(await stranger.open(resumeOf(interaction)), interaction)
  assert.equal((await follow(stranger, interaction)).pathname, '/sign-in')
  const ada = await adaOf(scene)
  await signsIn(stranger, ada)
  assertLeadsTo(await stranger.open(resumeOf(interaction)), interaction)
  const at = await follow(stranger, interaction)
  assert.ok(at.searchParams.get('code'), at.href)
})

test('a sign-in that comes in between is the one that the app gets, and never a page of the library', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app, clock } = scene
  const ada = await adaOf(scene)
  clock.pass(minutes(30))
  const asked = await authorizationOf(app, { prompt: 'login' })
  const interaction = await begins(visitor, asked.url)
  assert.match(String((await visitor.open(interaction)).headers.location), /^\/confirm\?since=/)
  await visitor.submit('/sign-out', {})
  // Before it has authenticated, the session that was there is replaced by one of another person.
  await signsIn(visitor, ada)
  clock.pass(0)
  const tokens = await exchange(app, await follow(visitor, interaction), asked)
  const { subject } = await server.doorward.db
    .selectFrom('users')
    .select('subject')
    .where('username', '=', 'ada')
    .executeTakeFirstOrThrow()
  assert.equal(tokens.claims()?.sub, subject)
})

test('agreeing is no authentication: its form does not answer a page that asks to authenticate again', async (t) => {
  const { visitor, app, clock } = await attackScene(t)
  clock.pass(minutes(30))
  await visitor.open('/account')
  for (const parameters of [{ prompt: 'login' }, { max_age: '60' }]) {
    const interaction = await begins(visitor, (await authorizationOf(app, parameters)).url)
    assertLeadsTo(await visitor.submit(`${interaction}/consent`, {}), interaction)
    assert.match(String((await visitor.open(interaction)).headers.location), /^\/confirm\?since=/)
    // Nothing was stored, so the library asks for the same once more.
    const again = await visitor.open(resumeOf(interaction))
    assert.match(String(again.headers.location), /^\/oidc\/interaction\//)
  }
})

test('a session or an API token that a program sends is nobody at the pages of the provider', async (t) => {
  const { server, admin, app, visitor } = await attackScene(t, { fields: ON_DEVICE })
  const { token } = await admin.signsIn()
  const made = await apiTokenOf(admin, ['self:read', 'users:write'])
  for (const value of [token, made.token]) {
    const bearer = { authorization: `Bearer ${value}` }
    const program = new Visitor(server)
    const asked = await authorizationOf(app, { prompt: 'none' })
    const at = await openAt(program, asked.url, bearer)
    assert.equal(new URL(String(at.headers.location)).searchParams.get('error'), 'login_required')
    const { headers } = await openAt(program, (await authorizationOf(app)).url, bearer)
    const interaction = String(headers.location)
    const led = await program.open(interaction, 'GET', bearer)
    assert.match(String(led.headers.location), /^\/sign-in\?next=/)
    for (const word of ['consent', 'deny', 'unmet', 'other']) {
      const { statusCode, headers: sent } = await program.submit(`${interaction}/${word}`, {}, bearer)
      if (statusCode !== 403) assert.match(String(sent.location), /^\/(?:sign-in|oidc\/interaction\/)/, word)
    }
    assert.match(
      String((await program.open(resumeOf(interaction), 'GET', bearer)).headers.location),
      /^\/oidc\/interaction/,
    )
    await program.open('/oidc/session/end', 'GET', bearer)
    await program.submit('/oidc/session/end/confirm', {}, bearer)
  }
  assert.equal((await admin.asks('GET', '/session')).status, 200, 'the session of the program was ended')
  assert.equal((await visitor.open('/account')).statusCode, 200)
})

leaveToTestAll()

test('a stolen session cannot take the place of one that has authenticated again', async (t) => {
  const scene = await attackScene(t, { fields: ON_DEVICE })
  const { server, visitor, app, clock } = scene
  const ada = await adaOf(scene)
  clock.pass(minutes(30))
  const thief = await signedInBrowser(ada)
  clock.pass(seconds(1))
  const asked = await authorizationOf(app, { max_age: '60', prompt: 'login consent' })
  // The thief authenticates with the own account until the page asks to agree.
  let interaction = await begins(thief, asked.url)
  clock.pass(seconds(30))
  const confirm = String((await thief.open(interaction)).headers.location)
  const { password } = ada
  await thief.page(confirm)
  assert.equal((await thief.submit(confirm, { password, code: ada.code() })).statusCode, 200)
  clock.pass(0)
  assertLeadsTo(await thief.open(interaction), resumeOf(interaction))
  interaction = String((await thief.open(resumeOf(interaction))).headers.location)
  assert.match((await thief.page(interaction)).heading, /Wiki/)
  // Then the stolen cookie, whose session was authenticated half an hour ago.
  const stolen = visitor.cookies.get('session') ?? assert.fail()
  thief.cookies.set('session', stolen)
  await thief.open('/account')
  const answer = await thief.submit(`${interaction}/consent`, {})
  const at = answer.statusCode === 303 ? String(answer.headers.location) : resumeOf(interaction)
  const end = await follow(thief, at)
  assert.equal(end.searchParams.get('code'), null, end.href)
  assert.equal(end.pathname, '/confirm')
  assert.equal(server.logLines.filter(({ level }) => level === 'error').length, 0)
})

test('a registration that an app asks for is no authentication', async (t) => {
  const { visitor, app, clock } = await attackScene(t, {
    settings: { registration: 'open', mail_host: 'smtp.example.org', mail_from: 'doorward@example.org' },
  })
  clock.pass(minutes(20))
  const asked = await authorizationOf(app, { prompt: 'create', max_age: '60' })
  assert.equal((await follow(visitor, asked.url)).pathname, '/confirm')
})

/** A trusted program on the device, and an app that is not trusted: each has a page on which its user agrees. */
const ASKING = { 'that continue': ON_DEVICE, 'of consent': { trusted: false } } as const

for (const [what, fields] of Object.entries(ASKING))
  test(`RFC 9700 §4.7: the forms ${what}, refuse and sign out are accepted from our own pages only (CSRF)`, async (t) => {
    const { visitor, app, server } = await attackScene(t, { fields })
    const interaction = await begins(visitor, (await authorizationOf(app)).url)
    const forms = ['consent', 'deny', 'unmet', 'other'].map((word) => `${interaction}/${word}`)
    for (const form of [...forms, '/oidc/session/end/confirm']) {
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
      assert.equal((await visitor.submit(form, {}, foreign)).statusCode, 403, form)
      assert.equal((await visitor.submit(form, { form_token: 'x'.repeat(43) })).statusCode, 403, form)
    }
    assert.equal((await visitor.open('/account')).statusCode, 200, 'the session has ended')
    assert.equal((await visitor.page(interaction)).heading.includes('Wiki'), true)
    const { result } = JSON.parse(await interactionIn(server)) as { result?: unknown }
    assert.equal(result, undefined)
    assert.deepEqual((await consentsIn(server)).items, [])
  })

for (const [what, fields] of Object.entries(ASKING))
  test(`RFC 9700 §4.16: no page of the provider, with the forms ${what}, may be framed, and none lets a code or token leave in \`Referer\``, async (t) => {
    const { visitor, app } = await attackScene(t, { fields })
    const interaction = await begins(visitor, (await authorizationOf(app)).url)
    const pages = [interaction, '/oidc/auth', '/oidc/session/end', '/oidc/interaction/none', '/oidc/auth/none']
    for (const path of pages) {
      const { headers, body, statusCode } = await visitor.open(path)
      const about = `${path} ${statusCode}`
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, about)
      assert.equal(headers['referrer-policy'], 'same-origin', about)
      assert.equal(headers['cache-control'], 'no-store', about)
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin', about)
      assert.doesNotMatch(body, /dw[ktrc]_|<script>|postMessage/, about)
    }
    const agreed = await visitor.submit(`${interaction}/consent`, {})
    assert.equal(agreed.statusCode, 200)
    assert.doesNotMatch(agreed.body, /dwk_/, 'a code stands in a page')
  })

test('RFC 9700 §4.11: an authorization that began goes nowhere once its app is disabled or has lost the redirect URI', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app, admin } = scene
  const other = await registerApp(server, { name: 'Reader' })
  const stranger = new Visitor(server)
  const started = [await begins(stranger, (await authorizationOf(app)).url)]
  started.push(await begins(new Visitor(server), (await authorizationOf(other)).url))
  await changeApp(server, app, (tx, client) =>
    updateClient(tx, client, { ...client, redirectUris: ['https://new.example/cb'] }),
  )
  await changeApp(server, other, (tx, client) => setClientDisabled(tx, client, true))
  await signsIn(stranger, admin)
  assertLeadsTo(await stranger.open(started[0] ?? ''), resumeOf(started[0] ?? ''))
  assert.match((await stranger.page(resumeOf(started[0] ?? ''), 400)).heading, /address/)
  for (const path of [started[1] ?? '', resumeOf(started[1] ?? '')])
    assert.equal((await visitor.open(path)).statusCode, 400)
})

test('the sign-in of one session stays with it: a second sign-in of the same person decides anew', async (t) => {
  const scene = await attackScene(t)
  const { server, app, admin, clock } = scene
  const browser = new Visitor(server)
  const interaction = await begins(browser, (await authorizationOf(app)).url)
  await signsIn(browser, admin)
  clock.pass(0)
  assertLeadsTo(await browser.open(interaction), resumeOf(interaction))
  await browser.submit('/sign-out', {})
  assertLeadsTo(await browser.open(resumeOf(interaction)), interaction)
  await signsIn(browser, admin)
  clock.pass(0)
  assertLeadsTo(await browser.open(resumeOf(interaction)), interaction)
  assert.ok((await follow(browser, interaction)).searchParams.get('code'))
})

test('`id_token_hint` of another person signs nobody else in, and one of another app is refused', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app, clock } = scene
  const ada = await signedInBrowser(await adaOf(scene))
  clock.pass(0)
  const asked = await codeFor(ada, app)
  const answer = new URL(`${asked.redirectUri}?code=${asked.code}&state=${asked.state}&iss=http://localhost:8000/oidc`)
  const { id_token: hint } = await exchange(app, answer, asked)
  const silent = await follow(visitor, (await authorizationOf(app, { id_token_hint: hint, prompt: 'none' })).url)
  assert.equal(silent.searchParams.get('error'), 'login_required')
  const shown = await follow(visitor, (await authorizationOf(app, { id_token_hint: hint })).url)
  assert.match((await visitor.page(shown.pathname)).heading, /another account/)
  const other = await registerApp(server, { name: 'Reader' })
  const refused = await follow(visitor, (await authorizationOf(other, { id_token_hint: hint })).url)
  assert.equal(refused.searchParams.get('error'), 'invalid_request')
})

async function interactionIn({ doorward }: AttackScene['server']): Promise<string> {
  const { payload } = await doorward.db
    .selectFrom('client_token')
    .select('payload')
    .where('kind', '=', 'interaction')
    .executeTakeFirstOrThrow()
  return payload
}
