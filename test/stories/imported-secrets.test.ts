// A user keeps an existing authenticator app, with whatever parameters: its secret is inserted as base32 or as the URI of other programs.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

import { TOTP_ALGORITHMS } from '#domain/factors/totp/totp.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { newDatabaseUrl, onEitherDatabase } from '../support/databases/each-database.ts'
import { LEGACY_USERS, legacyDatabase, setupKeyOf } from '../support/databases/legacy-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { completeExternalRows } from '../support/jobs.ts'
import { assertLeadsTo } from '../support/pages/page-answers.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, firstAdmin, PASSWORD, postToken } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { command } from '../support/server/command-line.ts'
import { type Server, start } from '../support/server/start.ts'

/** Every supported kind of app; the length of the key is that of RFC 6238 appendix B. */
const KINDS = TOTP_ALGORITHMS.flatMap((algorithm, index) =>
  [6, 8].map((digits) => {
    const username = `${algorithm.toLowerCase()}-${digits}`
    const key = setupKeyOf(username, [20, 32, 32][index] ?? 20)
    const app = new Authenticator(key, { algorithm, digits })
    const uri = `otpauth://totp/Elsewhere:${username}?secret=${key}&issuer=Elsewhere&algorithm=${algorithm}&digits=${digits}&period=30`
    return { username, algorithm, digits, key, app, uri }
  }),
)

async function type(server: Server, username: string, secret: string): Promise<void> {
  const hash = await server.doorward.hasher.hash(Secret.of(PASSWORD))
  const values = sql`${username}, ${hash}, ${secret}`
  await sql`insert into users (username, hashed_password, otp_secret) values (${values})`.execute(server.doorward.db)
}

/** Signs each user in once with a code of the app, and asserts that no inserted secret is left in plaintext. */
async function assertAllSignIn(server: Server, password: (username: string) => string): Promise<void> {
  for (const { username, app } of KINDS) {
    const request = { username, password: password(username), totp: app.code(server.clock.now()) }
    assert.equal((await postToken(server, request)).status, 200, username)
    assert.equal((await postToken(server, request)).status, 401, `the code of ${username} works twice`)
  }
  const { db } = server.doorward
  const stored = await db
    .selectFrom('totp_factor')
    .innerJoin('users', 'users.subject', 'totp_factor.subject')
    .select(['username', 'algorithm', 'digits', 'period', 'otp_secret'])
    .where(
      'username',
      'in',
      KINDS.map(({ username }) => username),
    )
    .orderBy('username')
    .execute()
  const wanted = KINDS.map(({ username, algorithm, digits }) => ({
    username,
    algorithm,
    digits,
    period: 30,
    otp_secret: null,
  }))
  assert.deepEqual(
    stored,
    wanted.toSorted((a, b) => (a.username < b.username ? -1 : 1)),
  )
  const dump = JSON.stringify(await dumpOf(db))
  for (const { key } of KINDS) assert.ok(!dump.includes(key))
}

onEitherDatabase('a user inserted externally with a URI signs in with that app', async (t, dialect) => {
  const server = await start(t, { dialect })
  for (const { username, uri } of KINDS) await type(server, username, uri)
  await assertAllSignIn(server, () => PASSWORD)
})

leaveToTestAll()

onEitherDatabase('URIs are sealed at the start, and in the background', async (t, dialect) => {
  const installation = {
    databaseUrl: await newDatabaseUrl(t, dialect),
    dataDir: await temporaryFolder(t),
    clock: new TestClock(),
  }
  const [first, ...others] = KINDS
  assert.ok(first)
  await t.test('inserted, and the server stops', async (inner) => {
    const server = await start(inner, installation)
    for (const { username, uri } of others) await type(server, username, uri)
  })
  const server = await start(t, installation)
  assert.equal(server.doorward.report.sealed, others.length)
  await type(server, first.username, first.uri)
  await completeExternalRows(server.doorward)
  const { rows } = await sql`select username from users where otp_secret is not null`.execute(server.doorward.db)
  assert.deepEqual(rows, [])
  await assertAllSignIn(server, () => PASSWORD)
})

test('a legacy database may contain URIs, and none is left in plaintext after the upgrade', async (t) => {
  const [template] = LEGACY_USERS
  assert.ok(template)
  const users = KINDS.map(({ username, uri }, index) => {
    const id = index + 1
    return { ...template, id, username, email: `${id}@example.com`, password: `word ${id}`, secret: uri }
  })
  const path = await legacyDatabase(t, { users })
  const server = await start(t, { databaseUrl: `sqlite:${path}` })
  await assertAllSignIn(server, (name) => users.find(({ username }) => username === name)?.password ?? '')
  const file = readFileSync(path, 'latin1')
  for (const { key } of KINDS) assert.ok(!file.includes(key))
})

onEitherDatabase('a code of eight digits is accepted only apart from the password', async (t, dialect) => {
  const server = await start(t, { dialect })
  const [eight] = KINDS.filter(({ digits }) => digits === 8)
  const [six] = KINDS.filter(({ digits }) => digits === 6)
  assert.ok(eight && six)
  for (const { username, uri } of [eight, six]) await type(server, username, uri)
  const now = server.clock.now()
  const long = eight.app.code(now)
  const statusOf = async (fields: Record<string, string>): Promise<number> => (await postToken(server, fields)).status
  assert.equal(await statusOf({ username: eight.username, password: PASSWORD + long }), 401)
  assert.equal(await statusOf({ username: eight.username, password: PASSWORD + long.slice(2) }), 401)
  for (const part of [long.slice(2), long.slice(0, 6), `0${long}`])
    assert.equal(await statusOf({ username: eight.username, password: PASSWORD, totp: part }), 401, part)
  server.clock.pass(minutes(10))
  const next = eight.app.code(server.clock.now())
  const spaced = `${next.slice(0, 4)} ${next.slice(4)}`
  assert.equal(await statusOf({ username: eight.username, password: PASSWORD, totp: spaced }), 200)
  assert.equal(await statusOf({ username: six.username, password: PASSWORD + six.app.code(server.clock.now()) }), 200)
})

onEitherDatabase('the pages ask for as many digits as the user’s apps show', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { db } = server.doorward
  const [eight] = KINDS.filter(({ digits }) => digits === 8)
  assert.ok(eight)
  await type(server, eight.username, eight.uri)
  const asked = async (language: string): Promise<{ browser: Visitor; page: ParsedPage }> => {
    const browser = new Visitor(server, { language })
    const fields = { username: eight.username, password: PASSWORD }
    assertLeadsTo(await browser.submit('/sign-in', fields), '/sign-in/second-step')
    return { browser, page: await browser.page('/sign-in/second-step') }
  }
  const { browser, page } = await asked('en')
  assert.match(page.text, /8-digit code .* Submits once you’ve entered all eight digits\./)
  assert.equal(page.data('sends-itself'), '8')
  const early = { code: eight.app.code(server.clock.now(), -10) }
  const late = await browser.pageAfter('/sign-in/second-step?way=totp', early, 401)
  assert.match(late.text, /about 5 minutes behind/)
  const code = eight.app.code(server.clock.now())
  assertLeadsTo(await browser.submit('/sign-in/second-step?way=totp', { code }), '/account')
  assert.match((await asked('de')).page.text, /Achtstelliger Code .* sobald alle acht Ziffern da sind/)

  server.clock.pass(minutes(12))
  const path = '/confirm?next=%2Faccount%2Fsecurity'
  assert.match((await browser.page(path)).text, /8-digit code/)
  const proof = { password: PASSWORD, code: eight.app.code(server.clock.now()) }
  assertLeadsTo(await browser.submit(path, proof), '/account/security?done=confirmed')

  // A second app, with the usual parameters.
  await sql`insert into totp_factor (id, subject, name, sealed_secret, algorithm, digits, period, created_at, confirmed_at)
    select 'other', subject, name, sealed_secret, 'SHA1', 6, 30, created_at, confirmed_at from totp_factor`.execute(db)
  const { page: mixed } = await asked('en')
  assert.match(mixed.text, /6- or 8-digit code/)
  assert.equal(mixed.data('sends-itself'), undefined)
  assert.match((await asked('de')).page.text, /Sechs- oder achtstelliger Code/)
})

const KEY = setupKeyOf('nobody', 20)
const UNREADABLE: Readonly<Record<string, string>> = {
  minute: `otpauth://totp/x?secret=${KEY}&period=60`,
  counter: `otpauth://hotp/x?secret=${KEY}&counter=0`,
  algorithm: `otpauth://totp/x?secret=${KEY}&algorithm=MD5`,
  seven: `otpauth://totp/x?secret=${KEY}&digits=7`,
  export: `otpauth-migration://offline?data=${KEY}`,
  nonsense: 'n0t base 1',
}

onEitherDatabase('an unreadable secret stays, replaces no other, and is reported with its user', async (t, dialect) => {
  const server = await start(t, { dialect, clock: new TestClock(Date.now()) })
  const root = await firstAdmin(server)
  for (const [username, secret] of Object.entries(UNREADABLE)) await type(server, username, secret)
  await completeExternalRows(server.doorward)
  for (const username of Object.keys(UNREADABLE)) {
    const { body } = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
    assert.deepEqual([body['stage'], body['offered']], ['second-factor', []], username)
  }
  const { rows } = await sql<{ username: string; otp_secret: string }>`
    select username, otp_secret from users where username <> 'root'`.execute(server.doorward.db)
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.username, row.otp_secret])), UNREADABLE)

  await root.signsIn()
  const { findings } = (await root.asks('GET', '/checkup')).body as { findings: Record<string, unknown>[] }
  const unreadable = findings.filter((finding) => finding['code'] === 'code-secret-unreadable')
  const { body } = await root.asks('GET', '/users?sort=created_at')
  const ids = (body['items'] as { id: number; username: string }[]).filter(({ username }) => username !== 'root')
  assert.deepEqual(new Set(unreadable.map((finding) => finding['user_id'])), new Set(ids.map(({ id }) => id)))
  const { stdout } = await command(t, ['doctor'], server)
  assert.match(stdout, /This user’s authenticator secret cannot be read/)
  for (const text of [stdout, JSON.stringify(findings), server.logText()]) assert.ok(!text.includes(KEY))

  // Correcting the row lets its user sign in.
  const app = new Authenticator(KEY, { digits: 8 })
  const mended = `otpauth://totp/x?secret=${KEY}&digits=8`
  await sql`update users set otp_secret = ${mended} where username = 'seven'`.execute(server.doorward.db)
  server.clock.pass(seconds(30))
  const request = { username: 'seven', password: PASSWORD, totp: app.code(server.clock.now()) }
  assert.equal((await postToken(server, request)).status, 200)
})
