import { type Kysely, sql } from 'kysely'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { newDatabase, openFor } from '#test/support/databases/each-database.ts'
import { freePort, newPostgresDatabase } from '#test/support/databases/temporary.ts'
import type { Database } from '../database.ts'
import { asRefusal } from '../errors.ts'
import { migrate } from '../migrate.ts'
import { preparedQuery } from '../prepared-query.ts'
import type { Schema } from '../schema.ts'
import { runInTransaction } from '../transaction.ts'
import { openPostgres, type PostgresOptions } from './postgres.ts'

const unavailable = (error: unknown) => asRefusal(error)?.code === 'service.unavailable'

function open(t: TestContext, url: string, options: PostgresOptions = {}): Database {
  const db = openPostgres(Secret.of(url), options)
  t.after(() => db.destroy())
  return db
}

async function ownBackend(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
  return rows[0]?.pid ?? assert.fail('no backend')
}

async function endBackend(db: Kysely<Schema>, pid: number): Promise<void> {
  await sql`select pg_terminate_backend(${pid}, 5000)`.execute(db)
}

test('64-bit integers are read as numbers, one beyond the safe range as the nearest', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  const { rows } = await sql<{ n: number }>`select ${String(Number.MAX_SAFE_INTEGER)}::bigint as n`.execute(db)
  assert.equal(rows[0]?.n, Number.MAX_SAFE_INTEGER)
  const counted = await sql<{ n: number }>`select count(*) as n from users`.execute(db)
  assert.equal(counted.rows[0]?.n, 0)
  const beyond = await sql<{ n: number }>`select 9223372036854775807::bigint as n`.execute(db)
  assert.equal(beyond.rows[0]?.n, 2 ** 63)
})

test('a transaction that is left open is ended, and so is a statement that does not end', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  assert.deepEqual(await runInTransaction(db, limitsIn), ['1min', '15s'])
})

test('time limits end with the transaction, because a pooler may give the connection to another client', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await db.connection().execute(async (one) => {
    const before = await limitsIn(one)
    await one.transaction().execute(limitsIn)
    assert.deepEqual(await limitsIn(one), before)
    assert.deepEqual(before, ['0', '0'])
  })
})

async function limitsIn(db: Kysely<Schema>): Promise<(string | undefined)[]> {
  return [await settingIn(db, 'idle_in_transaction_session_timeout'), await settingIn(db, 'statement_timeout')]
}

/** `show` is no read to this program, so it begins no transaction. */
async function settingIn(db: Kysely<Schema>, name: string): Promise<string | undefined> {
  const { rows } = await sql<Record<string, string>>`show ${sql.id(name)}`.execute(db)
  return rows[0]?.[name]
}

test('a read that is not prepared, and each transaction, run without JIT, in limits that end with them', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await db.connection().execute(async (one) => {
    const before = [await settingIn(one, 'jit'), await settingIn(one, 'transaction_read_only'), await limitsIn(one)]
    assert.deepEqual(before, ['on', 'off', ['0', '0']])
    const { rows } = await sql<Record<string, string>>`
      select name, setting from pg_settings where name in ('jit', 'transaction_read_only', 'statement_timeout')
      order by name`.execute(one)
    assert.deepEqual(
      rows.map(({ name, setting }) => [name, setting]),
      [
        ['jit', 'off'],
        ['statement_timeout', '15000'],
        ['transaction_read_only', 'on'],
      ],
    )
    assert.deepEqual(await one.transaction().execute((trx) => settingIn(trx, 'jit')), 'off')
    const after = [await settingIn(one, 'jit'), await settingIn(one, 'transaction_read_only'), await limitsIn(one)]
    assert.deepEqual(after, before)
  })
})

test('a read that fails leaves no transaction behind, and one inside a transaction sees what that has written', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await db.connection().execute(async (one) => {
    await assert.rejects(sql`select 1 / 0`.execute(one), { code: '22012' })
    await one.insertInto('users').values({ username: 'ada', disabled: '0' }).execute()
    assert.equal((await one.selectFrom('users').select('id').execute()).length, 1)
    const seen = await one.transaction().execute(async (trx) => {
      await trx.insertInto('users').values({ username: 'bob', disabled: '0' }).execute()
      return trx.selectFrom('users').select('id').execute()
    })
    assert.equal(seen.length, 2)
  })
})

test('a migration may take longer than any other statement', async (t) => {
  const db = open(t, await newPostgresDatabase(t), { statementWithin: 1000, answerAfter: 100 })
  await migrate(db, { now: 1, within: async (trx) => void (await sql`select pg_sleep(2)`.execute(trx)) })
  await assert.rejects(
    runInTransaction(db, (trx) => sql`select pg_sleep(20)`.execute(trx)),
    { code: 'service.busy' },
  )
})

test('of concurrent statements, one that takes too long is ended and the others are answered', async (t) => {
  const db = open(t, await newPostgresDatabase(t), { statementWithin: 1000, answerAfter: 60_000 })
  const slow = preparedQuery((on: Database) => on.selectNoFrom(sql`pg_sleep(20)`.as('slow')))
  const quick = preparedQuery((on: Database) => on.selectNoFrom(sql<number>`2`.as('n')))
  const [ended, answered] = await Promise.allSettled([slow(db), quick(db)])
  assert.ok(ended.status === 'rejected' && asRefusal(ended.reason)?.code === 'service.busy')
  assert.deepEqual(answered, { status: 'fulfilled', value: [{ n: 2 }] })
  assert.deepEqual(await quick(db), [{ n: 2 }])
})

test('an unreachable server means "unavailable", in a transaction and outside', async (t) => {
  const db = open(t, `postgres://nobody:hidden@127.0.0.1:${await freePort()}/none`)
  await assert.rejects(db.selectFrom('users').select('id').execute(), unavailable)
  await assert.rejects(
    runInTransaction(db, async () => undefined),
    (error: Error) => {
      assert.doesNotMatch(JSON.stringify([error.message, String(error.cause)]), /hidden/)
      return 'code' in error && error.code === 'service.unavailable'
    },
  )
})

test('a pool with no connection left means "unavailable"', async (t) => {
  const db = open(t, await newPostgresDatabase(t), { connections: 1, connectWithin: 100 })
  await runInTransaction(db, async (trx) => {
    await sql`select 1`.execute(trx)
    await assert.rejects(sql`select 1`.execute(db), unavailable)
  })
})

test('a connection that was terminated while idle is replaced', async (t) => {
  const { db, url } = await newDatabase(t, 'postgres')
  const other = await openFor(t, url)
  await endBackend(other, await ownBackend(db))
  await new Promise((resolve) => setImmediate(resolve))
  assert.notEqual(await ownBackend(db), 0)
})

test('the loss of a connection between two statements of a transaction ends that transaction only', async (t) => {
  const { db, url } = await newDatabase(t, 'postgres')
  const other = await openFor(t, url)
  const outcome = runInTransaction(db, async (trx) => {
    await trx.insertInto('users').values({ username: 'ada', disabled: '0' }).execute()
    await endBackend(other, await ownBackend(trx))
    await trx.insertInto('users').values({ username: 'bob', disabled: '0' }).execute()
  })
  await assert.rejects(outcome, { code: 'service.unavailable' })
  assert.deepEqual(await db.selectFrom('users').select('id').execute(), [])
})

test('a transaction that PostgreSQL rolled back at its commit is not acknowledged', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  const failed = runInTransaction(db, async (trx) => {
    await trx.insertInto('users').values({ username: 'ada', disabled: '0' }).execute()
    await assert.rejects(sql`select 1 / 0`.execute(trx), { code: '22012' })
  })
  await assert.rejects(failed, { name: 'AbortedTransactionError' })
  assert.deepEqual(await db.selectFrom('users').select('id').execute(), [])
})

test('the loss of a connection during a statement means "unavailable"', async (t) => {
  const { db, url } = await newDatabase(t, 'postgres')
  const other = await openFor(t, url)
  const outcome = db.connection().execute(async (one) => {
    const pid = await ownBackend(one)
    await Promise.all([sql`select pg_sleep(20)`.execute(one), endBackend(other, pid)])
  })
  await assert.rejects(outcome, unavailable)
})

test('a statement that takes too long is ended and means "busy"', async (t) => {
  const db = open(t, await newPostgresDatabase(t), { statementWithin: 50 })
  await assert.rejects(sql`select pg_sleep(20)`.execute(db), (error) => asRefusal(error)?.code === 'service.busy')
})

/** A proxy between client and server that can drop all connections without a notice, as a firewall does. */
async function droppingProxy(t: TestContext, url: string) {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  const proxy = createServer((client) => {
    const onward = connect(Number(port), hostname)
    sockets.push(client, onward)
    for (const socket of [client, onward]) socket.on('error', () => undefined)
    client.pipe(onward).pipe(client)
  })
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const through = Object.assign(new URL(url), { port: (proxy.address() as AddressInfo).port })
  const drop = (): void => sockets.forEach((socket) => socket.unpipe().pause())
  return { url: through.href, drop }
}

test('silent connections are closed, and later queries use new ones', async (t) => {
  const { url, drop } = await droppingProxy(t, await newPostgresDatabase(t))
  const db = open(t, url, { statementWithin: 1000, answerAfter: 1000, connections: 3 })
  const asked = preparedQuery((on: Database) => on.selectFrom('users').select('id'))
  await sql`create table users (id integer)`.execute(db)
  await asked(db)
  drop()
  const lost = await Promise.allSettled([
    asked(db),
    sql`select 1`.execute(db),
    db.transaction().execute((tx) => sql`select 2`.execute(tx)),
  ])
  assert.equal(lost.pop()?.status, 'fulfilled')
  for (const end of lost) assert.ok(end.status === 'rejected' && unavailable(end.reason))
  assert.deepEqual(await asked(db), [])
  await sql`select 3`.execute(db)
})

test('after one connection became silent, the others are discarded too', async (t) => {
  const { url, drop } = await droppingProxy(t, await newPostgresDatabase(t))
  const db = open(t, url, { statementWithin: 1000, answerAfter: 1000 })
  await Promise.all(Array.from({ length: 9 }, () => sql`select pg_sleep(0.1)`.execute(db)))
  drop()
  await assert.rejects(sql`select 1`.execute(db), unavailable)
  await Promise.all(Array.from({ length: 9 }, () => sql`select 2`.execute(db)))
})

test('a connection has the application name doorward', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  const { rows } = await sql<{ name: string }>`select current_setting('application_name') as name`.execute(db)
  assert.equal(rows[0]?.name, 'doorward')
})
