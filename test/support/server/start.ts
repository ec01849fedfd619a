// A whole Doorward for one test: the real application on a real database, with a clock that the test moves.
import type { TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { migratedDatabaseUrl } from '../databases/each-database.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import { TestClock } from './clock.ts'
import { type OpenOptions, openServer, type Server, type ServerInstallation } from './open-server.ts'

export type { Server } from './open-server.ts'

/** A database, a folder or a clock that exists already or that two servers share; what is left out is created. */
export interface StartOptions extends OpenOptions, Partial<ServerInstallation> {
  readonly dialect?: Dialect
}

/** A migrated database, a folder and a clock for servers that share them: nodes of one, or one after the other. */
export async function newInstallation(
  t: TestContext,
  dialect: Dialect,
  clock = new TestClock(),
): Promise<ServerInstallation> {
  return { databaseUrl: await migratedDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t), clock }
}

/** Starts a server that closes with the test; an unexpected error in the log fails the test. */
export async function start(t: TestContext, options: StartOptions = {}): Promise<Server> {
  const { dialect = 'sqlite', clock = new TestClock() } = options
  const dataDir = options.dataDir ?? (await temporaryFolder(t))
  const databaseUrl = options.databaseUrl ?? (await migratedDatabaseUrl(t, dialect))
  const server = await openServer({ databaseUrl, dataDir, clock }, options)
  t.after(() => server.close())
  return server
}
