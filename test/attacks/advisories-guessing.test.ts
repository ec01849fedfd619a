// Guessing, rate limiting, lockout: vulnerabilities of similar products, each row of the attack book tested here.
//
// Rows that other files test:
//   C10         test/attacks/guessing.test.ts: X-Forwarded-For counts from a trusted proxy only.
//   C11         test/attacks/guessing.test.ts: signing in to one account does not refund guesses at others.
// Rows of which a part does not apply yet:
//   C14         There is no refresh token, device or back-channel flow and no introspection; API tokens have their own tests.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { userBuckets } from '#domain/throttle/throttle.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import {
  ALLOWED_FAILURES,
  assertWait,
  blockBuckets,
  guess,
  guessInVain,
  peopled,
  WRONG,
} from '../support/people/password-guesses.ts'
import { ask, PASSWORD, type Person, postToken, type Reply, startWithAdmin } from '../support/people/people.ts'
import {
  givePasskey,
  giveRecoveryCodes,
  opensAttempt,
  provesSecondStep,
  rowOf,
  showsPasskey,
} from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

/** Proves the second step of a new attempt. */
async function proves(person: Person, ...proof: Parameters<typeof provesSecondStep>[2]): Promise<Reply> {
  return provesSecondStep(person.server, await opensAttempt(person), proof)
}

/** Sends so many wrong values, an hour apart; returns how many were verified. */
async function verifiedOf(server: Server, tries: number, wrong: (turn: number) => Promise<number>): Promise<number> {
  let verified = 0
  for (let turn = 0; turn < tries; turn++) {
    const status = await wrong(turn)
    assert.ok(status === 401 || status === 429, `answered ${status}`)
    if (status === 401) verified += 1
    server.clock.pass(hours(1))
  }
  return verified
}

/** Sends a wrong password to one of the three public routes in turn; returns the status. */
async function wrongPasswordAt(server: Server, turn: number): Promise<number> {
  const wrong = { username: 'ada', password: WRONG }
  if (turn % 3 === 0) return (await guess(server, 'ada')).status
  if (turn % 3 === 1) return (await ask(server, 'POST', '/attempts', { payload: wrong })).status
  return (await new Visitor(server).submit('/sign-in', wrong)).statusCode
}

onEitherDatabase(
  'C1 CVE-2025-64102: the 101st password is refused though it is right, by pages and API together',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    assert.equal(await verifiedOf(server, 130, (turn) => wrongPasswordAt(server, turn)), 100)
    const password = PASSWORD + ada.code()
    assertWait(await postToken(server, { username: 'ada', password }))
    assertWait(await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } }))
    const page = await new Visitor(server).submit('/sign-in', { username: 'ada', password: PASSWORD })
    assert.equal(page.statusCode, 429)
  },
)

leaveToTestAll()

onEitherDatabase(
  'C2 GHSA-7j7j-66cv-m239, C5 CVE-2026-56450: the 101st code is refused though it is right, at every attempt',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    assert.equal(await verifiedOf(server, 130, async () => (await proves(ada, 'totp', 'abcdef')).status), 100)
    assertWait(await proves(ada, 'totp', ada.code()))
    assertWait(await postToken(server, { username: 'ada', password: PASSWORD + ada.code() }))
  },
)

test('C1 CVE-2025-64102: the 101st recovery code is refused though it is right, and the app still opens', async (t) => {
  const { server, ada } = await peopled(t)
  const [right = ''] = await giveRecoveryCodes(ada)
  const wrong = async () => (await proves(ada, 'recovery-code', 'aaaa-aaaa-aaaa-aaaa')).status
  assert.equal(await verifiedOf(server, 110, wrong), 100)
  assertWait(await proves(ada, 'recovery-code', right))
  assert.equal((await proves(ada, 'totp', ada.code())).status, 200)
})

onEitherDatabase(
  'C3 GHSA-85v8-vx4w-q684: wrong passwords count with a second factor as without',
  async (t, dialect) => {
    const { server } = await peopled(t, { dialect })
    await server.doorward.db.deleteFrom('totp_factor').execute()
    await server.doorward.db
      .updateTable('users')
      .set({ second_factor_at: null })
      .where('username', '=', 'bob')
      .execute()
    for (const username of ['ada', 'bob']) {
      const from = { ipAddress: `192.0.2.${username.length}` }
      await guessInVain(server, username, ALLOWED_FAILURES, from)
      assert.equal(assertWait(await guess(server, username, from)), 30, username)
    }
  },
)

onEitherDatabase(
  'C4 CVE-2026-35597: a failure stays counted when a later statement fails, and the counter is a number',
  async (t, dialect) => {
    const { server } = await peopled(t, { dialect, expectedErrors: /./ })
    await refuseEvents(server, dialect)
    for (let tries = 0; tries < ALLOWED_FAILURES - 1; tries++) assert.equal((await guess(server, 'ada')).status, 500)
    const { failures } = await server.doorward.db
      .selectFrom('throttle_bucket')
      .select('failures')
      .where('key', 'like', 'user:%:password')
      .where('failures', '>', 0)
      .executeTakeFirstOrThrow()
    assert.equal(failures, ALLOWED_FAILURES - 1)
    assert.equal((await guess(server, 'ada')).status, 500)
    assertWait(await guess(server, 'ada'))
  },
)

/** Makes the database refuse to store events of refusals. */
async function refuseEvents({ doorward: { db } }: Server, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const lose = sql`create function lose() returns trigger language plpgsql as $$ begin raise exception 'lost'; end $$`
  if (dialect === 'postgres') await lose.execute(db)
  const refusal =
    dialect === 'postgres'
      ? sql`for each row when (new.action = 'sign_in.refused') execute function lose()`
      : sql`when new.action = 'sign_in.refused' begin select raise(abort, 'lost'); end`
  await sql`create trigger lost before insert on audit_event ${refusal}`.execute(db)
}

onEitherDatabase(
  'C6 CVE-2026-27801: failed re-authentications have their own counter, which a restart keeps',
  async (t, dialect) => {
    const installation = await newInstallation(t, dialect)
    let ada: Person | undefined
    const tryProof = (server: Server): Promise<Reply> =>
      asks(server, ada ?? assert.fail(), 'POST', '/session/proof', { password: WRONG, code: 'abcdef' })
    await t.test('before', async (inner) => {
      const { server, ...people } = await peopled(inner, installation)
      ada = people.ada
      for (let tries = 0; tries < ALLOWED_FAILURES; tries++) assert.equal((await tryProof(server)).status, 403)
      assertWait(await tryProof(server))
      await guessInVain(server, 'ada', 1)
    })
    assertWait(await tryProof(await start(t, installation)))
  },
)

onEitherDatabase(
  'C7 CVE-2025-24806: the username and the email of one user share their counters',
  async (t, dialect) => {
    const { server } = await peopled(t, { dialect })
    const known = { email: 'ada@example.org', email_key: 'ada@example.org', email_verified_at: 1 }
    await server.doorward.db.updateTable('users').set(known).where('username', '=', 'ada').execute()
    const attempt = (username: string): Promise<Reply> =>
      ask(server, 'POST', '/attempts', { payload: { username, password: WRONG } })
    for (const name of ['ada', 'ada@example.org', 'ADA@example.org', 'ada', 'ada@EXAMPLE.org'])
      assert.equal((await attempt(name)).status, 401, name)
    for (const name of ['ada', 'ada@example.org', 'Ada@Example.Org']) assertWait(await attempt(name))
    assertWait(await guess(server, 'ada'))
  },
)

onEitherDatabase(
  'C8 CVE-2026-47203, C15 GO-2025-3855: all spellings of a username share one counter on every route',
  async (t, dialect) => {
    const { server } = await peopled(t, { dialect })
    const spellings = ['ada', 'ADA', 'aDa', 'ａｄａ', 'Ａda']
    for (const name of spellings) await guessInVain(server, name, 1)
    for (const name of spellings) {
      assertWait(await guess(server, name))
      assertWait(await ask(server, 'POST', '/attempts', { payload: { username: name, password: PASSWORD } }))
      const page = await new Visitor(server).submit('/sign-in', { username: name, password: PASSWORD })
      assert.equal(page.statusCode, 429, name)
      const headers = { authorization: `Basic ${Buffer.from(`${name}:${PASSWORD}`).toString('base64')}` }
      assert.equal((await ask(server, 'GET', '/users/me', { headers })).status, 401, 'another transport lets in')
    }
    // No user has this name: its spellings share one bucket as well.
    for (const name of ['nobody', 'NOBODY', 'Nobody', 'ｎobody', 'nObody']) await guessInVain(server, name, 1)
    assertWait(await guess(server, 'NOBODY'))
  },
)

test('C9 GHSA-p6v2-xcpg-h6xw: rotating through a /64, or spelling one address anew, is one network', async (t) => {
  const { server } = await peopled(t)
  const mapped = ['203.0.113.9', '::ffff:203.0.113.9', '::ffff:cb00:7109', '0:0:0:0:0:FFFF:203.0.113.9']
  const six = ['2001:db8:0:7::1', '2001:DB8:0:7:0:0:0:1', '2001:0db8:0000:0007::0001', '2001:db8::7:ffff:1:2:3']
  for (const [network, spellings] of [mapped, six].entries()) {
    for (let number = 0; number < 100; number++) {
      const ipAddress = spellings[number % spellings.length] ?? ''
      await guessInVain(server, `nobody-${network}-${number}`, 1, { ipAddress })
    }
    for (const ipAddress of spellings) assertWait(await guess(server, `one-more-${network}`, { ipAddress }))
  }
  await guessInVain(server, 'elsewhere', 1, { ipAddress: '2001:db8:0:8::1' })
})

const FOREIGN_IP = 'victim@example.org'

onEitherDatabase(
  'C12 GHSA-cq42-vhv7-xr7p, C13 CVE-2022-39229: no user gets another user’s email as username',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    await root.asks('POST', '/users', { username: 'victim', email: FOREIGN_IP, password: PASSWORD })
    const { db } = server.doorward
    await db.updateTable('users').set({ email_verified_at: 1 }).where('username', '=', 'victim').execute()
    for (const username of [FOREIGN_IP, FOREIGN_IP.toUpperCase(), 'victim＠example.org'])
      assert.equal((await root.asks('POST', '/users', { username })).status, 422, username)
    assert.equal((await root.asks('PATCH', '/users/me', { username: FOREIGN_IP })).status, 422)
    await opensAttempt({ server, username: FOREIGN_IP, password: PASSWORD })
  },
)

test('C12 GHSA-cq42-vhv7-xr7p: a passkey signs in however many guesses untrusted clients made', async (t) => {
  const { server, ada } = await peopled(t)
  const phone = await givePasskey(ada)
  await guessInVain(server, 'ada', ALLOWED_FAILURES)
  assertWait(await guess(server, 'ada'))
  const buckets = await server.doorward.db.selectFrom('throttle_bucket').select('key').execute()
  assert.ok(buckets.length >= 2, 'neither the user nor the network was counted')
  await blockBuckets(
    server,
    buckets.map(({ key }) => key),
  )
  assertWait(await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } }))
  assert.equal((await showsPasskey(server, phone)).status, 200)
})

onEitherDatabase(
  'C14 CVE-2026-9798: a lockout holds on every route, existing sessions go on, and a disabled user loses theirs at once',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const page = await signedInBrowser(ada)
    const attempt = await opensAttempt(ada)
    await blockBuckets(server, userBuckets((await rowOf(ada)).subject, ['password', 'code']))
    assertWait(await postToken(server, { username: 'ada', password: PASSWORD + ada.code() }))
    assertWait(await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } }))
    assertWait(await provesSecondStep(server, attempt, ['totp', ada.code()]))
    assert.equal((await ada.asks('GET', '/users/me')).status, 200, 'untrusted clients ended a session')
    assert.equal((await page.open('/account')).statusCode, 200, 'untrusted clients ended a session')
    await server.doorward.db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'ada').execute()
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    assert.equal((await page.open('/account')).statusCode, 303)
  },
)

test('C16 Pocket ID 140b5d3: a proxy on the same machine does not lift the limit, nor does coming from there', async (t) => {
  const { server } = await peopled(t, { settings: { trusted_proxies: '127.0.0.1, ::1' } })
  const behind = (number: number, client: string): Promise<void> =>
    guessInVain(server, `nobody-${client}-${number}`, 1, {
      ipAddress: number % 2 === 0 ? '127.0.0.1' : '::1',
      headers: { 'x-forwarded-for': client },
    })
  for (const client of ['203.0.113.9', '127.0.0.1']) {
    for (let number = 0; number < 100; number++) await behind(number, client)
    const headers = { 'x-forwarded-for': client }
    assertWait(await guess(server, 'one-more', { ipAddress: '127.0.0.1', headers }))
    assertWait(await guess(server, 'one-more', { ipAddress: '::1', headers }))
  }
  // The client's own value stands before the one that the proxy appended.
  const forged = { 'x-forwarded-for': '10.9.8.7, 203.0.113.9' }
  assertWait(await guess(server, 'one-more', { ipAddress: '127.0.0.1', headers: forged }))
  await behind(0, '203.0.113.10')
  // Without a proxy, clients on the same machine are limited like any other.
  const { server: alone } = await peopled(t)
  for (let number = 0; number < 100; number++)
    await guessInVain(alone, `nobody-${number}`, 1, { ipAddress: '127.0.0.1' })
  assertWait(await guess(alone, 'one-more', { ipAddress: '127.0.0.1' }))
})

test('C17 CVE-2025-69615: no header resets the count of wrong codes', async (t) => {
  const { server, ada } = await peopled(t)
  const attempts: string[] = []
  for (let opened = 0; opened < ALLOWED_FAILURES; opened++) attempts.push(await opensAttempt(ada))
  const last = await opensAttempt(ada)
  const changing = (number: number) => ({
    remoteAddress: `198.51.100.${number}`,
    headers: {
      'x-forwarded-for': `203.0.113.${number}`,
      'user-agent': `browser ${number}`,
      'accept-language': number % 2 === 0 ? 'de' : 'fr',
      cookie: `browser=${number}; __Host-device=${number}`,
      'x-request-id': String(number),
      origin: `http://${number}.example`,
    },
  })
  for (const [number, attempt] of attempts.entries())
    assert.equal((await provesSecondStep(server, attempt, ['totp', 'abcdef'], changing(number))).status, 401)
  const right = ada.authenticator.code(server.clock.now())
  assertWait(await provesSecondStep(server, last, ['totp', right], changing(99)))
  server.clock.pass(minutes(1))
  assert.equal((await provesSecondStep(server, last, ['totp', ada.code()])).status, 200)
})
