// Several hosts in one database URL, with two real servers: a primary and its streaming standby.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { startPair } from '#test/support/databases/postgres-pair.ts'
import { freePort } from '#test/support/databases/temporary.ts'
import type { Database } from '../database.ts'
import { asRefusal } from '../errors.ts'
import { preparedQuery } from '../prepared-query.ts'
import { runInTransaction } from '../transaction.ts'
import { openPostgres } from './postgres.ts'

const unavailable = (error: unknown) =>
  (error instanceof Refusal ? error : asRefusal(error))?.code === 'service.unavailable'

const port = sql<number>`current_setting('port')::int`
const readPort = preparedQuery((db: Database) => db.selectNoFrom(port.as('port')))

/** The ports of the servers that answer a statement, a transaction and a prepared read. */
async function portsOf(db: Database): Promise<(number | undefined)[]> {
  const one = async (on: Database) => (await sql<{ port: number }>`select ${port} as port`.execute(on)).rows[0]?.port
  return [await one(db), await runInTransaction(db, one), (await readPort(db))[0]?.port]
}

function open(t: TestContext, url: string): Database {
  const db = openPostgres(Secret.of(url))
  t.after(() => db.destroy())
  return db
}

/** A host that accepts connections and never answers. */
async function silentPort(t: TestContext): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

test('of several hosts the one that accepts writes is used, and all connections leave it once it accepts none', async (t) => {
  const { primary, standby, url } = await startPair(t)
  const db = open(t, url)
  assert.deepEqual(await portsOf(db), [primary.port, primary.port, primary.port])

  const among = `127.0.0.1:${await freePort()},127.0.0.1:${await silentPort(t)},127.0.0.1:${primary.port}`
  assert.deepEqual(await portsOf(open(t, `postgres://doorward@${among}/postgres`)), Array(3).fill(primary.port))

  for (const read of [(on: Database) => sql`select 1`.execute(on), readPort])
    await assert.rejects(async () => read(open(t, standby.url)), unavailable, 'a standby was read from')

  await sql`create table marks (id int)`.execute(db)
  // A promoted standby acknowledges no commits, so the primary must not wait for it.
  await sql`alter system reset synchronous_standby_names`.execute(db)
  await sql`select pg_reload_conf()`.execute(db)
  standby.promote()
  await Promise.all(Array.from({ length: 9 }, () => sql`select pg_sleep(0.1)`.execute(db)))
  assert.deepEqual(await portsOf(db), Array(3).fill(primary.port), 'a connection left without need')
  await sql`alter system set default_transaction_read_only = on`.execute(db)
  await sql`select pg_reload_conf()`.execute(db)
  const write = () => runInTransaction(db, (trx) => sql`insert into marks values (1)`.execute(trx))
  await assert.rejects(async () => {
    for (;;) await write()
  }, unavailable)
  assert.deepEqual(await portsOf(db), Array(3).fill(standby.port))
})

test('an acknowledged commit survives the loss of the primary, and the promoted standby is used', async (t) => {
  const { primary, standby, url } = await startPair(t)
  const db = open(t, url)
  await sql`create table kept (id int)`.execute(db)
  await sql`insert into kept values (1)`.execute(db)
  assert.deepEqual(await portsOf(db), Array(3).fill(primary.port))
  primary.kill()
  await assert.rejects(sql`insert into kept values (2)`.execute(db), unavailable)
  standby.promote()
  assert.deepEqual(await portsOf(db), Array(3).fill(standby.port))
  const { rows } = await sql`select id from kept`.execute(db)
  assert.deepEqual(rows, [{ id: 1 }])
})
