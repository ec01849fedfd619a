// The invocation of a command: its flags, its configuration and the database on which it works.
import { existsSync } from 'node:fs'

import type { Command } from 'commander'

import { openApplication, OPERATOR } from '../../boot.ts'
import type { Application } from '../../boot.ts'
import { contextFor } from '../../../foundation/context.ts'
import type { Context } from '../../../foundation/context.ts'
import { loadConfig } from '../../../foundation/platform/config/config.ts'
import { configFlags } from '../../../foundation/platform/config/manual.ts'
import type { LoadedConfig } from '../../../foundation/platform/config/types.ts'
import { sqlitePathIn } from '../../../foundation/platform/config/database-url.ts'
import { openDatabase } from '../../../foundation/platform/database/dialect.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import { schemaStatus } from '../../../foundation/platform/database/schema-status.ts'
import { commandFor } from '../../../foundation/platform/program-name.ts'
import { newLogger } from '../../../foundation/platform/logging/logger.ts'
import { EXIT } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import { newOutput } from './output.ts'
import type { Output, OutputWishes } from './output.ts'

interface GlobalFlags extends OutputWishes {
  readonly yes?: boolean
  /** False with `--no-input`. */
  readonly input?: boolean
}

type ConfigFlagValues = Record<string, string | boolean | undefined>

export interface Invocation {
  readonly out: Output
  readonly loaded: LoadedConfig
  /** Whether `--yes` confirms a destructive command. */
  readonly yes: boolean
  /** Whether a terminal can answer questions. */
  readonly interactive: boolean
  /** Returns another command as it would be typed for the same database. */
  readonly command: (words: string) => string
}

/** Reads the flags and the configuration. Throws `ConfigFaults`. */
export function invocationOf(command: Command): Invocation {
  const flags: GlobalFlags = command.optsWithGlobals()
  const out = newOutput(flags)
  const terminal = process.stdin.isTTY && process.stderr.isTTY
  const interactive = terminal && flags.input !== false && out.form !== 'json'
  const loaded = loadConfig({ flags: configFlagsOf(command) })
  const asTyped = (words: string): string => commandFor(loaded.config, words)
  return { out, loaded, yes: flags.yes ?? false, interactive, command: asTyped }
}

/** The flags that are settings, by the names of the configuration. */
export function configFlagsOf(command: Command): ConfigFlagValues {
  const all: ConfigFlagValues = command.optsWithGlobals()
  const names = ['config', ...configFlags().map(({ flag }) => camelCased(flag.slice(2)))]
  return Object.fromEntries(names.map((name) => [name, all[name]]))
}

function camelCased(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

export interface Working extends Invocation {
  readonly ctx: Context
  readonly doorward: Application
}

/** Opens the existing database, passes the command its context, and closes everything. No server needs to run. */
export async function withContext(command: Command, work: (working: Working) => Promise<void>): Promise<void> {
  const invocation = invocationOf(command)
  const { config } = invocation.loaded
  await withDatabase(invocation, requireMigratedDatabase)
  const doorward = await openApplication(config, { createDatabase: false, log: newLogger(config, process.stderr) })
  try {
    await work({ ...invocation, doorward, ctx: contextFor(doorward, OPERATOR) })
  } finally {
    await doorward.close()
  }
}

/** Opens the database as it is: no migration runs and no keyring is loaded. */
export async function withDatabase(
  { loaded }: Pick<Invocation, 'loaded'>,
  work: (db: Database, loaded: LoadedConfig) => Promise<void>,
): Promise<void> {
  const url = loaded.config.databaseUrl.reveal()
  if (url.startsWith('sqlite:') && !existsSync(sqlitePathIn(url))) throw noDatabase(loaded)
  const db = await openDatabase(loaded.config, { create: false })
  try {
    await work(db, loaded)
  } finally {
    await db.destroy()
  }
}

/** Only `serve` and `db migrate` create or migrate a schema or upgrade a legacy database, so another command refuses such a database. */
async function requireMigratedDatabase(db: Database, loaded: LoadedConfig): Promise<void> {
  const { state } = await schemaStatus(db)
  if (state === 'empty') throw noDatabase(loaded)
  if (state === 'origin') throw notMigrated(loaded, 'is a legacy database that was not upgraded yet')
  if (state === 'behind') throw notMigrated(loaded, 'is of an older version')
}

function noDatabase(loaded: LoadedConfig): CliFailure {
  const detail = `There is no Doorward database at ${databaseLocation(loaded)}. To create one: ${commandFor(loaded.config, 'serve')}, or ${commandFor(loaded.config, 'db migrate')}`
  return new CliFailure({ exit: EXIT.missing, code: 'database.missing', title: 'No database', detail })
}

function notMigrated(loaded: LoadedConfig, state: string): CliFailure {
  const detail = `The database at ${databaseLocation(loaded)} ${state}. Bring it up to date first: ${commandFor(loaded.config, 'db migrate')}`
  return new CliFailure({ exit: EXIT.conflict, code: 'database.unprepared', title: 'Database not up to date', detail })
}

/** The path of the file, or host and name of the server's database; never a password. */
export function databaseLocation({ texts }: LoadedConfig): string {
  return (texts['database_url'] ?? '').replace(/^sqlite:/, '')
}
