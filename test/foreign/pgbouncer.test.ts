// Doorward on PostgreSQL behind the real pgbouncer, with deploy/pgbouncer.ini: in transaction mode with and without tracking of
// prepared statements, and in session mode.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Client } from 'pg'

import { Secret } from '#foundation/kernel/secret.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { openPostgres } from '#foundation/platform/database/postgres/postgres.ts'
import { runInTransaction } from '#foundation/platform/database/transaction.ts'
import { openFor } from '../support/databases/each-database.ts'
import { account } from '../support/databases/postgres-programs.ts'
import { freePort, newPostgresDatabase, temporaryFolder } from '../support/databases/temporary.ts'
import { type Installation, runCommand, startProcess } from '../support/server/processes.ts'
import { signIn } from '../support/server/server-client.ts'
import { setupLink, setUpOver } from './first-admin.ts'
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
  // Without a Unix socket in a folder that all users of this machine share.
  writeFileSync(file, `${recipe}\nunix_socket_dir =\n`)
  for (const path of [folder, users, file]) chownSync(path, account.uid ?? -1, account.gid ?? -1)
  const pooled = `postgres://${role}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${name}`
  await startProgram(t, ['pgbouncer', file], { account, stopWith: 'SIGQUIT', ready: () => accepts(pooled) })
  return { pooled, direct }
}

/** A database with its own role, which has a password. */
async function databaseOfRole(t: TestContext): Promise<{ direct: URL; role: string }> {
  const direct = new URL(await newPostgresDatabase(t))
  const role = `role_${direct.pathname.slice(-12)}`
  await asSuperuser(direct, `create role ${role} login password '${PASSWORD}'`)
  await asSuperuser(direct, `alter database ${direct.pathname.slice(1)} owner to ${role}`)
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

const UNTRACKED = ['max_prepared_statements = 200', 'max_prepared_statements = 0'] as const
const SESSION = ['pool_mode = transaction', 'pool_mode = session'] as const

const MODES: readonly { name: string; replacements: readonly (readonly [string, string])[]; keeps: boolean }[] = [
  { name: 'in transaction mode', replacements: [], keeps: true },
  { name: 'in transaction mode without tracking', replacements: [UNTRACKED], keeps: false },
  { name: 'in session mode without tracking', replacements: [SESSION, UNTRACKED], keeps: true },
]

for (const { name, replacements, keeps } of MODES) {
  test(`two nodes behind pgbouncer ${name} are one server, from the set-up to a verified audit log`, async (t) => {
    const { pooled } = await behindPgbouncer(t, replacements)
    const installation: Installation = { databaseUrl: pooled, dataDir: await temporaryFolder(t) }
    const one = await startProcess(t, installation)
    const root = await setUpOver(one, await setupLink(one))
    const other = await startProcess(t, installation)
    const token = await signIn(other, root)
    const created = await one.ask('POST', '/users', { payload: { username: 'ada' }, token })
    assert.equal(created.status, 200, created.text)
    const read = await other.ask('GET', `/users/${String(created.body['id'])}`, { token })
    assert.equal(read.body['username'], 'ada')
    assert.equal((await one.ask('DELETE', '/session', { token })).status, 204)
    assert.equal((await other.ask('GET', '/users/me', { token })).status, 401)
    for (const node of [one, other]) assert.equal((await node.stop()).code, 0)
    const verified = await runCommand(t, ['audit', 'verify'], installation)
    assert.equal(verified.code, 0, verified.stdout + verified.stderr)
    const doctor = await runCommand(t, ['doctor', '--json'], installation)
    assert.equal(/drops prepared statements/.test(doctor.stdout), !keeps, doctor.stdout)
  })

  test(`hundreds of requests that two nodes answer at once all succeed behind pgbouncer ${name}`, async (t) => {
    const { pooled } = await behindPgbouncer(t, replacements)
    const installation: Installation = { databaseUrl: pooled, dataDir: await temporaryFolder(t) }
    const nodes = [await startProcess(t, installation), await startProcess(t, installation)] as const
    const root = await setUpOver(nodes[0], await setupLink(nodes[1]))
    const token = await signIn(nodes[0], root)
    const statuses: number[] = []
    for (let round = 0; round < 5; round++) {
      const asked = Array.from({ length: 80 }, (_, number) => {
        const node = nodes[number % 2] ?? nodes[0]
        if (number % 4 > 1) return node.ask('GET', number % 8 > 3 ? '/users' : '/users/me', { token })
        return node.ask('POST', '/users', { payload: { username: `user-${round}-${number}` }, token })
      })
      statuses.push(...(await Promise.all(asked)).map(({ status }) => status))
    }
    assert.deepEqual([...new Set(statuses)], [200])
  })
}

/** What `show` says, which is no read to this program and so begins no transaction. */
async function shown(db: Database, name: string): Promise<string | undefined> {
  const { rows } = await sql<Record<string, string>>`show ${sql.id(name)}`.execute(db)
  return rows[0]?.[name]
}

for (const { name, replacements } of MODES) {
  test(`a read that is not prepared runs without JIT behind pgbouncer ${name}, and leaves it on`, async (t) => {
    const { pooled } = await behindPgbouncer(t, replacements)
    const db = await openFor(t, pooled)
    for (let turn = 0; turn < 3; turn++) {
      const { rows } = await sql<{ jit: string }>`select current_setting('jit') as jit`.execute(db)
      assert.deepEqual(rows, [{ jit: 'off' }])
      assert.equal(await runInTransaction(db, (trx) => shown(trx, 'jit')), 'off')
      assert.equal(await shown(db, 'jit'), 'on')
    }
  })
}

test('the limits of a transaction hold behind pgbouncer, and none stays with the server connection', async (t) => {
  const { pooled } = await behindPgbouncer(t)
  const db = await openFor(t, pooled)
  assert.equal(await runInTransaction(db, (trx) => shown(trx, 'statement_timeout')), '15s')
  assert.equal(await shown(db, 'statement_timeout'), '0')
  const short = openPostgres(Secret.of(pooled), { statementWithin: 500 })
  t.after(() => short.destroy())
  await assert.rejects(sql`select pg_sleep(20)`.execute(short), { code: '57014' })
})
