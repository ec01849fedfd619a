// Temporary resources of a test, removed when it has ended: a PostgreSQL database, a folder.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Client, escapeIdentifier } from 'pg'

import { count } from '../runner/cost.ts'
import { startPostgres } from './postgres-server.ts'

export { freePort } from '../server/ports.ts'

let serverUrl: Promise<string> | undefined

/**
 * Returns the URL of a new, empty database (or a copy of `template`) on the run's PostgreSQL. It is dropped when the test has
 * ended, after the test's other `after` hooks, so that an application that closes in one of them still finds it.
 */
export async function newPostgresDatabase(t: TestContext, { template }: { template?: string } = {}): Promise<string> {
  count('databases')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await onServer((client) => create(client, name, template))
  afterAll(t, () => dropPostgresDatabase(name))
  return urlOf(name)
}

export async function dropPostgresDatabase(name: string): Promise<void> {
  await onServer((client) => client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`))
}

/**
 * Makes a database to copy from, at most once per server however many test processes need it: `prepare` gets its URL, fills it
 * and closes its connections. The name should change with the content (a hash of the migrations). Returns the name.
 * @param from the template that it is itself copied from
 */
export async function postgresTemplate(
  name: string,
  prepare: (url: string) => Promise<void>,
  from?: string,
): Promise<string> {
  const unfinished = `${name}_unfinished`
  await onServer(async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [name])
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount) return
    await client.query(`drop database if exists ${escapeIdentifier(unfinished)} with (force)`)
    await create(client, unfinished, from)
    await prepare(await urlOf(unfinished))
    await client.query(`alter database ${escapeIdentifier(unfinished)} rename to ${escapeIdentifier(name)}`)
  })
  return name
}

async function create(client: Client, name: string, template?: string): Promise<void> {
  const copied = template === undefined ? '' : ` template ${escapeIdentifier(template)}`
  await client.query(`create database ${escapeIdentifier(name)}${copied}${await copyingFiles(client)}`)
}

/** Copying the template's files is faster than writing them through the WAL; PostgreSQL has the option since version 15. */
async function copyingFiles(client: Client): Promise<string> {
  const { rows } = await client.query<{ number: string }>(`select current_setting('server_version_num') as number`)
  return Number(rows[0]?.number) >= 150_000 ? ' strategy file_copy' : ''
}

/**
 * Returns the path of a new, empty folder; it is removed when the test has ended, after its other `after` hooks. A test run keeps
 * its temporary files in memory where that is possible; `onDisk` uses the machine's usual folder.
 */
export async function temporaryFolder(t: TestContext, { onDisk = false } = {}): Promise<string> {
  const folder = await mkdtemp(join((onDisk && process.env.TEST_DISK) || tmpdir(), 'doorward-test-'))
  afterAll(t, () => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The folders that tests of the process share. */
const shared: string[] = []

/** Returns the path of a new, empty folder for several tests; it is removed when the process exits. */
export async function sharedFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `doorward-${name}-`))
  // One listener for all: the files of a process share many folders, and Node warns of more than ten listeners.
  if (shared.push(folder) === 1) process.once('exit', removeShared)
  return folder
}

function removeShared(): void {
  for (const folder of shared) rmSync(folder, { recursive: true, force: true })
}

/** Hooks run in the order in which they were added; a hook added by a hook runs last. */
function afterAll(t: TestContext, cleanUp: () => Promise<unknown>): void {
  t.after(() => t.after(async () => void (await cleanUp())))
}

/** The run's server. A test file run without the test runner gets its own, which stops with the process. */
function server(): Promise<string> {
  serverUrl ??= startPostgres().then(({ url }) => url)
  return serverUrl
}

async function urlOf(database: string): Promise<string> {
  const url = new URL(await server())
  url.pathname = `/${database}`
  return url.href
}

async function onServer(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: await server() })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
