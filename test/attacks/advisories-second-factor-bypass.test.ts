// Bypass or weakening of the second factor: vulnerabilities of similar products, each row of the attack book tested here.
//
// Rows that other files test:
//   A1, A8      test/attacks/access-matrix.test.ts: an unfinished sign-in on every route, an admin without a second factor.
//   A9          test/attacks/api-tokens.test.ts.
//   A12, A22    test/attacks/passkeys.test.ts.
//   A14         There is no provider that could be misconfigured. A route without access stops the boot
//               (src/entry/http/access.test.ts); a failure during a sign-in fails closed (test/attacks/fail-closed.test.ts).
// Rows of which a part does not apply yet:
//   A4          No external identities, no consent and no sign-in on the command line, so no account can be linked.
//   A5          There is no external sign-in; the rest is tested.
//   A10         There are no other clients and no `prompt=none`.
//   A18         No code is sent by mail or text message.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

import { startSession } from '#domain/sessions/session.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { peopled, WRONG } from '../support/people/password-guesses.ts'
import {
  ask,
  newcomer,
  PASSWORD,
  type Person,
  postToken,
  type Reply,
  startWithAdmin,
} from '../support/people/people.ts'
import {
  givePasskey,
  giveRecoveryCodes,
  type Named,
  opensAttempt,
  passkeyForReauthentication,
  provesSecondStep,
  rowOf,
  showsPasskey,
} from '../support/people/second-factors.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { assertRefused } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

async function sessionsOf(person: Named): Promise<number> {
  const { subject } = await rowOf(person)
  const { db } = person.server.doorward
  return (await db.selectFrom('session').select('id').where('subject', '=', subject).execute()).length
}

/** A user whose only second factor is a passkey. */
async function withPasskeyOnly(admin: Person): Promise<Person> {
  const person = await newcomer(admin, 'pia')
  await givePasskey(person)
  const { subject } = await rowOf(person)
  for (const table of ['totp_factor', 'recovery_code'] as const)
    await admin.server.doorward.db.deleteFrom(table).where('subject', '=', subject).execute()
  return person
}

test('A2 Better Auth PR 9203: an existing session of any user does not skip the second factor', async (t) => {
  const { server, ada, bob } = await peopled(t)
  const headers = { authorization: `Bearer ${bob.token}` }
  const payload = { username: 'ada', password: PASSWORD }
  const { body } = await ask(server, 'POST', '/attempts', { payload, headers })
  assert.equal(body['stage'], 'second-factor')
  const browser = await signedInBrowser(bob)
  const before = await sessionsOf(ada)
  assertLeadsTo(await browser.submit('/sign-in', payload), '/sign-in/second-step')
  assert.equal(await sessionsOf(ada), before)
  assert.ok((await browser.open('/account')).body.includes('bob'), 'the session of one became another’s')
  assert.equal((await bob.asks('GET', '/users/me')).body['username'], 'bob')
})

leaveToTestAll()

test('A3 CVE-2025-64103: a user with a second factor is asked for it, also where none is required', async (t) => {
  const { server, root } = await startWithAdmin(t, { settings: { second_factor: 'optional' } })
  const people = [
    [await newcomer(root, 'ada'), 'sign_in.incorrect'],
    [await withPasskeyOnly(root), 'sign_in.second_factor_elsewhere'],
  ] as const
  for (const [{ username }, code] of people) {
    const { body } = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
    assert.equal(body['stage'], 'second-factor', username)
    assertRefused(await postToken(server, { username, password: PASSWORD }), code)
    assertRefused(await postToken(server, { username, password: `${PASSWORD}000000` }), 'sign_in.incorrect')
    const page = await new Visitor(server).submit('/sign-in', { username, password: PASSWORD })
    assertLeadsTo(page, '/sign-in/second-step')
  }
})

test('A4 CVE-2026-73535: a flow that asks again asks for as much as a sign-in does', async (t) => {
  const { ada } = await peopled(t)
  assertRefused(await ada.asks('POST', '/session/proof', { password: PASSWORD }), 'reauthentication.too_weak')
  assertRefused(
    await ada.asks('POST', '/session/proof', { password: PASSWORD, code: '000000' }),
    'reauthentication.refused',
  )
  assert.equal((await ada.asks('POST', '/session/proof', { password: PASSWORD, code: ada.code() })).status, 200)
})

test('A5 CVE-2026-73278, A6 CVE-2026-107808: no route omits a passkey that is the only second factor', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const pia = await withPasskeyOnly(root)
  const before = await sessionsOf(pia)
  const { username } = pia
  for (const extra of [{}, { code: '000000' }, { code: pia.code() }]) {
    const reply = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD, ...extra } })
    if (Object.keys(extra).length > 0) assertRefused(reply, 'attempt.code_wrong')
    else assert.deepEqual([reply.body['stage'], reply.body['offered']], ['second-factor', ['passkey']])
  }
  for (const totp of [{}, { totp: '' }, { totp: pia.code() }]) {
    const reply = await postToken(server, { username, password: PASSWORD, ...totp })
    assertRefused(reply, 'sign_in.second_factor_elsewhere')
  }
  assertRefused(await postToken(server, { username, password: PASSWORD + pia.code() }), 'sign_in.incorrect')
  assert.equal(await sessionsOf(pia), before)
})

test('A7 CVE-2026-8293: no route makes a session of an attempt alone', async (t) => {
  const { server, ada } = await peopled(t)
  const attempt = await opensAttempt(ada)
  const before = await sessionsOf(ada)
  const open = (await liveRoutes(server)).filter(
    ({ method, config }) => method === 'POST' && (config.access === 'attempt' || config.access === 'anyone'),
  )
  assert.ok(open.length > 10)
  for (const { url, config } of open) {
    const path = url.replaceAll(/:\w+/g, attempt)
    if (config.page !== true) await ask(server, 'POST', path, { payload: { attempt } })
    const visitor = new Visitor(server)
    visitor.cookies.set('attempt', attempt)
    if (config.page === true) await visitor.submit(path, { attempt })
    assert.ok(!visitor.cookies.has('session'), url)
    assert.equal(await sessionsOf(ada), before, url)
  }
  assert.equal((await provesSecondStep(server, attempt, ['totp', ada.code()])).status, 200, 'the attempt was spoilt')
})

test('A10 CVE-2026-94218: no earlier page lets a user skip the required enrolment', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const [username, password] = ['eve', PASSWORD]
  await root.asks('POST', '/users', { username, password })
  const attempts = [0, 1].map(() => opensAttempt({ server, username, password }))
  for (const attempt of await Promise.all(attempts)) {
    await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
    assertRefused(await provesSecondStep(server, attempt, ['totp', '000000']), 'attempt.wrong_stage')
    assertRefused(await provesSecondStep(server, attempt, ['recovery-code', 'a'.repeat(16)]), 'attempt.wrong_stage')
    const options = await ask(server, 'POST', '/attempts/passkey/options', { payload: { attempt } })
    assertRefused(options, 'attempt.wrong_stage')
  }
  assertRefused(await postToken(server, { username, password }), 'sign_in.enrolment_needed')
  const browser = new Visitor(server)
  assertLeadsTo(await browser.submit('/sign-in', { username, password }), '/enrolment')
  for (const page of ['/account', '/account/security', '/admin']) assertSignedOut(await browser.open(page))
  assertLeadsTo(await browser.open('/sign-in/second-step'), '/enrolment')
  await browser.open('/sign-in')
  assertLeadsTo(await browser.submit('/sign-in', { username, password }), '/enrolment')
  assert.equal(await sessionsOf({ server, username }), 0)
})

test('A11 CVE-2026-49443: an empty answer to a step is no answer', async (t) => {
  const { server, ada } = await peopled(t)
  const before = await sessionsOf(ada)
  const steps = ['/attempts/second-factor', '/attempts/passkey', '/attempts/totp/confirm', '/attempts/passkeys']
  const attempt = await opensAttempt(ada)
  const answers = [{ kind: 'totp' }, { kind: 'totp', proof: '' }, { kind: 'totp', proof: null }, { code: '' }]
  const responses = [{}, { response: null }, { response: {} }]
  const nothings = [...answers, ...responses].map((answer) => ({ attempt, ...answer }))
  for (const step of steps) {
    for (const payload of [{}, [], ...nothings]) {
      const reply = await ask(server, 'POST', step, { payload })
      assert.equal(reply.status, 422, `${step} ${JSON.stringify(payload)}: ${reply.raw.body}`)
    }
    const bare = await server.app.inject({ method: 'POST', url: step })
    assert.ok(bare.statusCode >= 400 && bare.statusCode < 500, step)
  }
  for (const payload of [{}, { password: '' }, { code: '' }, { passkey: {} }]) {
    const { status } = await ada.asks('POST', '/session/proof', payload)
    assert.ok(status === 403 || status === 422, JSON.stringify(payload))
  }
  assert.equal(await sessionsOf(ada), before)
})

test('A13 CVE-2024-47070: an address that cannot be read skips no step', async (t) => {
  const { server } = await peopled(t, { settings: { trusted_proxies: '127.0.0.1' } })
  for (const ipAddress of ['', ',', 'unknown', '"', '999.1.1.1', '::ffff:', '%00', '[::1', 'a'.repeat(4000)]) {
    const headers = { 'x-forwarded-for': ipAddress }
    const first = (password: string): Promise<Reply> =>
      ask(server, 'POST', '/attempts', { payload: { username: 'ada', password }, headers })
    assertRefused(await first(WRONG), 'sign_in.incorrect')
    assert.equal((await first(PASSWORD)).body['stage'], 'second-factor', ipAddress)
  }
})

test('A15 CVE-2026-62232: a pending second step makes no new secret', async (t) => {
  const { server, ada } = await peopled(t)
  const factors = (): Promise<object[]> => server.doorward.db.selectFrom('totp_factor').selectAll().execute()
  const before = await factors()
  const attempt = await opensAttempt(ada)
  for (const url of ['/attempts/totp', '/attempts/passkeys/options'])
    assertRefused(await ask(server, 'POST', url, { payload: { attempt } }), 'attempt.wrong_stage')
  const confirmed = await ask(server, 'POST', '/attempts/totp/confirm', { payload: { attempt, code: ada.code() } })
  assertRefused(confirmed, 'attempt.wrong_stage')
  const browser = new Visitor(server)
  browser.cookies.set('attempt', attempt)
  assertLeadsTo(await browser.open('/enrolment'), '/sign-in/second-step')
  assert.deepEqual(await factors(), before)
})

test('A16 CVE-2026-3429: a session of the password alone takes away no second factor and adds none', async (t) => {
  const { server, ada } = await peopled(t, { settings: { second_factor: 'optional' } })
  const [app] = (await ada.asks('GET', '/users/me/factors')).body['totp'] as { id: string }[]
  const user = await rowOf(ada)
  const { token } = await startSession(server.operator(), { user, methods: ['password'], transport: 'bearer' })
  ada.token = token.reveal()
  const wanted = 'access.stronger_authentication_required'
  assertRefused(await ada.asks('DELETE', `/users/me/totp/${app?.id}`), wanted)
  assertRefused(await ada.asks('POST', '/users/me/totp'), wanted)
  assertRefused(await ada.asks('POST', '/users/me/tokens', { name: 'Script', scopes: ['self:read'] }), wanted)
  assertRefused(await ada.asks('POST', '/session/proof', { password: PASSWORD }), 'reauthentication.too_weak')
  assert.equal((await ada.asks('POST', '/session/proof', { password: PASSWORD, code: ada.code() })).status, 200)
  assert.equal((await ada.asks('POST', '/users/me/totp')).status, 200)
})

onEitherDatabase(
  'A17 GHSA-hp74-gm6m-2qm5, A19 Kratos b0111d4bd: re-authentication must reach the assurance level that the newest factor allows',
  async (t, dialect) => {
    const { ada } = await peopled(t, { dialect })
    assert.equal((await ada.asks('POST', '/users/me/totp')).status, 200)
    const phone = await givePasskey(ada)
    assertRefused(await ada.asks('POST', '/users/me/totp'), 'access.stronger_authentication_required')
    await ada.signsIn()
    assertRefused(await ada.asks('POST', '/users/me/totp'), 'access.stronger_authentication_required')
    const weak = await ada.asks('POST', '/session/proof', { password: PASSWORD, code: ada.code() })
    assertRefused(weak, 'reauthentication.too_weak')
    const passkey = await passkeyForReauthentication(ada, phone)
    assert.equal((await ada.asks('POST', '/session/proof', { passkey })).status, 200)
    assert.equal((await ada.asks('POST', '/users/me/totp')).status, 200)
  },
)

test('A18 Kratos issue 4317: one factor verified twice is one factor', async (t) => {
  const { server, ada } = await peopled(t)
  const [one, two] = await giveRecoveryCodes(ada)
  for (const alone of [{ code: ada.code() }, { code: one, kind: 'recovery-code' }]) {
    const reply = await ada.asks('POST', '/session/proof', alone)
    assertRefused(reply, 'reauthentication.refused', 'reauthentication.too_weak', 'request.validation_failed')
  }
  const payload = { username: 'ada', password: two, code: two }
  assertRefused(await ask(server, 'POST', '/attempts', { payload }), 'sign_in.incorrect', 'request.validation_failed')
  assertRefused(
    await postToken(server, { username: 'ada', password: ada.code(), totp: ada.code() }),
    'sign_in.incorrect',
  )
})

test('A20 CVE-2026-105211: no parameter makes the server disclose a code, a TOTP secret or a link', async (t) => {
  const { server, ada, bob } = await peopled(t)
  const codes = await giveRecoveryCodes(ada)
  const { body: key } = await bob.asks('POST', '/users/me/totp')
  const secrets = [...codes, String(key['secret']), PASSWORD]
  const wishes = ['return_code', 'returnCode', 'include_secret', 'debug', 'verbose', 'fields']
  for (const wish of wishes) {
    const code = ada.authenticator.code(server.clock.now())
    const payload = { username: 'ada', password: PASSWORD, [wish]: true }
    const answers = [
      await ask(server, 'POST', '/attempts', { payload }),
      await ask(server, 'POST', `/attempts?${wish}=true`, { payload: { username: 'ada', password: PASSWORD } }),
      await bob.asks('GET', `/users/me/factors?${wish}=true`),
      await bob.asks('GET', `/users/me?${wish}=true`),
      await postToken(server, { username: 'ada', password: WRONG, [wish]: 'true' }),
    ]
    for (const { raw } of answers) {
      const disclosed = raw.body + JSON.stringify(raw.headers)
      for (const secret of [...secrets, code])
        assert.ok(!disclosed.includes(secret), `${wish} made the server disclose it`)
    }
    await server.doorward.db.deleteFrom('throttle_bucket').execute()
  }
})

test('A21 CVE-2026-119128: values computed from public facts about a user grant no access', async (t) => {
  const { server, root } = await startWithAdmin(t)
  await root.asks('POST', '/users', { username: 'eve' })
  const { id, subject } = await rowOf({ server, username: 'eve' })
  const agent = 'lightMyRequest'
  const known = [subject, String(id), 'eve', `${subject}${agent}`, `${id}:${agent}`, JSON.stringify({ sub: subject })]
  const guesses = known.flatMap((text) => [
    text,
    Buffer.from(text).toString('base64url'),
    ...['sha256', 'sha1', 'md5'].map((kind) => createHash(kind).update(text).digest('hex')),
  ])
  const forged = guesses.flatMap((text) => [text, `dwt_${text}`, `dws_${text}`, `dwa_${text}`])
  for (const value of forged.map((text) => text.slice(0, 100))) {
    for (const url of ['/attempts/totp', '/attempts/passkeys/options']) {
      const reply = await ask(server, 'POST', url, { payload: { attempt: value } })
      assertRefused(reply, 'attempt.ended')
    }
    const cookies = ['session', 'attempt', 'device', 'browser'].map((name) => `${name}=${encodeURIComponent(value)}`)
    for (const url of ['/enrolment', '/account'])
      assertSignedOut(await server.app.inject({ url, headers: { cookie: cookies.join('; ') } }))
  }
})

test('a valid passkey is accepted where these are refused', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const ada = await newcomer(root, 'ada')
  const phone = await givePasskey(ada)
  assert.equal((await showsPasskey(server, phone)).status, 200)
  assert.equal((await showsPasskey(server, phone, await opensAttempt(ada))).status, 200)
})
