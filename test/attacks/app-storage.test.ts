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
import { authorizationOf, pushedAuthorizationOf, registerApp, type TestApp } from '../support/openid/apps.ts'
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
    const { server, visitor, app } = await attackScene(t, { dialect })
    const used = await codeFor(visitor, app)
    const { body: first } = await exchangeAs(server, app, used)
    const { body: second } = await refreshAs(server, app, first['refresh_token'])
    const unused = await codeFor(visitor, app)
    const waiting = String((await openAt(new Visitor(server), (await authorizationOf(app)).url)).headers.location)
    const values = [app.secret, used.code, unused.code, used.verifier, waiting.split('/').at(-1) ?? '']
    // One that was pushed, and the interaction that it has begun.
    const pushed = await pushedAuthorizationOf(app)
    await openAt(new Visitor(server), pushed.url)
    values.push(pushed.verifier, pushed.url.searchParams.get('request_uri')?.split(':').at(-1) ?? '')
    for (const name of ['access_token', 'refresh_token', 'id_token'])
      values.push(String(first[name]), String(second[name]))
    const dump = JSON.stringify(await dumpOf(server.doorward.db))
    assert.match(dump, /"client_token":\[\{/)
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

/** Sends a request to the token endpoint and reads no answer; kills the process when the database says that it was carried out. */
async function killAfterCommit(
  node: ServerProcess,
  app: TestApp,
  fields: Record<string, string>,
  done: () => Promise<boolean>,
): Promise<void> {
  const body = new URLSearchParams(fields).toString()
  const { authorization } = basic(app.client.id, app.secret)
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  socket.pause()
  const type = 'Content-Type: application/x-www-form-urlencoded'
  const head = `POST /oidc/token HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n${type}\r\nContent-Length: ${body.length}`
  socket.write(`${head}\r\n\r\n${body}`)
  while (!(await done())) await sleep(2)
  assert.equal((await node.kill()).code, null)
  socket.destroy()
}

async function consumedIn({ doorward }: Server, kind: 'code' | 'refresh'): Promise<number> {
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
    await killAfterCommit(node, app, refresh, async () => (await consumedIn(server, 'refresh')) === 1)
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
    await killAfterCommit(node, app, exchange, async () => (await consumedIn(server, 'code')) === 2)
    node = await startProcess(t, installation)
    const reused = await asked(node, app, exchange)
    assert.deepEqual([reused.status, reused.body['error']], [400, 'invalid_grant'])
    const anew = await asked(node, app, await fieldsOf())
    assert.equal(anew.status, 200, anew.text)
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
