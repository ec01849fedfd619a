import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { newDatabase, onEachDatabase } from '#test/support/databases/each-database.ts'
import { fillAddressKeys } from './address-keys.ts'

const MANY = 1200

onEachDatabase(
  'events from before the column existed get the key of their IP address, and those without an IP address none',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const detailsOf = (number: number): string | null => {
      if (number % 100 === 7) return null
      if (number % 100 === 8) return '{"address":"local"}'
      return number % 100 === 9 ? 'not json' : `{"address":"::ffff:192.0.2.${number % 100}","salt":"s"}`
    }
    const rows = Array.from({ length: MANY }, (_, number) => ({
      id: String(number).padStart(6, '0'),
      at: number,
      action: 'user.changed',
      result: 'done' as const,
      details_digest: 'd',
      details: detailsOf(number),
      key_id: 'k',
      mac: 'm',
    }))
    for (let from = 0; from < MANY; from += 300)
      await db
        .insertInto('audit_event')
        .values(rows.slice(from, from + 300))
        .execute()
    await fillAddressKeys(db)
    const { rows: filled } = await sql<{ address_key: string | null }>`
    select address_key from audit_event order by id`.execute(db)
    const wanted = rows.map((_, number) =>
      [7, 8, 9].includes(number % 100) ? null : `4c00002${(number % 100).toString(16).padStart(2, '0')}`,
    )
    assert.deepEqual(
      filled.map((row) => row.address_key),
      wanted,
    )
  },
)
