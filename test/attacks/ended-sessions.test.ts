// An administrator of PostgreSQL, or a failing pooler, ends all sessions of the server again and again while it works.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

import { migratedDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { openServer } from '../support/server/open-server.ts'
import { runCommand, startProcess } from '../support/server/processes.ts'
import { earlierToday } from '../support/server/server-client.ts'

const CLIENTS = 4
/** Rounds in which at least one session was ended. */
const ROUNDS = 60

leaveToTestAll()

test('a server whose sessions are all ended again and again goes on, and what it acknowledged is stored', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'postgres'), dataDir: await temporaryFolder(t) }
  const server = await openServer({ ...installation, clock: earlierToday() })
  const root = await (await firstAdmin(server)).signsIn()
  // Its connections would be ended too, in the process of this test.
  await server.close()
  const node = await startProcess(t, installation)
  const admin = await connected(t, installation.databaseUrl)

  const acknowledged: string[] = []
  const refused = new Set<number>()
  let isOver = false
  const writes = async (client: number): Promise<void> => {
    for (let turn = 0; !isOver; turn++) {
      const username = `user-${client}-${turn}`
      const asked = node.ask('POST', '/users', { payload: { username }, token: root.token })
      // 0 is a process that has ended.
      const { status } = await asked.catch(() => ({ status: 0 }))
      isOver ||= status === 0
      if (status === 200) acknowledged.push(username)
      else refused.add(status)
    }
  }
  const writers = Promise.all(Array.from({ length: CLIENTS }, (_, client) => writes(client)))
  try {
    for (let round = 0; round < ROUNDS && !isOver;) if ((await endSessions(admin)) > 0) round += 1
  } finally {
    isOver = true
    await writers
  }

  assert.deepEqual([...refused], [503], node.stderr())
  while ((await node.ask('GET', '/readyz')).status !== 200) await sleep(20)
  const { rows } = await admin.query<{ username: string }>('select username from users')
  const stored = new Set(rows.map(({ username }) => username))
  assert.deepEqual(
    acknowledged.filter((username) => !stored.has(username)),
    [],
  )
  assert.equal((await node.stop()).code, 0)
  const verified = await runCommand(t, ['audit', 'verify'], installation)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
})

test('a start whose session is ended between listening and its last message goes on to serve, and says how to get the link', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'postgres'), dataDir: await temporaryFolder(t) }
  const admin = await connected(t, installation.databaseUrl)
  await admin.query(`create function end_session() returns trigger language plpgsql as
    $$ begin perform pg_terminate_backend(pg_backend_pid(), 1000); return new; end $$`)
  // The set-up link is the only one that a start makes.
  await admin.query('create trigger end_session before insert on link for each row execute function end_session()')
  const node = await startProcess(t, installation)
  // Rejects when the process has ended.
  while (!/The server goes on\. .*setup-link/.test(node.stderr())) {
    await node.ask('GET', '/healthz')
    await sleep(20)
  }
  assert.doesNotMatch(node.stderr(), /First run/)
  await admin.query('drop trigger end_session on link')
  const issued = await runCommand(t, ['setup-link'], installation)
  assert.equal(issued.code, 0, issued.stderr)
  assert.equal((await node.ask('GET', '/readyz')).status, 200)
  assert.equal((await node.stop()).code, 0)
})

async function connected(t: TestContext, connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  await client.connect()
  t.after(() => client.end())
  return client
}

/** Ends all sessions of the database but its own; returns how many there were. */
async function endSessions(client: Client): Promise<number> {
  const { rowCount } = await client.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  return rowCount ?? 0
}
