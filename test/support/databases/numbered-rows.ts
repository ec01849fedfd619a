// Rows by their number, inserted by a few statements that both engines understand.
import { sql } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'

/** Rows inserted by one statement. */
const CHUNK = 50_000

export type Part = ReturnType<typeof sql>

/** Inserts the rows from 1 to `count` by statements of limited size. */
export async function inChunks(count: number, insert: (first: number, last: number) => Promise<void>): Promise<void> {
  for (let first = 1; first <= count; first += CHUNK) await insert(first, Math.min(first + CHUNK - 1, count))
}

export type Span = readonly [first: number, last: number]

export const numbers = ([first, last]: Span) =>
  sql`with recursive counted (n) as (select cast(${first} as bigint) union all select n + 1 from counted where n < ${last})`

export function hex(db: Database, value: Part, digits: number) {
  if (db.dialect === 'postgres') return sql`lpad(to_hex(cast(${value} as bigint)), ${sql.lit(digits)}, '0')`
  return sql`printf(${sql.lit(`%0${digits}x`)}, ${value})`
}

/** A UUIDv7 of that instant. */
export function idAt(db: Database, at: Part, n: Part) {
  const moment = hex(db, at, 12)
  return sql`substr(${moment}, 1, 8) || '-' || substr(${moment}, 9, 4) || '-7000-8000-' || ${hex(db, n, 12)}`
}
