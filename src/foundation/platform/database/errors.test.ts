import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { newDatabase, onEachDatabase } from '#test/support/databases/each-database.ts'
import type { Database } from './database.ts'
import { asRefusal, isBusy, isOutage, isUniqueViolation } from './errors.ts'

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  const [end] = await Promise.allSettled([work])
  return end.status === 'rejected' ? end.reason : assert.fail('should have failed')
}

function insert(db: Database, more: { username_key?: string; email_key?: string; id?: number }): Promise<unknown> {
  const row = { username: 'x', disabled: 0, ...more }
  return db.insertInto('users').values(row).execute()
}

onEachDatabase('a unique violation is reported for its column only', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insert(db, { id: 100, username_key: 'ada', email_key: 'ada@example.com (home), =(x' })
  const name = await failureOf(insert(db, { username_key: 'ada' }))
  const email = await failureOf(insert(db, { email_key: 'ada@example.com (home), =(x' }))
  const id = await failureOf(insert(db, { id: 100 }))
  const columns = ['username_key', 'email_key', 'id', 'x']
  const named = [name, email, id].map((error) => columns.filter((column) => isUniqueViolation(error, column)))
  assert.deepEqual(named, [['username_key'], ['email_key'], ['id']])
  assert.ok([name, email, id].every((error) => isUniqueViolation(error)))
  assert.equal(asRefusal(name), undefined)
})

onEachDatabase('a foreign key violation is no unique violation', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  const owned = { subject: 'nobody', id: 'a', token_hash: 'h', epoch: 0, created_at: 1, expires_at: 2 }
  const inserted = db.insertInto('link').values({ ...owned, purpose: 'invitation' })
  assert.equal(isUniqueViolation(await failureOf(inserted.execute())), false)
})

const coded = (code: string, more: object = {}) => Object.assign(new Error('made'), { code, ...more })
const sqlite = (errcode: number) => coded('ERR_SQLITE_ERROR', { errcode })

const MEANINGS: [string, unknown, string | undefined][] = [
  ['SQLITE_BUSY', sqlite(5), 'service.busy'],
  ['SQLITE_BUSY_SNAPSHOT', sqlite(517), 'service.busy'],
  ['SQLITE_LOCKED', sqlite(6), 'service.busy'],
  ['SQLITE_FULL', sqlite(13), 'service.unavailable'],
  ['SQLITE_IOERR_WRITE', sqlite(778), 'service.unavailable'],
  ['SQLITE_READONLY', sqlite(8), 'service.unavailable'],
  ['SQLITE_ERROR', sqlite(1), undefined],
  ['a statement that took too long', coded('57014'), 'service.busy'],
  ['a serialization failure', coded('40001'), 'service.busy'],
  ['a server shutting down', coded('57P01'), 'service.unavailable'],
  ['a server starting up', coded('57P03'), 'service.unavailable'],
  ['no connection left on the server', coded('53300'), 'service.unavailable'],
  ['a full disk of the server', coded('53100'), 'service.unavailable'],
  ['a refused password', coded('28P01'), 'service.unavailable'],
  ['a dropped database', coded('3D000'), 'service.unavailable'],
  ['a database closed for maintenance', coded('55000'), 'service.unavailable'],
  ['a standby', coded('25006'), 'service.unavailable'],
  ['a refused connection', coded('ECONNREFUSED', { syscall: 'connect' }), 'service.unavailable'],
  ['a missing socket', coded('ENOENT', { syscall: 'connect' }), 'service.unavailable'],
  ['a missing file', coded('ENOENT', { syscall: 'open' }), undefined],
  ['a cut connection', new Error('Connection terminated unexpectedly'), 'service.unavailable'],
  ['an exhausted pool', new Error('timeout exceeded when trying to connect'), 'service.unavailable'],
  ['a syntax error', coded('42601'), undefined],
  ['a missing table', coded('42P01'), undefined],
  ['a missing column value', coded('23502'), undefined],
  ['a bug', new TypeError('x is not a function'), undefined],
  ['a refusal', new Refusal('user.not_found'), undefined],
  ['something thrown that is no error', 'oops', undefined],
]

for (const [name, error, code] of MEANINGS) {
  test(`${name} means ${code ?? 'nothing about the service'}`, () => {
    const refusal = asRefusal(error)
    assert.equal(refusal?.code, code)
    if (refusal) assert.equal(refusal.cause, error)
    assert.equal(isBusy(error), code === 'service.busy' && !(name === 'a serialization failure'))
    assert.equal(isOutage(error), code === 'service.unavailable')
  })
}
