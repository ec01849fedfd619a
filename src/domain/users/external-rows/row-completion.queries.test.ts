// Rows without a key are found by an index: a scan of a table with a million rows would delay every request.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import type { Database } from '#foundation/platform/database/database.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase } from '#test/support/databases/each-database.ts'
import { newStore } from '#test/support/databases/stores.ts'
import { usersNamed } from '../user.queries.ts'
import { selectImportedHashes } from './imported-hashes.queries.ts'
import { countIncompleteRows, keylessNamesakeExists, keylessRows } from './row-completion.queries.ts'
import { mixedLetterRows, routedRows } from './row-findings.queries.ts'

const ASKED: Readonly<Record<string, (db: Database) => Promise<unknown>>> = {
  'users_username_key_unique and users_username_id': (db) => usersNamed(db, 'ada', 'Ada'),
  users_keyless: (db) => keylessRows(db, 0, 100),
  'users_keyless for the count': (db) => countIncompleteRows(db),
  users_keyless_username: (db) => keylessNamesakeExists(db, 'username', ['Ada', 'ada'], { besides: 1 }),
  users_keyless_email: (db) => keylessNamesakeExists(db, 'email', ['ada@example.org'], { before: 1 }),
  users_imported_hash: (db) => selectImportedHashes(db),
  users_mixed_letters: (db) => mixedLetterRows(db, 100),
  users_routed: (db) => routedRows(db, 100),
}

/** Returns the query plan of a statement with unknown parameters. */
async function planOf(db: Database, dialect: Dialect, text: string): Promise<string> {
  if (dialect === 'sqlite') {
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(text)}`.execute(db)
    return rows.map(({ detail }) => detail).join('\n')
  }
  return db.connection().execute(async (one) => {
    await sql`set plan_cache_mode = force_generic_plan`.execute(one)
    await sql`prepare asked as ${sql.raw(text)}`.execute(one)
    const values = Array.from(new Set(text.match(/\$\d+/g)), () => 'null').join(', ')
    const execute = values === '' ? 'asked' : `asked (${values})`
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain execute ${sql.raw(execute)}`.execute(one)
    await sql`deallocate asked`.execute(one)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
}

async function insertMany(db: Database, key: string): Promise<void> {
  await sql`
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 3000)
    insert into users (username, username_key, email, disabled)
    select ${key} || n, case when ${key} = '' then null else ${key} || n end, n || '@example.org', '0'
    from numbers`.execute(db)
}

onEachDatabase('rows without a key are found by an index, among many with and without one', async (t, dialect) => {
  const statements: string[] = []
  const store = await newStore(t, dialect)
  const db = await store.open({ onStatement: (text) => void statements.push(text) })
  for (const key of ['name', '']) await insertMany(db, key)
  if (dialect === 'postgres') await sql`analyze users`.execute(db)
  for (const [named, ask] of Object.entries(ASKED)) {
    statements.length = 0
    await ask(db)
    const plan = await planOf(db, dialect, statements[0] ?? assert.fail('no statement was run'))
    for (const [index] of named.matchAll(/users_\w+/g)) assert.ok(plan.includes(index), `${index}:\n${plan}`)
    assert.doesNotMatch(
      plan,
      /Seq Scan|SCAN users(?! USING (?:COVERING )?INDEX users_(?:keyless|mixed|imported|routed))/,
      named,
    )
  }
})
