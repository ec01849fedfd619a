// A session that the server ends at any moment, also in the packet in which it accepts the connection.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { newPostgresDatabase } from '#test/support/databases/temporary.ts'
import type { Database } from '../database.ts'
import { asRefusal } from '../errors.ts'
import { preparedQuery } from '../prepared-query.ts'
import { runInTransaction } from '../transaction.ts'
import { openPostgres } from './postgres.ts'

/** ReadyForQuery, and an ErrorResponse as after `pg_terminate_backend` (PostgreSQL documentation, Message Formats). */
const READY = Buffer.from('5a0000000549', 'hex')
const ENDED = errorResponse(['SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command'])

function errorResponse(fields: readonly string[]): Buffer {
  const body = Buffer.from(`${fields.map((field) => `${field}\0`).join('')}\0`)
  const head = Buffer.from('E\0\0\0\0')
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

/** A relay that ends the next `endings` sessions in the same packet in which the server accepts them. */
async function endingRelay(t: TestContext, url: string) {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  const state = { endings: 0 }
  const relay = createServer((client) => {
    const onward = connect(Number(port), hostname)
    sockets.push(client, onward)
    for (const socket of [client, onward]) socket.on('error', () => undefined)
    client.pipe(onward)
    if (state.endings === 0) return void onward.pipe(client)
    state.endings -= 1
    let greeting = Buffer.alloc(0)
    onward.on('data', (bytes: Buffer) => {
      greeting = Buffer.concat([greeting, bytes])
      if (greeting.subarray(-READY.length).equals(READY)) client.end(Buffer.concat([greeting, ENDED]))
    })
  })
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    relay.close()
  })
  await once(relay.listen(0, '127.0.0.1'), 'listening')
  const through = Object.assign(new URL(url), { port: (relay.address() as AddressInfo).port })
  return { url: through.href, state }
}

const readOne = preparedQuery((db: Database) => db.selectNoFrom(sql<number>`1`.as('n')))

const USES: readonly [name: string, use: (db: Database) => Promise<unknown>][] = [
  ['a read', (db) => sql`select 1`.execute(db)],
  ['a prepared read', readOne],
  ['a single write', (db) => sql`create temp table t (id int)`.execute(db)],
  ['a transaction', (db) => runInTransaction(db, (trx) => sql`select 1`.execute(trx))],
]

for (const [name, use] of USES) {
  test(`${name} on a session that is ended as soon as it is accepted is "unavailable", and the next one works`, async (t) => {
    const relay = await endingRelay(t, await newPostgresDatabase(t))
    const db = openPostgres(Secret.of(relay.url))
    t.after(() => db.destroy())
    for (let round = 0; round < 3; round++) {
      relay.state.endings = 1
      await assert.rejects(use(db), (error) => {
        const { code } = asRefusal(error) ?? (error as { code?: string })
        return code === 'service.unavailable'
      })
      await use(db)
      // The next round needs a new connection.
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(db).catch(() => undefined)
    }
  })
}
