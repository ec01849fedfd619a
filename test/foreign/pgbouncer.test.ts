// Doorward on PostgreSQL behind the real pgbouncer, with deploy/pgbouncer.ini: session mode only. Transaction mode is not covered,
// since the program does not support it yet: it needs statement tracking in the pooler and limits that survive it.
import assert from 'node:assert/strict'
import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { Client } from 'pg'

import { freePort, newPostgresDatabase, temporaryFolder } from '../support/databases.ts'
import { signIn } from '../support/doors.ts'
import { account } from '../support/postgres-programs.ts'
import { runCommand, startProcess } from '../support/processes.ts'
import type { Place } from '../support/processes.ts'
import { setUpOver, setupLink } from './first-admin.ts'
import { recipeWith, startProgram } from './programs.ts'

const PASSWORD = 'only for this test'

/** A database of a role with a password, behind pgbouncer; `replacements` are further ones in its configuration. */
async function behindPgbouncer(
  t: TestContext,
  replacements: readonly (readonly [string, string])[] = [],
): Promise<{ pooled: string; direct: URL }> {
  const folder = await temporaryFolder(t)
  const { direct, role } = await databaseOfRole(t)
  const port = await freePort()
  const name = direct.pathname.slice(1)
  const users = join(folder, 'userlist.txt')
  writeFileSync(users, `"${role}" "${PASSWORD}"\n`)
  const recipe = recipeWith('pgbouncer.ini', [
    ['doorward = host=127.0.0.1 port=5432', `${name} = host=${direct.hostname} port=${direct.port}`],
    ['listen_port = 6432', `listen_port = ${port}`],
    ['/etc/pgbouncer/userlist.txt', users],
    ...replacements,
  ])
  const file = join(folder, 'pgbouncer.ini')
  // Without a socket in a folder that all of this machine share.
  writeFileSync(file, `${recipe}\nunix_socket_dir =\n`)
  for (const path of [folder, users, file]) chownSync(path, account.uid ?? -1, account.gid ?? -1)
  const pooled = `postgres://${role}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${name}`
  await startProgram(t, ['pgbouncer', file], { account, stopWith: 'SIGQUIT', ready: () => accepts(pooled) })
  return { pooled, direct }
}

/** A role of its own, with the limits that the recipe sets: they hold in all databases of a role. */
async function databaseOfRole(t: TestContext): Promise<{ direct: URL; role: string }> {
  const direct = new URL(await newPostgresDatabase(t))
  const role = `role_${direct.pathname.slice(-12)}`
  await asSuperuser(direct, `create role ${role} login password '${PASSWORD}'`)
  await asSuperuser(direct, `alter database ${direct.pathname.slice(1)} owner to ${role}`)
  for (const [, set = ''] of recipeWith('pgbouncer.ini', []).matchAll(/^; {3}alter role doorward (.*);$/gm))
    await asSuperuser(direct, `alter role ${role} ${set}`)
  t.after(() => t.after(() => t.after(() => asSuperuser(new URL('/postgres', direct), `drop role ${role}`))))
  return { direct, role }
}

async function asSuperuser(url: URL, statement: string): Promise<void> {
  await withClient(url.href, (client) => client.query(statement))
}

async function accepts(url: string): Promise<boolean> {
  await withClient(url, (client) => client.query('select 1'))
  return true
}

async function withClient<Result>(
  connectionString: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}

test('two nodes behind pgbouncer in session mode are one server, from the set-up to a verified audit log', async (t) => {
  const { pooled } = await behindPgbouncer(t)
  const place: Place = { databaseUrl: pooled, dataDir: await temporaryFolder(t) }
  const one = await startProcess(t, place)
  const root = await setUpOver(one, await setupLink(one))
  const other = await startProcess(t, place)
  const token = await signIn(other, root)
  const created = await one.ask('POST', '/users', { payload: { username: 'ada' }, token })
  assert.equal(created.status, 200, created.text)
  const read = await other.ask('GET', `/users/${String(created.body['id'])}`, { token })
  assert.equal(read.body['username'], 'ada')
  assert.equal((await one.ask('DELETE', '/session', { token })).status, 204)
  assert.equal((await other.ask('GET', '/users/me', { token })).status, 401)
  for (const node of [one, other]) assert.equal((await node.stop()).code, 0)
  const verified = await runCommand(t, ['audit', 'verify'], place)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
})

test('requests that need every connection of two nodes at once all succeed behind pgbouncer', async (t) => {
  const { pooled } = await behindPgbouncer(t)
  const place: Place = { databaseUrl: pooled, dataDir: await temporaryFolder(t) }
  const nodes = [await startProcess(t, place), await startProcess(t, place)] as const
  const root = await setUpOver(nodes[0], await setupLink(nodes[1]))
  const token = await signIn(nodes[0], root)
  const asked = Array.from({ length: 80 }, (_, number) => {
    const node = nodes[number % 2] ?? nodes[0]
    return node.ask('POST', '/users', { payload: { username: `user-${number}` }, token })
  })
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  assert.deepEqual([...new Set(statuses)], [200])
})

test('the limits that pgbouncer ignores hold where the statements of the recipe were run before', async (t) => {
  const { pooled } = await behindPgbouncer(t)
  const limits = ['statement_timeout', 'idle_in_transaction_session_timeout']
  const shown = await withClient(pooled, (client) =>
    Promise.all(limits.map((limit) => client.query<Record<string, string>>(`show ${limit}`))),
  )
  assert.deepEqual(
    shown.flatMap(({ rows }) => rows),
    [{ statement_timeout: '15s' }, { idle_in_transaction_session_timeout: '1min' }],
  )
})

test('without ignore_startup_parameters, the program does not start behind pgbouncer', async (t) => {
  const ignored = /^ignore_startup_parameters = .*$/m.exec(recipeWith('pgbouncer.ini', []))?.[0] ?? ''
  const { pooled } = await behindPgbouncer(t, [[ignored, '']])
  const place: Place = { databaseUrl: pooled, dataDir: await temporaryFolder(t) }
  const refused = await runCommand(t, ['serve', '--port', '0'], place)
  assert.notEqual(refused.code, 0)
  assert.match(refused.stderr, /unsupported startup parameter/)
})
