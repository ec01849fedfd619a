import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { Client } from 'pg'

import { newPostgresDatabase, postgresTemplate, temporaryFolder } from './temporary.ts'

test('the PostgreSQL of the tests is a real server that orders text by code point and commits synchronously', async (t) => {
  const [row] = await ask(
    await newPostgresDatabase(t),
    `select current_setting('synchronous_commit') as commits, current_setting('server_encoding') as encoding, 'B' < 'a' as by_code_point`,
  )
  assert.deepEqual(row, { commits: 'on', encoding: 'UTF8', by_code_point: true })
})

test('two test databases share nothing', async (t) => {
  const [one, other] = await Promise.all([newPostgresDatabase(t), newPostgresDatabase(t)])
  await ask(one, 'create table note (word text)')
  assert.deepEqual(await ask(other, `select to_regclass('note') as found`), [{ found: null }])
})

test('a database outlives the hooks of its test and is gone after them', async (t) => {
  let url = ''
  let seenInHook: unknown[] = []
  await t.test('a test that closes its application in a hook', async (inner) => {
    url = await newPostgresDatabase(inner)
    inner.after(async () => {
      seenInHook = await ask(url, 'select 1 as one')
    })
  })
  assert.deepEqual(seenInHook, [{ one: 1 }])
  await assert.rejects(ask(url, 'select 1'), { code: '3D000' })
})

test('a template is prepared once, however many ask for it, and its copies hold what it holds', async (t) => {
  let prepared = 0
  const prepare = async (url: string) => {
    prepared++
    await ask(url, `create table note as select 'hello' as word`)
  }
  const name = `template_${process.pid}_${performance.timeOrigin.toFixed(0)}`
  const templates = await Promise.all([postgresTemplate(name, prepare), postgresTemplate(name, prepare)])
  assert.equal(prepared, 1)
  const copies = await Promise.all(templates.map((template) => newPostgresDatabase(t, { template })))
  for (const copy of copies) assert.deepEqual(await ask(copy, 'select word from note'), [{ word: 'hello' }])
})

test('a temporary folder is gone after its test', async (t) => {
  let folder = ''
  await t.test('a test with a folder', async (inner) => {
    folder = await temporaryFolder(inner)
    assert.ok(existsSync(folder))
  })
  assert.ok(!existsSync(folder))
})

async function ask(url: string, query: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(query)).rows
  } finally {
    await client.end()
  }
}
