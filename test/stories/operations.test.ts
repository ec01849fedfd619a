// What operators rely on: health, outages, stopping, limits, and a log without secrets.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'

import { seconds } from '#foundation/kernel/time.ts'
import { newDatabaseUrl, onEachDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { ask, PASSWORD, postForm, postToken, type Reply, startWithAdmin } from '../support/people/people.ts'
import { invitationIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { startProcess } from '../support/server/processes.ts'
import { start } from '../support/server/start.ts'

/** Slow enough that a request still waits for its hash when the test looks, on any machine. */
const SLOW_HASH = { hash_memory: '131072', hash_passes: '6', hash_workers: '1' }

test('a server is alive and not ready while PostgreSQL is unreachable, answers 503, and continues when it is back', async (t) => {
  const clock = new TestClock(Date.now())
  const { server, root } = await startWithAdmin(t, {
    dialect: 'postgres',
    clock,
    expectedErrors: /database|connection/i,
  })
  let asked = 0
  // The server's clock must agree with PostgreSQL's, and an answer is cached for a second.
  const readiness = async (): Promise<number> => {
    clock.pass(Date.now() + seconds(++asked) - clock.now())
    return (await ask(server, 'GET', '/readyz')).status
  }
  const alive = async (): Promise<number> => (await ask(server, 'GET', '/healthz')).status
  assert.deepEqual([await alive(), await readiness()], [200, 200])

  await connectionsTo(server.databaseUrl, false)
  assert.deepEqual([await alive(), await readiness()], [200, 503])
  const refused = [
    await root.asks('GET', '/users/me'),
    await root.asks('PATCH', '/users/me', { full_name: 'Root' }),
    await postToken(server, { username: 'root', password: PASSWORD + root.code() }),
  ]
  for (const reply of refused) {
    assert.deepEqual(refusalIn(reply), [503, 'service.unavailable'])
    assert.ok(Number(reply.raw.headers['retry-after']) >= 1)
  }

  await connectionsTo(server.databaseUrl, true)
  assert.deepEqual([await alive(), await readiness()], [200, 200])
  const { status, body } = await root.asks('GET', '/users/me')
  assert.deepEqual([status, body['full_name']], [200, null])
  await root.signsIn()
})

leaveToTestAll()

test('a clock that differs from PostgreSQL’s is logged from one second on, and from five on the server is not ready', async (t) => {
  const clock = new TestClock(Date.now())
  const server = await start(t, { dialect: 'postgres', clock })
  const warnings = () => server.logLines.filter(({ msg = '' }) => msg.startsWith('clock skew')).length
  const ahead = async (by: number): Promise<[status: number, warnings: number]> => {
    clock.pass(Date.now() + by - clock.now())
    return [(await ask(server, 'GET', '/readyz')).status, warnings()]
  }
  assert.deepEqual(await ahead(0), [200, 0])
  assert.deepEqual(await ahead(seconds(3)), [200, 1])
  assert.deepEqual(await ahead(seconds(7)), [503, 2])
})

/** Allows connections to a database, or forbids and terminates them. */
async function connectionsTo(databaseUrl: string, allowed: boolean): Promise<void> {
  const elsewhere = new URL(databaseUrl)
  const name = elsewhere.pathname.slice(1)
  elsewhere.pathname = '/postgres'
  const client = new Client({ connectionString: elsewhere.href })
  await client.connect()
  try {
    await client.query(`alter database ${client.escapeIdentifier(name)} allow_connections ${allowed}`)
    if (!allowed)
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  } finally {
    await client.end()
  }
}

test('a stopping server answers the requests it has received', async (t) => {
  const databaseUrl = await newDatabaseUrl(t, 'sqlite')
  // The hash may take long on a busy machine.
  const settings = { ...SLOW_HASH, shutdown_grace: '100s' }
  const server = await startProcess(t, { databaseUrl, dataDir: await temporaryFolder(t), settings })
  const sent = httpRequest(`${server.url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', expect: '100-continue' },
  })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  sent.flushHeaders()
  // The server has received the request.
  await once(sent, 'continue')
  sent.end('username=nobody&password=no+such+words123456')
  const stopped = server.stop()
  const [answer] = await answered
  assert.equal(answer.statusCode, 401)
  assert.match(await text(answer), /Incorrect username or password/)
  assert.equal((await stopped).code, 0)
})

for (const [what, settings] of [
  ['a full disk', { stdout: 'full' }],
  ['a pipe that is never read', { stdout: 'unread' }],
] as const) {
  test(`a log that goes to ${what} neither holds requests up nor the stop`, async (t) => {
    const databaseUrl = await newDatabaseUrl(t, 'sqlite')
    const full = openSync('/dev/full', 'w')
    t.after(() => closeSync(full))
    const stdout = settings.stdout === 'full' ? full : settings.stdout
    // One log line for each request; a pipe holds some hundred lines.
    const installation = { databaseUrl, dataDir: await temporaryFolder(t), settings: { log_level: 'trace' }, stdout }
    const server = await startProcess(t, installation)
    for (let round = 0; round < 25; round++) {
      const replies = await Promise.all(Array.from({ length: 20 }, () => server.ask('GET', '/healthz')))
      assert.ok(replies.every(({ status }) => status === 200))
    }
    assert.equal((await server.stop()).code, 0)
  })
}

onEachDatabase('a full hash queue answers 503 with when to retry, and counts no guess', async (t, dialect) => {
  const server = await start(t, { dialect, settings: { ...SLOW_HASH, hash_queue: '1' } })
  const form = { username: 'nobody', password: 'no such words123456' }
  const replies = await Promise.all(Array.from({ length: 5 }, () => postToken(server, form)))
  const [busy, refused] = [503, 401].map((wanted) => replies.filter(({ status }) => status === wanted)) as [
    Reply[],
    Reply[],
  ]
  assert.equal(busy.length + refused.length, replies.length)
  assert.ok(busy.length > 0 && refused.length > 0)
  for (const reply of busy) {
    assert.equal(reply.body['code'], 'service.busy')
    assert.ok(Number(reply.raw.headers['retry-after']) >= 1)
  }
  const { db } = server.doorward
  const buckets = await db.selectFrom('throttle_bucket').select('failures').where('failures', '>', 0).execute()
  assert.deepEqual(new Set(buckets.map(({ failures }) => failures)), new Set([refused.length]))
  const events = await db.selectFrom('audit_event').select('id').where('action', '=', 'sign_in.refused').execute()
  assert.equal(events.length, refused.length)
})

test('a request keeps a valid id from the client in the answer and the log', async (t) => {
  const server = await start(t)
  const idFor = async (path: string, given?: string): Promise<unknown> => {
    const reply = await ask(server, 'GET', path, { headers: given === undefined ? {} : { 'x-request-id': given } })
    return reply.raw.headers['x-request-id']
  }
  for (const path of ['/healthz', '/users/me', '/nowhere', '/sign-in']) {
    assert.equal(await idFor(path, 'trace-7_a.B'), 'trace-7_a.B', path)
    for (const bad of ['', 'two words', 'a"b', 'é', 'x'.repeat(65), 'a\tb']) {
      const made = await idFor(path, bad)
      assert.match(String(made), /^[\w.-]{10,64}$/, path)
      assert.notEqual(made, bad)
    }
    assert.notEqual(await idFor(path), await idFor(path))
  }
  const logged = server.logLines.filter(({ requestId }) => requestId === 'trace-7_a.B').map(({ route }) => route)
  assert.deepEqual(logged, ['/healthz', '/users/me', null, '/sign-in'])
})

test('a body is read up to the limit and no byte more, whatever its type', async (t) => {
  const server = await start(t, { settings: { body_limit: '2KiB' } })
  const limit = 2048
  const kinds: [path: string, type: string, begin: string, end: string][] = [
    ['/attempts', 'application/json', '{"username":"ada","password":"', '"}'],
    ['/token', 'application/x-www-form-urlencoded', 'username=ada&password=', ''],
    [
      '/token',
      'multipart/form-data; boundary=b',
      field('username', 'ada', '') + field('password', '', ''),
      '\r\n--b--\r\n',
    ],
    ['/sign-in', 'application/x-www-form-urlencoded', 'username=ada&password=', ''],
  ]
  for (const [url, type, begin, end] of kinds) {
    const statusOf = async (bytes: number): Promise<number> => {
      const payload = begin + 'x'.repeat(bytes - begin.length - end.length) + end
      const headers = { 'content-type': type, origin: server.doorward.config.publicUrl }
      return (await server.app.inject({ method: 'POST', url, headers, payload })).statusCode
    }
    const read = await statusOf(limit)
    assert.ok([303, 401, 422].includes(read), `${url} as ${type}: ${read}`)
    assert.equal(await statusOf(limit + 1), 413, `${url} as ${type}`)
  }
})

function field(name: string, value: string, end = '\r\n'): string {
  return `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}${end === '' && value === '' ? '' : '\r\n'}`
}

test('the token of a link is in no line of the log, however the link is mistyped', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const token = invitationIn(await root.asks('POST', '/users', { username: 'ada' }))
  const path = `/invitation/${token}`
  const before = server.logLines.length
  const paths = [
    path,
    `${path}/`,
    `${path}/more`,
    `/setup/${token}`,
    `/recovery/${token}`,
    `/nowhere/${token}`,
    `/${token}`,
  ]
  const odd = [
    `${path}?next=${token}`,
    `/invitation/%64${token.slice(1)}`,
    `/Invitation/${token}`,
    `/invitation//${token}`,
  ]
  for (const url of [...paths, ...odd, `${path}${'x'.repeat(500)}`]) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
      const headers = { referer: `${server.doorward.config.publicUrl}${path}`, accept: 'text/html' }
      const { statusCode } = await server.app.inject({ method, url, headers })
      assert.ok(statusCode < 500, `${method} ${url}: ${statusCode}`)
    }
  }
  await postForm(server, path, { password: 'x' }, { origin: server.doorward.config.publicUrl })
  await ask(server, 'POST', '/invitations/accept', { payload: { token, password: 'x' } })
  assert.ok(server.logLines.length >= before + 40, 'the requests were not logged at all')
  assert.ok(!server.logText().includes(token.slice('dwl_'.length)))
})
