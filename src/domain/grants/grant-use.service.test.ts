import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { migratedDatabaseUrl, openFor } from '#test/support/databases/each-database.ts'
import { grantUseOf } from './grant-use.service.ts'

test('on SQLite the living grants of an app are counted by an index alone, without reading a row', async (t) => {
  const statements: string[] = []
  const db = await openFor(t, await migratedDatabaseUrl(t, 'sqlite'), {
    onStatement: (text) => void statements.push(text),
  })
  await grantUseOf({ db, now: 0 }, ['wiki'])
  const counting = statements.find((text) => text.includes('client_grant')) ?? ''
  const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(counting.replaceAll('?', '0'))}`.execute(
    db,
  )
  const reading = rows.map(({ detail }) => detail).filter((detail) => detail.includes('client_grant'))
  assert.equal(reading.length, 2, counting)
  for (const detail of reading) assert.match(detail, /USING COVERING INDEX/)
})
