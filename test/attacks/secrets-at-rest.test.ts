// Threat: a copy of the database, of the log, or of answers to other users is disclosed. After a day of set-up, invitations,
// sign-ins, failures and resets it contains none of the passwords, codes, tokens, links and keys that were used.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { fromBase32 } from '#domain/factors/totp/base32.ts'
import { hours } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertShowsCodes, textIn } from '../support/pages/page-answers.ts'
import { ask } from '../support/people/people.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { formOf } from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

type Body = Readonly<Record<string, unknown>>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface Answer {
  readonly request: string
  /** The headers and the body. */
  readonly text: string
  readonly status: number
  readonly body: Body
  readonly raw: LightMyRequestResponse
}

/** The requests of a day, with every secret and every answer. */
class Day {
  readonly server: Server
  readonly answers: Answer[] = []
  /** Each secret with the one answer that discloses it to its owner. */
  readonly secrets = new Map<string, { readonly what: string; readonly shownIn: Answer | undefined }>()
  readonly codes = new Set<string>()

  constructor(server: Server) {
    this.server = server
  }

  keep(what: string, secret: unknown, shownIn?: Answer): string {
    assert.ok(typeof secret === 'string' && secret.length > 7, `${what} is no secret: ${String(secret)}`)
    if (!this.secrets.has(secret)) this.secrets.set(secret, { what, shownIn })
    return secret
  }

  password(words: string): string {
    return this.keep('a password', words)
  }

  code(secret: string): string {
    this.server.clock.pass(30_000)
    const code = new Authenticator(secret).code(this.server.clock.now())
    this.codes.add(code)
    return code
  }

  async ask(
    method: Method,
    url: string,
    { json, form, token, cookie }: { json?: object | string; form?: Body; token?: string; cookie?: string } = {},
  ): Promise<Answer> {
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
    const { status, body, raw } = await ask(this.server, method, url, {
      headers: {
        ...((json !== undefined || form) && { 'content-type': type }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { cookie }),
        'sec-fetch-site': 'same-origin',
      },
      payload: form ? formOf(form) : json,
    })
    const answer = {
      request: `${method} ${url.split('/').slice(0, 3).join('/')}`,
      text: `${JSON.stringify(raw.headers)}\n${raw.body}`,
      status,
      body,
      raw,
    }
    this.answers.push(answer)
    return answer
  }
}

async function live(day: Day): Promise<void> {
  const admin = await setUp(day)
  const bea = await invite(day, admin)
  await fail(day, bea)
  await change(day, admin, bea)
  await reset(day, admin)
}

interface DayUser {
  readonly username: string
  readonly password: string
  readonly secret: string
  readonly token: string
}

/** Creates the first admin on the pages. */
async function setUp(day: Day): Promise<DayUser> {
  const issued = await issueSetupLink(day.server.operator())
  const link = day.keep('a set-up link', issued?.token.reveal())
  const password = day.password('seven quiet harbours')
  await day.ask('GET', `/setup/${link}`)
  const refused = { username: 'root', password: day.password('short pw'), email: 'not an address' }
  await day.ask('POST', `/setup/${link}`, { form: refused })
  const opened = await day.ask('POST', `/setup/${link}`, { form: { username: 'root', password } })
  const attempt = cookieIn(day, opened, 'attempt')
  const page = await day.ask('GET', '/enrolment/app', { cookie: `attempt=${attempt}` })
  const secret = day.keep('a setup key', textIn(page.raw.body, 'setup-key').replaceAll(' ', ''), page)
  const form = { code: day.code(secret) }
  const done = await day.ask('POST', '/enrolment/app', { cookie: `attempt=${attempt}`, form })
  day.keep('a recovery code', assertShowsCodes(done.raw, '/admin?done=set-up')[0], done)
  const cookie = `session=${cookieIn(day, done, 'session')}`
  await day.ask('GET', '/account?done=set-up', { cookie })
  await day.ask('POST', '/sign-out', { cookie, form: {} })
  return { username: 'root', password, secret, token: await signIn(day, { username: 'root', password, secret }) }
}

function cookieIn(day: Day, answer: Answer, name: string): string {
  return day.keep(`the cookie of a ${name}`, answer.raw.cookies.find((cookie) => cookie.name === name)?.value, answer)
}

async function signIn(day: Day, { username, password, secret }: Omit<DayUser, 'token'>): Promise<string> {
  const answer = await day.ask('POST', '/token', { form: { username, password: password + day.code(secret) } })
  return day.keep('an access token', answer.body['access_token'], answer)
}

/** Invites and enrols a user by the API. */
async function invite(day: Day, { token }: DayUser): Promise<DayUser> {
  const first = day.password('the first one given')
  const created = await day.ask('POST', '/users', { token, json: { username: 'bea', password: first } })
  const link = day.keep('an invitation', invitationIn(created), created)
  await day.ask('GET', `/invitation/${link}`)
  const password = day.password('eleven loud bicycles')
  const accepted = await day.ask('POST', '/invitations/accept', { json: { token: link, password } })
  const attempt = day.keep('an attempt', accepted.body['attempt'], accepted)
  const begun = await day.ask('POST', '/attempts/totp', { json: { attempt } })
  const secret = day.keep('a setup key', begun.body['secret'], begun)
  await day.ask('POST', '/attempts/totp/confirm', { json: { attempt, code: '000000' } })
  const done = await day.ask('POST', '/attempts/totp/confirm', { json: { attempt, code: day.code(secret) } })
  const session = done.body['session'] as Body
  return { username: 'bea', password, secret, token: day.keep('an access token', session['access_token'], done) }
}

/** Refused requests with real secrets in wrong fields. */
async function fail(day: Day, bea: DayUser): Promise<void> {
  const { username, password, secret } = bea
  const typo = day.password('eleven loud bicycle')
  await day.ask('POST', '/token', { form: { username, password: typo + day.code(secret) } })
  await day.ask('POST', '/token', { form: { username: 'nobody', password: typo + day.code(secret) } })
  await day.ask('POST', '/attempts', { json: { username, password: typo } })
  await day.ask('POST', '/attempts', { json: { username, password: [password] } })
  await day.ask('POST', '/attempts', { json: { username, password, [password.replaceAll(' ', '_')]: 1 } })
  await day.ask('POST', '/attempts', { json: `{"username": "bea", "password": "${password}"` })
  await day.ask('POST', '/attempts', { json: `{"password": "${password}", "password": "${password}"}` })
  await day.ask('PUT', '/token', { form: { username, password } })
  await day.ask('POST', '/nowhere', { json: { password } })
  await day.ask('POST', '/sign-in', { form: { username, password: typo } })
  await day.ask('GET', '/users/me', { token: day.keep('a bad token', 'dwa_never-issued-to-anybody-at-all') })
  await day.ask('GET', `/users/me?access_token=${bea.token}`)
  await day.ask('POST', '/session/proof', { token: bea.token, json: { password: typo, code: day.code(secret) } })
  const begun = await day.ask('POST', '/attempts', { json: { username, password } })
  const attempt = day.keep('an attempt', begun.body['attempt'], begun)
  await day.ask('POST', '/attempts/second-factor', { json: { attempt, kind: 'totp', proof: '111111' } })
  const code = day.code(secret)
  const done = await day.ask('POST', '/attempts/second-factor', { json: { attempt, kind: 'totp', proof: code } })
  day.keep('an access token', (done.body['session'] as Body | undefined)?.['access_token'], done)
  await day.ask('POST', '/attempts', { json: { username, password, code } })
}

/** Re-authentication, a new password, a new app. */
async function change(day: Day, admin: DayUser, user: DayUser): Promise<void> {
  const { username, password, secret } = user
  const proof = { password, code: day.code(secret) }
  const reauthenticated = await day.ask('POST', '/session/proof', { token: user.token, json: proof })
  const before = day.keep('an access token', reauthenticated.body['access_token'], reauthenticated)
  const next = day.password('nineteen slow kettles')
  const wanted = { current: password, new: next }
  const changed = await day.ask('PUT', '/users/me/password', { token: before, json: wanted })
  assert.equal(changed.status, 200)
  const token = day.keep('an access token', changed.body['access_token'], changed)
  const begun = await day.ask('POST', '/users/me/totp', { token, json: { name: 'New phone' } })
  const replacement = day.keep('a setup key', begun.body['secret'], begun)
  const code = { code: day.code(replacement) }
  const confirmed = await day.ask('POST', `/users/me/totp/${String(begun.body['id'])}/confirm`, { token, json: code })
  day.keep('an access token', confirmed.body['access_token'], confirmed)
  const fresh = await signIn(day, { username, password: next, secret: replacement })
  await day.ask('PUT', '/users/me', { token: fresh, json: { username, password: next, full_name: 'Bea' } })
  for (const path of ['/users/me', '/users/me/factors', '/users/me/sessions', '/users/me/activity'])
    await day.ask('GET', path, { token: fresh })
  for (const path of ['/users', '/audit-events?limit=200', '/overview', '/checkup'])
    await day.ask('GET', path, { token: admin.token })
}

/** Hours later an admin resets a user who has lost everything. */
async function reset(day: Day, { username, password, secret }: DayUser): Promise<void> {
  day.server.clock.pass(hours(6))
  const token = await signIn(day, { username, password, secret })
  const users = (await day.ask('GET', '/users?q=bea', { token })).body['items'] as readonly Body[]
  const id = String(users[0]?.['id'])
  const done = await day.ask('POST', `/users/${id}/reset-second-factor`, {
    token,
    json: { reason: 'Lost bag', reset_password: true },
  })
  day.keep('an invitation', invitationIn(done), done)
  const again = await day.ask('POST', `/users/${id}/invitation`, { token })
  day.keep('an invitation', invitationIn(again), again)
  await day.ask('POST', `/users/${id}/disable`, { token })
  await day.ask('GET', '/audit-events?limit=200', { token })
  await day.ask('DELETE', '/session', { token })
}

/** The spellings in which the secret could be stored. */
function spellingsOf(secret: string): string[] {
  const key = /^[A-Z2-7]{32}$/.test(secret) ? fromBase32(secret) : undefined
  const spelled = [secret, encodeURIComponent(secret), secret.replaceAll(' ', '+'), secret.toLowerCase()]
  return [...spelled, ...encodingsOf(Buffer.from(secret)), ...(key ? encodingsOf(Buffer.from(key)) : [])]
}

/** The bytes themselves, in hexadecimal, and in base64 at each offset in a longer text. */
function encodingsOf(bytes: Buffer): string[] {
  const base64 = [0, 1, 2].map((start) => {
    const whole = Math.floor((bytes.length - start) / 3) * 3
    return bytes.subarray(start, start + whole).toString('base64')
  })
  const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [bytes.toString('latin1'), bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64, ...url]
}

/** The secrets in a text, except those that this answer discloses to their owner. */
function secretsFoundIn(day: Day, text: string, where: string, answer?: Answer): string[] {
  return [...day.secrets]
    .filter(([, { shownIn }]) => answer === undefined || shownIn !== answer)
    .filter(([secret]) => spellingsOf(secret).some((form) => text.includes(form)))
    .map(([, { what }]) => `${what} is in ${where}`)
}

function codesFoundIn({ codes }: Day, text: string, where: string): string[] {
  return [...codes]
    .filter((code) => new RegExp(`(?<![\\w.-])${code}(?![\\w-])`).test(text))
    .map(() => `a code is in ${where}`)
}

async function stored({ server }: Day, dialect: Dialect): Promise<string> {
  const rows = Object.values(await dumpOf(server.doorward.db)).flat()
  const text = rows.map((row) => Object.values(row).map(textOf).join('\n')).join('\n')
  if (dialect === 'postgres') return text
  const path = server.databaseUrl.replace('sqlite:', '')
  const files = [path, `${path}-wal`, `${path}-shm`].filter(existsSync)
  assert.ok(files.length >= 2, 'there is no write-ahead log to look into')
  return [text, ...files.map((file) => readFileSync(file, 'latin1'))].join('\n')
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
}

onEitherDatabase(
  'after a whole day no user’s secret is in the database, the log or another user’s answer',
  async (t, dialect) => {
    const day = new Day(await start(t, { dialect }))
    await live(day)
    const whats = Map.groupBy(day.secrets.values(), ({ what }) => what)
    for (const [what, all] of whats) t.diagnostic(`${all.length} × ${what}`)
    t.diagnostic(`${day.codes.size} codes, ${day.answers.length} answers`)
    assert.ok(day.secrets.size > 15 && day.codes.size > 8, 'it was a quiet day')
    const [rows, log] = [await stored(day, dialect), day.server.logText()]
    const found = [
      ...secretsFoundIn(day, rows, 'the database'),
      ...secretsFoundIn(day, log, 'the log'),
      ...codesFoundIn(day, log, 'the log'),
    ]
    const answers = day.answers.flatMap((answer) => [
      ...secretsFoundIn(day, answer.text, `the answer to ${answer.request}`, answer),
      ...codesFoundIn(day, answer.text, `the answer to ${answer.request}`),
    ])
    assert.deepEqual([...found, ...answers], [])
    assertSeen(day)
  },
)

leaveToTestAll()

/** Asserts that the search finds secrets: each is in the answer that discloses it. */
function assertSeen(day: Day): void {
  const shown = [...day.secrets].filter(([, { shownIn }]) => shownIn !== undefined)
  assert.ok(shown.length > 10)
  for (const [secret, { what, shownIn }] of shown)
    assert.ok(shownIn?.text.includes(secret), `${what} is not where it was shown`)
}

onEachDatabase('of a token, a link and an attempt the database has the SHA-256', async (t, dialect) => {
  const day = new Day(await start(t, { dialect }))
  const { token } = await setUp(day)
  const { db } = day.server.doorward
  const kept = async (table: 'session' | 'link' | 'attempt') =>
    new Set((await db.selectFrom(table).select('token_hash').execute()).map(({ token_hash: hash }) => hash))
  const shown = [...day.secrets].map(([secret, { what }]) => [what, sha256(secret)] as const)
  const hashesOf = (wanted: string) => shown.filter(([what]) => what === wanted).map(([, hash]) => hash)
  assert.deepEqual(await kept('session'), new Set([...hashesOf('the cookie of a session'), sha256(token)]))
  assert.deepEqual(await kept('link'), new Set(hashesOf('a set-up link')))
  assert.ok((await kept('attempt')).has(hashesOf('the cookie of a attempt')[0] ?? ''))
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

test('other accounts of the machine cannot read keyring and database', async (t) => {
  const server = await start(t)
  const path = server.databaseUrl.replace('sqlite:', '')
  for (const file of [join(server.dataDir, 'keyring.json'), path, `${path}-wal`].filter(existsSync)) {
    assert.equal(statSync(file).mode & 0o777, 0o600, file)
  }
  assert.ok(existsSync(join(server.dataDir, 'keyring.json')))
})

test('the keys that seal everything are not in the database', async (t) => {
  const server = await start(t)
  const { keys } = JSON.parse(readFileSync(join(server.dataDir, 'keyring.json'), 'utf8')) as {
    keys: readonly Readonly<Record<string, unknown>>[]
  }
  const values = keys.flatMap((key) => Object.values(key)).map(String)
  const texts = values.filter((value) => Buffer.from(value, 'base64url').length >= 32)
  assert.ok(texts.length >= 2, 'the keyring holds no keys')
  const file =
    readFileSync(server.databaseUrl.replace('sqlite:', ''), 'latin1') +
    JSON.stringify(await dumpOf(server.doorward.db)) +
    server.logText()
  for (const text of texts) {
    const bytes = Buffer.from(text, 'base64url')
    for (const form of [text, bytes.toString('latin1'), bytes.toString('hex')]) assert.ok(!file.includes(form))
  }
})
