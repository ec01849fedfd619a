// A server with people, as a copy of one that is prepared once per process: setting them up costs more than opening the server.
import { rmSync } from 'node:fs'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { Instant } from '#foundation/kernel/time.ts'
import { copyMigratedFile } from '../databases/each-database.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import type { Person } from '../people/people.ts'
import { TestClock } from './clock.ts'
import { openServer } from './open-server.ts'
import { type Server, start } from './start.ts'

type People = Readonly<Record<string, Person>>

interface Original<Settled extends People> {
  /** Contains the closed database and the keyring. */
  readonly folder: string
  readonly now: Instant
  readonly people: Settled
}

const FILES = ['doorward.db', 'keyring.json']

/**
 * Returns a function that starts a server on SQLite with the people whom `settle` sets up. Each server has a database, a keyring and a clock
 * of its own; their content is that of the first one, with its keys, second factors and sessions.
 */
export function copiesOf<Settled extends People>(
  settings: Readonly<Record<string, string>>,
  settle: (server: Server) => Promise<Settled>,
): (t: TestContext) => Promise<{ readonly server: Server; readonly people: Settled }> {
  let original: Promise<Original<Settled>> | undefined
  return async (t) => {
    const { folder, now, people } = await (original ??= prepare(settings, settle))
    const dataDir = await temporaryFolder(t)
    for (const file of FILES) await copyFile(join(folder, file), join(dataDir, file))
    const server = await start(t, { ...installationIn(dataDir), clock: new TestClock(now), settings })
    const copied = Object.entries(people).map(([name, person]) => [name, person.on(server)])
    return { server, people: Object.fromEntries(copied) as Settled }
  }
}

async function prepare<Settled extends People>(
  settings: Readonly<Record<string, string>>,
  settle: (server: Server) => Promise<Settled>,
): Promise<Original<Settled>> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-copied-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await copyMigratedFile(join(folder, 'doorward.db'))
  const clock = new TestClock()
  const server = await openServer({ ...installationIn(folder), clock }, { settings })
  const people = await settle(server)
  await server.close()
  return { folder, now: clock.now(), people }
}

function installationIn(dataDir: string): { readonly dataDir: string; readonly databaseUrl: string } {
  return { dataDir, databaseUrl: `sqlite:${join(dataDir, 'doorward.db')}` }
}
