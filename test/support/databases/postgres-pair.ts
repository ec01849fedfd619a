// Two real PostgreSQL servers: a primary and a synchronous standby, which has each commit before it is acknowledged.
import { appendFileSync, cpSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Client } from 'pg'

import { account, run, usablePrograms } from './postgres-programs.ts'
import { createCluster, guard, launch, runFolder } from './postgres-server.ts'

export interface PostgresPair {
  readonly primary: PairedServer
  readonly standby: PairedServer
  /** The URL that lists both, the standby first. */
  readonly url: string
}

export interface PairedServer {
  readonly port: number
  /** The URL of this server alone, as a superuser. */
  readonly url: string
  /** Stops the server at once, as a crash does. */
  kill(): void
  /** Makes the standby accept writes. */
  promote(): void
}

/** Starts both; they stop with the test. */
export async function startPair(t: TestContext): Promise<PostgresPair> {
  const [first, second] = [runFolder(tmpdir()), runFolder(tmpdir())] as const
  for (const stop of [guard(first), guard(second)]) t.after(() => t.after(() => stop()))
  const programs = usablePrograms(first)
  createCluster(programs, first)
  // A standby may start from any copy of its primary, also from one made before the primary was started.
  cpSync(join(first, 'data'), join(second, 'data'), { recursive: true, preserveTimestamps: true })
  const primary = server(programs, first, await launch(programs, first))
  follow(join(second, 'data'), primary.port)
  const standby = server(programs, second, await launch(programs, second))
  await acknowledgeAfterStandby(primary.url)
  const url = `postgres://doorward@127.0.0.1:${standby.port},127.0.0.1:${primary.port}/postgres`
  return { primary, standby, url }
}

function server(programs: string, folder: string, port: number): PairedServer {
  const pgCtl = (...args: string[]) =>
    run(join(programs, 'pg_ctl'), [...args, '-D', join(folder, 'data')], { ...account, cwd: folder })
  return {
    port,
    url: `postgres://doorward@127.0.0.1:${port}/postgres`,
    kill: () => pgCtl('stop', '-m', 'immediate'),
    promote: () => pgCtl('promote', '--wait'),
  }
}

function follow(data: string, port: number): void {
  writeFileSync(join(data, 'standby.signal'), '')
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = 'host=127.0.0.1 port=${port} user=doorward'\n`)
  own(data)
}

/** Gives the copy to the account that runs PostgreSQL. */
function own(data: string): void {
  if (account.uid === undefined) return
  run('/bin/chown', ['-R', `${account.uid}:${account.gid}`, data], { cwd: '/' })
}

async function acknowledgeAfterStandby(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`alter system set synchronous_standby_names = '*'`)
  await client.query('select pg_reload_conf()')
  await client.end()
}
