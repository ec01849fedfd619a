// The answer for a load balancer: in time, whether this node can do its work, whatever the state of the database.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

import { seconds } from '#foundation/kernel/time.ts'
import { migratedDatabaseUrl, onEachDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { ask, startWithAdmin } from '../support/people/people.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { startProcess } from '../support/server/processes.ts'
import { type Server, start } from '../support/server/start.ts'
import { silentProxy } from '../support/server/unresponsive-connection.ts'

/** Asks with the server's clock so far ahead: an answer is cached for a second, and five seconds of skew make a node not ready. */
async function readiness(server: Server, ahead: 0 | 1 | 2 | 3 | 4): Promise<number> {
  server.clock.pass(Date.now() + seconds(ahead) - server.clock.now())
  return (await ask(server, 'GET', '/readyz')).status
}

/** Less than the time after which the driver closes a silent connection. */
const BY_ITSELF = seconds(15)

test('a node whose PostgreSQL does not respond is not ready, and is ready when it responds again', async (t) => {
  const proxy = await silentProxy(t, await migratedDatabaseUrl(t, 'postgres'))
  const server = await start(t, { databaseUrl: proxy.url, clock: new TestClock(Date.now()) })
  assert.equal(await readiness(server, 0), 200)

  proxy.silence()
  const connected = proxy.connections()
  for (const ahead of [1, 2, 3] as const) {
    const since = performance.now()
    assert.equal(await readiness(server, ahead), 503)
    assert.ok(performance.now() - since < BY_ITSELF)
  }
  assert.equal(proxy.connections(), connected, 'requests keep more connections waiting')
  assert.equal((await ask(server, 'GET', '/healthz')).status, 200)

  proxy.resume()
  while ((await readiness(server, 4)) !== 200) await sleep(20)
})

leaveToTestAll()

onEachDatabase('a node that can read and not write is not ready, until it can write again', async (t, dialect) => {
  const statements: string[] = []
  const onStatement = (text: string): unknown => statements.push(text)
  const clock = new TestClock(Date.now())
  const { server, root } = await startWithAdmin(t, { dialect, clock, onStatement, expectedErrors: /is not writable/ })
  await server.doorward.writeProbe.probe()
  statements.length = 0
  const probed = async (ahead: 1 | 2 | 4): Promise<number> => {
    await server.doorward.writeProbe.probe()
    return readiness(server, ahead)
  }
  // Before any request of a session, whose last use is written later by a timer.
  assert.equal(await readiness(server, 0), 200)
  assert.ok(statements.length > 0)
  for (const text of statements) assert.match(text, /^\s*select/i)
  await allowWriting(server, false)
  assert.equal(await probed(1), 503)
  // A PostgreSQL that accepts no writes may be a standby, in which the end of a session may be missing.
  assert.equal((await root.asks('GET', '/users/me')).status, dialect === 'sqlite' ? 200 : 503)
  assert.equal((await root.asks('PATCH', '/users/me', { full_name: 'Root' })).status, 503)
  assert.equal(await probed(2), 503)

  await allowWriting(server, true)
  assert.equal(await readiness(server, 3), 503, 'no probe has run yet')
  assert.equal(await probed(4), 200)
  const logged = server.logLines.filter(({ msg = '' }) => /is not writable|is writable again/.test(msg))
  assert.deepEqual(
    logged.map(({ level }) => level),
    ['error', 'info'],
  )
})

/** Makes the database read-only or writable, as remounting the file system, an administrator or a failover does. */
async function allowWriting({ doorward, databaseUrl }: Server, allowed: boolean): Promise<void> {
  const state = allowed ? 'off' : 'on'
  if (doorward.db.dialect === 'sqlite') {
    await sql`pragma query_only = ${sql.raw(state)}`.execute(doorward.db)
    return
  }
  const client = new Client({ connectionString: databaseUrl, options: '-c default_transaction_read_only=off' })
  await client.connect()
  try {
    const name = client.escapeIdentifier(new URL(databaseUrl).pathname.slice(1))
    await client.query(`alter database ${name} set default_transaction_read_only = ${state}`)
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`)
  } finally {
    await client.end()
  }
}

test('the probe leaves no row, and reaches the file each time', async (t) => {
  const server = await start(t)
  const other = new DatabaseSync(server.databaseUrl.slice('sqlite:'.length))
  t.after(() => other.close())
  // The value changes each time another connection has changed the file.
  const seen = new Set<unknown>()
  for (let probes = 0; probes < 3; probes++) {
    seen.add(other.prepare('pragma data_version').get()?.['data_version'])
    await server.doorward.writeProbe.probe()
  }
  assert.equal(seen.size, 3)
  assert.equal((await server.doorward.db.selectFrom('schema_version').selectAll().execute()).length, 1)
})

exhaustive('a node whose disk is full is alive and not ready, and one beside it that can write is ready', async (t) => {
  const folder = await temporaryFolder(t)
  const limited = join(folder, 'node-with-little-room')
  // Files may grow to 512 KiB, so that writing fails as on a full disk.
  await writeFile(limited, `#!/bin/sh\nulimit -f 1024\nexec '${process.execPath}' "$@"\n`)
  await chmod(limited, 0o755)
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: folder }
  const node = await startProcess(t, { ...installation, node: limited })
  // Each unknown name has its own bucket, so that every guess writes a row.
  let status = 401
  for (let tried = 0; status === 401; tried++) {
    const form = { username: `nobody-${tried}`, password: 'no such words 123456' }
    status = (await node.ask('POST', '/token', { form })).status
  }
  assert.equal(status, 503)
  while ((await fetch(`${node.url}/readyz`)).status !== 503) await sleep(100)
  assert.equal((await fetch(`${node.url}/healthz`)).status, 200)
  await startProcess(t, installation)
})
