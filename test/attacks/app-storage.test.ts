// What apps got, where it is kept: a copy of the database, a process that is killed between commit and answer, and clocks that are wrong.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Duration, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { newDatabaseUrl, onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { runJobs } from '../support/jobs.ts'
import { authorizationOf, follow, pushedAuthorizationOf, registerApp, type TestApp } from '../support/openid/apps.ts'
import {
  attackScene,
  basic,
  codeFor,
  exchangeAs,
  isAlive,
  openAt,
  postRaw,
  refreshAs,
} from '../support/openid/attack-scene.ts'
import { allows, codesFor, DEVICE_GRANT, PLAYER, poll, typesCode } from '../support/openid/devices.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { type Installation, type ServerProcess, startProcess } from '../support/server/processes.ts'
import { type Server, start } from '../support/server/start.ts'

onEitherDatabase(
  'no code, token, secret or interaction of an app can be read from the database',
  async (t, dialect) => {
    const { server, visitor, app } = await attackScene(t, { dialect, fields: PLAYER })
    const used = await codeFor(visitor, app)
    const { body: first } = await exchangeAs(server, app, used)
    const { body: second } = await refreshAs(server, app, first['refresh_token'])
    const unused = await codeFor(visitor, app)
    const waiting = String((await openAt(new Visitor(server), (await authorizationOf(app)).url)).headers.location)
    const values = [app.secret, used.code, unused.code, used.verifier, waiting.split('/').at(-1) ?? '']
    const waits = await codesFor(server, app)
    const allowed = await codesFor(server, app)
    await allows(visitor, allowed.userCode)
    const { body: onDevice } = await poll(server, app, allowed)
    values.push(
      waits.deviceCode,
      allowed.deviceCode,
      String(onDevice['access_token']),
      String(onDevice['refresh_token']),
    )
    const typed = [waits, allowed].flatMap(({ userCode }) => [userCode, userCode.replace('-', '')])
    // One that was pushed, and the interaction that it has begun.
    const pushed = await pushedAuthorizationOf(app)
    await openAt(new Visitor(server), pushed.url)
    values.push(pushed.verifier, pushed.url.searchParams.get('request_uri')?.split(':').at(-1) ?? '')
    for (const name of ['access_token', 'refresh_token', 'id_token'])
      values.push(String(first[name]), String(second[name]))
    const dump = JSON.stringify(await dumpOf(server.doorward.db))
    assert.match(dump, /"client_token":\[\{/)
    for (const code of typed) assert.ok(!dump.includes(code), `${code} is in the database`)
    for (const value of values) {
      assert.ok(value.length >= 20, value)
      assert.ok(!dump.includes(value), `${value} is in the database`)
      assert.ok(
        !dump.includes(Buffer.from(value).toString('base64').slice(0, -4)),
        `${value} is in the database, encoded`,
      )
    }
    // What is stored instead says nothing of the kind to which it belongs.
    const [{ id } = { id: '' }] = await server.doorward.db.selectFrom('client_token').select('id').execute()
    const hashes = values.map((value) => createHash('sha256').update(value).digest('hex'))
    assert.ok(!hashes.includes(id), 'a hash of the value alone')
  },
)

leaveToTestAll()

/** A database and a server on the disk, an app, and a browser at a server in this process that shares them. */
async function onDisk(
  t: TestContext,
  dialect: Dialect,
): Promise<{ installation: Installation; server: Server; app: TestApp; browser: Visitor }> {
  const dataDir = await temporaryFolder(t, { onDisk: true })
  const databaseUrl = dialect === 'sqlite' ? `sqlite:${join(dataDir, 'doorward.db')}` : await newDatabaseUrl(t, dialect)
  const installation = { dataDir, databaseUrl }
  const server = await start(t, { ...installation, clock: new TestClock(Date.now() - minutes(5)) })
  const admin = await firstAdmin(server)
  const browser = new Visitor(server)
  await signsIn(browser, admin)
  return { installation, server, app: await registerApp(server), browser }
}

interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, string>>
}

/** A request to the token endpoint. */
function toToken(app: TestApp, fields: Readonly<Record<string, string>>): Sent {
  return { path: '/oidc/token', headers: basic(app.client.id, app.secret), fields }
}

/** Sends a request and reads no answer; kills the process when the database says that it was carried out. */
async function killAfterCommit(
  node: ServerProcess,
  { path, headers, fields }: Sent,
  done: () => Promise<boolean>,
): Promise<void> {
  const body = new URLSearchParams(fields).toString()
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  socket.pause()
  const posted = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }
  const all = { host: 'localhost', ...headers, ...(fields !== undefined && posted) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  const method = fields === undefined ? 'GET' : 'POST'
  socket.write(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${fields === undefined ? '' : body}`)
  while (!(await done())) await sleep(2)
  assert.equal((await node.kill()).code, null)
  socket.destroy()
}

async function consumedIn({ doorward }: Server, kind: 'code' | 'refresh' | 'request' | 'device'): Promise<number> {
  const rows = await doorward.db
    .selectFrom('client_token')
    .select('id')
    .where('kind', '=', kind)
    .where('consumed_at', 'is not', null)
    .execute()
  return rows.length
}

async function asked(node: ServerProcess, app: TestApp, fields: Record<string, string>) {
  const form = { ...fields, client_id: app.client.id, client_secret: app.secret }
  return node.ask('POST', '/oidc/token', { form })
}

onEachDatabase(
  'killed between the commit and the answer of an exchange, it gives the same successor, and an app can begin anew',
  async (t, dialect) => {
    const { installation, server, app, browser } = await onDisk(t, dialect)
    const fieldsOf = async (): Promise<Record<string, string>> => {
      const { code, redirectUri, verifier } = await codeFor(browser, app)
      return { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
    }
    let node = await startProcess(t, installation)
    const { body } = await asked(node, app, await fieldsOf())
    const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) }
    await killAfterCommit(node, toToken(app, refresh), async () => (await consumedIn(server, 'refresh')) === 1)
    node = await startProcess(t, installation)
    const again = [await asked(node, app, refresh), await asked(node, app, refresh)]
    assert.deepEqual(
      again.map(({ status }) => status),
      [200, 200],
      String(again[0]?.text),
    )
    assert.equal(again[0]?.body['refresh_token'], again[1]?.body['refresh_token'])
    const rows = await server.doorward.db
      .selectFrom('client_token')
      .select('id')
      .where('kind', '=', 'refresh')
      .execute()
    assert.equal(rows.length, 2, 'the successor that was committed is not the one that is given')

    const exchange = await fieldsOf()
    await killAfterCommit(node, toToken(app, exchange), async () => (await consumedIn(server, 'code')) === 2)
    node = await startProcess(t, installation)
    const reused = await asked(node, app, exchange)
    assert.deepEqual([reused.status, reused.body['error']], [400, 'invalid_grant'])
    const anew = await asked(node, app, await fieldsOf())
    assert.equal(anew.status, 200, anew.text)
    assert.equal((await node.stop()).code, 0)
  },
)

/** What the browser sends with a link or, with fields, a form. */
function ofBrowser(browser: Visitor, path: string, fields?: Readonly<Record<string, string>>): Sent {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { host: 'localhost:8000', origin: 'http://localhost:8000', accept: 'text/html', cookie }
  return { path, headers, ...(fields !== undefined && { fields }) }
}

onEachDatabase(
  'killed between the commit and the answer, a pushed request is used, and a device has what its user allowed',
  async (t, dialect) => {
    const { installation: shared, server, browser } = await onDisk(t, dialect)
    const installation = { ...shared, settings: { public_url: server.doorward.config.publicUrl } }
    const app = await registerApp(server, PLAYER)
    let node = await startProcess(t, installation)
    // The clock of the server in this process is behind.
    const { search } = (await authorizationOf(app)).url
    const wanted = { ...Object.fromEntries(new URLSearchParams(search)), client_secret: app.secret }
    const pushed = await node.ask('POST', '/oidc/request', { form: wanted })
    const query = new URLSearchParams({ client_id: app.client.id, request_uri: String(pushed.body['request_uri']) })
    const path = `/oidc/auth?${query}`
    const consumed = async (): Promise<boolean> => (await consumedIn(server, 'request')) === 1
    await killAfterCommit(node, ofBrowser(browser, path), consumed)
    assert.match((await browser.page(path, 400)).heading, /took too long/)
    assert.ok(await follow(browser, (await pushedAuthorizationOf(app)).url), 'the app cannot begin again')

    const codes = await codesFor(server, app)
    const form = await browser.open('/oidc/device')
    const [, token = ''] = /name="form_token"\s+value="([^"]+)"/.exec(form.body) ?? []
    const fields = { ...(await typesCode(browser, codes.userCode)), form_token: token }
    node = await startProcess(t, installation)
    await killAfterCommit(node, ofBrowser(browser, '/oidc/device/allow', fields), async () => {
      const events = await server.doorward.db
        .selectFrom('audit_event')
        .select('id')
        .where('action', '=', 'device_code.approved')
        .execute()
      return events.length === 1
    })
    node = await startProcess(t, installation)
    const polled = { grant_type: DEVICE_GRANT, device_code: codes.deviceCode }
    await killAfterCommit(node, toToken(app, polled), async () => (await consumedIn(server, 'device')) === 1)
    node = await startProcess(t, installation)
    const again = await asked(node, app, polled)
    assert.deepEqual([again.status, again.body['error']], [400, 'invalid_grant'])
    const anew = await codesFor(server, app)
    await allows(browser, anew.userCode)
    const given = await asked(node, app, { ...polled, device_code: anew.deviceCode })
    assert.equal(given.status, 200, given.text)
    assert.equal((await node.stop()).code, 0)
  },
)

interface WrongClock {
  pass(duration: Duration): void
  /** The clock of the machine is set, which Doorward's own follows later. */
  jump(by: Duration): void
}

function wrongClock({ mock }: TestContext, { clock }: Server): WrongClock {
  return {
    pass: (duration) => {
      clock.pass(duration)
      mock.timers.setTime(Date.now() + duration)
    },
    jump: (by) => {
      clock.jump(by)
      mock.timers.setTime(Date.now() + by)
    },
  }
}

const LONG = { settings: { session_idle: '20h', session_absolute: '20d' }, expectedErrors: /clock/ }

test('with a clock that is set back nothing of an app lives longer than its lifetime and the jump', async (t) => {
  const { server, visitor, app } = await attackScene(t, LONG)
  const clock = wrongClock(t, server)
  const { body } = await exchangeAs(server, app, await codeFor(visitor, app))
  const unused = await codeFor(visitor, app)
  clock.jump(-hours(1))
  assert.equal(await isAlive(server, app, body['access_token']), true)
  clock.pass(hours(1) + seconds(61))
  assert.equal((await exchangeAs(server, app, unused)).body['error'], 'invalid_grant')
  clock.pass(minutes(9))
  assert.equal(await isAlive(server, app, body['access_token']), false)
  assert.equal((await refreshAs(server, app, body['refresh_token'])).status, 200, 'it has ended before its time')
})

test('with a clock that is ahead no row of an app is deleted, and what was issued meanwhile ends after its lifetime and the jump', async (t) => {
  const { server, visitor, app } = await attackScene(t, LONG)
  const clock = wrongClock(t, server)
  const before = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  clock.jump(hours(2))
  assert.equal(await isAlive(server, app, before['access_token']), false)
  const meanwhile = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  const rows = async (): Promise<number> =>
    (await server.doorward.db.selectFrom('client_token').select('id').execute()).length
  const count = await rows()
  const { 'expired-grants': result } = await runJobs(server.doorward)
  assert.equal(await rows(), count, String(result))
  clock.jump(-hours(2))
  assert.equal(await isAlive(server, app, before['access_token']), true, 'it was deleted while the clock was ahead')
  clock.pass(hours(2) + minutes(10))
  assert.equal(await isAlive(server, app, meanwhile['access_token']), false)
})

test('what was revoked at one node is dead at another, which has just seen it alive', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const given = await codeFor(visitor, app)
  const { body } = await exchangeAs(server, app, given)
  const other = await start(t, { databaseUrl: server.databaseUrl, dataDir: server.dataDir, clock: server.clock })
  assert.equal(await isAlive(other, app, body['access_token']), true)
  const { authorization } = basic(app.client.id, app.secret)
  await postRaw(server, '/token/revocation', { token: String(body['access_token']) }, { headers: { authorization } })
  assert.equal(await isAlive(other, app, body['access_token']), false)
})
