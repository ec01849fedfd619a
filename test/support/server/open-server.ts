// The real application on an existing database, until it is closed; for tests, and for processes that tests start.
import assert from 'node:assert/strict'

import { type Application, calibrateImportedHashes, openApplication, OPERATOR } from '#entry/boot.ts'
import { buildApp } from '#entry/http/app.ts'
import { ROUTES } from '#entry/http/routes.ts'
import { type Context, contextFor } from '#foundation/context.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import type { Outbound } from '#foundation/platform/network/outbound.ts'
import { WorkerPool } from '#foundation/platform/passwords/hash-workers.ts'
import type { App } from '#foundation/web/http/app.ts'
import { CHEAP_HASH } from '../../../clients/test/src/server-process.ts'
import { keptLog, type LogLine } from './captured-log.ts'
import type { TestClock } from './clock.ts'

/** Those of all servers in this process: starting workers for each server took a twentieth of the whole run. */
class SharedWorkers extends WorkerPool {
  /** A server that closes leaves the workers to the next one. */
  override close(): Promise<void> {
    return Promise.resolve()
  }
}
let sharedWorkers: WorkerPool | undefined

/** Milliseconds; floods of refusals would wait for the product's grid, which src/entry/http/refusal-timing.test.ts shows. */
const FINE_GRID = 1

/** The database, data folder and clock of a server; two servers with the same ones are nodes of one. */
export interface ServerInstallation {
  readonly databaseUrl: string
  /** The folder of the keyring; nodes share it. */
  readonly dataDir: string
  readonly clock: TestClock
}

export interface OpenOptions {
  /** Settings by name, such as `session_idle: '2h'`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Matches messages of the errors that the test provokes; any other logged error is a failure. */
  readonly expectedErrors?: RegExp
  readonly onStatement?: (text: string) => void
  /** How hosts are reached that strangers name. */
  readonly outbound?: Outbound
  /** Routes beside those of the product. */
  readonly routes?: readonly ((app: App) => void)[]
}

export interface Server {
  readonly app: App
  readonly clock: TestClock
  readonly doorward: Application
  readonly databaseUrl: string
  readonly dataDir: string
  readonly logLines: readonly LogLine[]
  readonly logText: () => string
  /** The operator's context at this moment, for calling services directly. */
  operator(): Context
}

export interface OpenedServer extends Server {
  /** Closes the server; fails if an unexpected error was logged. */
  close(): Promise<void>
}

export async function openServer(
  { databaseUrl, dataDir, clock }: ServerInstallation,
  { settings = {}, expectedErrors, onStatement, outbound, routes = [] }: OpenOptions = {},
): Promise<OpenedServer> {
  const flags = { ...CHEAP_HASH, data_dir: dataDir, database_url: databaseUrl, ...settings }
  const { config } = loadConfig({ flags, env: {}, readFile: () => undefined })
  const { log, lines, text } = keptLog()
  const isCheap = !Object.keys(settings).some((name) => name.startsWith('hash_'))
  const doorward = await openApplication(config, {
    createDatabase: true,
    clock,
    log,
    ...(isCheap && { hashWorkers: (sharedWorkers ??= new SharedWorkers(config.hash)) }),
    ...(onStatement && { onStatement }),
    ...(outbound && { outbound }),
  })
  calibrateImportedHashes(doorward)
  const app = await buildApp(doorward, { refusalGrid: FINE_GRID, routes: [...ROUTES, ...routes] })
  return {
    app,
    clock,
    doorward,
    databaseUrl,
    dataDir,
    logLines: lines,
    logText: text,
    operator: () => contextFor(doorward, OPERATOR),
    close: async () => {
      await closeApp(app)
      await doorward.close()
      const unexpected = lines.filter(
        ({ level, msg = '' }) => (level === 'error' || level === 'fatal') && !expectedErrors?.test(msg),
      )
      assert.deepEqual(unexpected, [], 'something was logged as an error')
    },
  }
}

/** Closes the app. A browser may keep a connection whose request was answered after `close` had closed those that were idle. */
async function closeApp(app: App): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), 20)
  await app.close()
  clearInterval(sweep)
}
