// Threat: an attacker who reaches the database with the account of the server drops or alters tables, or reads those of other programs.
// On PostgreSQL the server works with an account that may only read and write rows; docs/postgres.md has the commands.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { Client } from 'pg'

import { migratedDatabaseUrl } from '../support/databases/each-database.ts'
import { blockBelow, readPage } from '../support/documentation/markdown.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { idOf } from '../support/requests/replies.ts'

/** Runs SQL on a database as the owner of its tables. */
async function asOwner(url: string, ...statements: readonly string[]): Promise<void> {
  const owner = new Client({ connectionString: url })
  await owner.connect()
  for (const statement of statements) await owner.query(statement)
  await owner.end()
}

/** Creates the account as the page says, under another name; returns the URL with it. The account is dropped with the test. */
async function urlOfAccount(t: TestContext, url: string): Promise<string> {
  const role = `serves_${randomUUID().slice(0, 8)}`
  const page = blockBelow(readPage('docs/postgres.md'), 'An account that may not alter tables')
  await asOwner(url, page.replaceAll('doorward_serve', role))
  t.after(() => asOwner(url, `drop owned by ${role}`, `drop role ${role}`))
  return Object.assign(new URL(url), { username: role }).href
}

test('the server works with an account of PostgreSQL that may only read and write rows of its tables', async (t) => {
  const url = await migratedDatabaseUrl(t, 'postgres')
  await asOwner(url, 'create schema of_another', 'create table of_another.secret (value text)')
  const databaseUrl = await urlOfAccount(t, url)

  const { server, root } = await startWithAdmin(t, { databaseUrl })
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const path = `/users/${await idOf(ada)}`
  for (const [method, rest] of [
    ['POST', '/disable'],
    ['POST', '/enable'],
    ['DELETE', ''],
  ] as const)
    assert.ok((await root.asks(method, path + rest)).status < 300, `${method} ${path}${rest}`)
  assert.equal((await root.asks('GET', '/users?q=roo')).status, 200)
  assert.equal((await root.asks('GET', '/checkup')).status, 200)
  await runJobsAtAnyTime(server.doorward)

  const account = new Client({ connectionString: databaseUrl })
  await account.connect()
  for (const [statement, reason] of [
    ['drop table users', /must be owner/],
    ['alter table users add column mine text', /must be owner/],
    ['truncate audit_event', /permission denied/],
    ['create table mine (a text)', /permission denied/],
    ['select * from of_another.secret', /permission denied/],
  ] as const)
    await assert.rejects(account.query(statement), reason, statement)
  await account.end()
})
