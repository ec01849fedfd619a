// A whole Doorward for one test: the real application on a real database, with a clock the test moves.
import type { TestContext } from 'node:test'

import type { Dialect } from '../../../src/foundation/platform/database/dialect.ts'
import { TestClock } from './clock.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import { migratedDatabaseUrl } from '../databases/each-database.ts'
import { openServer } from './open-server.ts'
import type { OpenOptions, Server, ServerPlace } from './open-server.ts'

export { CHEAP_HASH } from './open-server.ts'
export type { Server } from './open-server.ts'

/** A database, a folder or a clock that exists already, or is shared by two servers; what is left out is new. */
export interface StartOptions extends OpenOptions, Partial<ServerPlace> {
  readonly dialect?: Dialect
}

/** Starts a server that ends with the test; a line logged as an error that nobody expected fails the test. */
export async function start(t: TestContext, options: StartOptions = {}): Promise<Server> {
  const { dialect = 'sqlite', clock = new TestClock() } = options
  const dataDir = options.dataDir ?? (await temporaryFolder(t))
  const databaseUrl = options.databaseUrl ?? (await migratedDatabaseUrl(t, dialect))
  const server = await openServer({ databaseUrl, dataDir, clock }, options)
  t.after(() => server.close())
  return server
}
