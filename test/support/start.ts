// A whole Doorward for one test: the real application on a real database, with a clock the test moves.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { measureImported, openDoorward, OPERATOR } from '../../src/boot.ts'
import type { Doorward } from '../../src/boot.ts'
import { contextFor } from '../../src/context.ts'
import type { Context } from '../../src/context.ts'
import { buildApp } from '../../src/http/app.ts'
import { loadConfig } from '../../src/platform/config.ts'
import type { Dialect } from '../../src/platform/database/dialect.ts'
import type { App } from '../../src/web/app.ts'
import { TestClock } from './clock.ts'
import { temporaryFolder } from './databases.ts'
import { newDatabaseUrl } from './each-database.ts'
import { keptLog } from './log.ts'
import type { LogLine } from './log.ts'

/** Cheap enough for a thousand sign-ins in a test; a few tests use what is configured for real. */
export const CHEAP_HASH = { hash_memory: '64', hash_passes: '1', hash_workers: '1' }

export interface StartOptions {
  readonly dialect?: Dialect
  /** A database that exists already, or is shared by two servers. */
  readonly databaseUrl?: string
  /** Where the keyring lies; share it to share a keyring. */
  readonly dataDir?: string
  readonly clock?: TestClock
  /** Settings by name, such as `session_idle: '2h'`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Error lines the test provokes; any other fails it. */
  readonly expectedErrors?: RegExp
  readonly onStatement?: (text: string) => void
}

export interface Server {
  readonly app: App
  readonly clock: TestClock
  readonly doorward: Doorward
  readonly databaseUrl: string
  readonly dataDir: string
  readonly logLines: readonly LogLine[]
  readonly logText: () => string
  /** The powers of the operator at this moment, for calling services directly. */
  operator(): Context
}

/** Starts a server that ends with the test; a line logged as an error that nobody expected fails the test. */
export async function start(t: TestContext, options: StartOptions = {}): Promise<Server> {
  const { dialect = 'sqlite', clock = new TestClock(), settings = {}, onStatement } = options
  const dataDir = options.dataDir ?? (await temporaryFolder(t))
  const databaseUrl = options.databaseUrl ?? (await newDatabaseUrl(t, dialect))
  const flags = { ...CHEAP_HASH, data_dir: dataDir, database_url: databaseUrl, ...settings }
  const { config } = loadConfig({ flags, env: {}, readFile: () => undefined })
  const { log, lines, text } = keptLog()
  const doorward = await openDoorward(config, { createDatabase: true, clock, log, ...(onStatement && { onStatement }) })
  measureImported(doorward)
  const app = await buildApp(doorward)
  t.after(async () => {
    await app.close()
    await doorward.close()
    const unexpected = lines.filter(
      ({ level, msg = '' }) => (level === 'error' || level === 'fatal') && !options.expectedErrors?.test(msg),
    )
    assert.deepEqual(unexpected, [], 'something was logged as an error')
  })
  return {
    app,
    clock,
    doorward,
    databaseUrl,
    dataDir,
    logLines: lines,
    logText: text,
    operator: () => contextFor(doorward, OPERATOR),
  }
}
