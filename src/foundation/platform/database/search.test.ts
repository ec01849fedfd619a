import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newDatabase, onEachDatabase } from '#test/support/databases/each-database.ts'
import { type Database, withEngine } from './database.ts'
import { dropSearchWords, isSearchable, matchingUserIds, putSearchWords } from './search.ts'

async function insertUsers(db: Database, words: readonly string[]): Promise<void> {
  for (const [index, each] of words.entries()) {
    const id = index + 1
    await db
      .insertInto('users')
      .values({ id, username: `u${id}`, disabled: 0 })
      .execute()
    await putSearchWords(db, id, each)
  }
}

async function find(db: Database, term: string): Promise<number[]> {
  const matching = db
    .selectFrom('users')
    .select('id')
    .where('users.id', 'in', await matchingUserIds(db, term))
  return (await matching.orderBy('id').execute()).map(({ id }) => id)
}

onEachDatabase('users are found by any literal part of three characters', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertUsers(db, [
    'ada\nada@example.com\nada lovelace',
    'bob_b\nbob@example.com',
    'jürgen ω\n100%"x" \\ or* ^not',
    'bobxb',
  ])
  const expected: [string, number[]][] = [
    ['ada', [1]],
    ['love', [1]],
    ['@example.com', [1, 2]],
    ['bob_b', [2]],
    ['bob', [2, 4]],
    ['jürgen', [3]],
    ['n ω', [3]],
    ['0%"', [3]],
    ['100_', []],
    ['%%%', []],
    ['x" \\', [3]],
    ['or*', [3]],
    ['^not', [3]],
    ['ada OR bob', []],
    ['words:ada', []],
    ['"', []],
    ['ad', []],
    ['', []],
    ['ada\0', []],
    ["ada'; drop table users", []],
  ]
  for (const [term, ids] of expected) assert.deepEqual(await find(db, term), ids, JSON.stringify(term))
})

onEachDatabase('new words replace the old ones, and dropped words find no user', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertUsers(db, ['ada', 'bob'])
  await putSearchWords(db, 1, 'grace')
  assert.deepEqual(await find(db, 'ada'), [])
  assert.deepEqual(await find(db, 'grace'), [1])
  await dropSearchWords(db, 1)
  assert.deepEqual(await find(db, 'grace'), [])
  assert.deepEqual(await find(db, 'bob'), [2])
})

test('a term needs three characters, independent of their number of code units', () => {
  const terms = ['ab', 'abc', '𝄞𝄞', '𝄞𝄞𝄞']
  assert.deepEqual(terms.map(isSearchable), [false, true, false, true])
})

test('SQLite finds words by its index', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  const { rows } = await sql<{ detail: string }>`
    explain query plan select id from users where id in ${await matchingUserIds(db, 'love')}`.execute(db)
  const details = rows.map(({ detail }) => detail).join('; ')
  assert.match(details, /user_search VIRTUAL TABLE INDEX \d+:M/)
  assert.match(details, /SEARCH users USING INTEGER PRIMARY KEY/)
})

test('PostgreSQL finds words by its index', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await db.connection().execute(async (connection) => {
    const one = withEngine(connection, db)
    await sql`set enable_seqscan = off`.execute(one)
    const { rows } = await sql`explain select 1 where 1 in ${await matchingUserIds(one, 'love')}`.execute(one)
    assert.match(JSON.stringify(rows), /user_search_words/)
  })
})

test('PostgreSQL reads its index by the parts of a term that few users have', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  const person = (n: number) => `ada${n}\nada${n}@example.org\nperson ${n}`
  const words = Array.from({ length: 20 }, (_, n) => person(n + 100))
  await insertUsers(db, words)
  const conditionsOf = async (term: string) => (await matchingUserIds(db, term)).compile(db).parameters
  assert.deepEqual(await conditionsOf('person 107'), ['%107%', 'person 107'])
  assert.deepEqual(await conditionsOf('ada107@example.org'), ['%ada107%', 'ada107@example.org'])
  assert.deepEqual(await conditionsOf('person'), ['%person%'])
  assert.deepEqual(await conditionsOf('example.org'), [String.raw`%example.org%`], 'no part is rare')
  assert.deepEqual(await find(db, 'person 107'), [8])
  assert.deepEqual(await find(db, 'example.org\nperson 107'), [8])
  assert.deepEqual(await find(db, '107 person'), [])
})
