// The invocation of a command: its flags, its configuration and the database on which it works.
import { type Command, Option } from 'commander'
import { existsSync } from 'node:fs'

import type { User } from '#domain/users/user.ts'
import { type Application, type BootOptions, openApplication, OPERATOR } from '#entry/boot.ts'
import { type Context, contextFor, type With } from '#foundation/context.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { sqlitePathIn } from '#foundation/platform/config/database-url.ts'
import { configFlags } from '#foundation/platform/config/manual.ts'
import type { Config, LoadedConfig } from '#foundation/platform/config/types.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { openDatabase } from '#foundation/platform/database/dialect.ts'
import { schemaStatus } from '#foundation/platform/database/schema-status.ts'
import { newLogger } from '#foundation/platform/logging/logger.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { findUserBy } from '#use-cases/administration/users/find-user.service.ts'
import { EXIT } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import { newOutput, type Output, type OutputWishes, printable } from './output.ts'

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
  const { yes = false, input, ...wishes } = command.optsWithGlobals<OutputWishes & { yes?: boolean; input?: boolean }>()
  const out = newOutput(wishes)
  const terminal = process.stdin.isTTY && process.stderr.isTTY
  // `input` is false with `--no-input`.
  const interactive = terminal && input !== false && out.form !== 'json'
  const loaded = loadConfig({ flags: configFlagsOf(command) })
  return { out, loaded, yes, interactive, command: (words) => commandFor(loaded.config, words) }
}

/** The flags that are settings, by the names of the configuration. */
export function configFlagsOf(command: Command): Record<string, string | boolean | undefined> {
  const all = command.optsWithGlobals<Record<string, string | boolean | undefined>>()
  const settings = configFlags().map(({ flag }) => new Option(flag).attributeName())
  return Object.fromEntries(['config', ...settings].map((name) => [name, all[name]]))
}

export interface Working extends Invocation {
  readonly ctx: Context
  readonly doorward: Application
}

/**
 * The action of a command that works on the existing database: `work` gets its context, then its arguments and flags, and everything is
 * closed afterwards. No server needs to run.
 */
export function withContext<Words extends unknown[]>(work: (working: Working, ...words: Words) => Promise<void>) {
  return async (...given: [...Words, ...unknown[]]): Promise<void> => {
    // The library passes the command as the last argument.
    const invocation = invocationOf(given.at(-1) as Command)
    await withDatabase(invocation, requireMigratedDatabase)
    await using doorward = await openForCommand(invocation.loaded.config, { createDatabase: false })
    await work({ ...invocation, doorward, ctx: contextFor(doorward, OPERATOR) }, ...(given as unknown as Words))
  }
}

export const USER_ARGUMENT = 'id, username, email address or subject'

/** Returns the same for commands whose first argument names something that `find` finds, which `work` gets instead. */
export function withNamed<Item>(find: (ctx: Context, word: string) => Promise<Item>) {
  return <Words extends unknown[]>(work: (working: Working, item: Item, ...words: Words) => Promise<void>) =>
    withContext(async (working, word: string, ...words: Words) =>
      work(working, await find(working.ctx, word), ...words),
    )
}

export const withUser = withNamed(namedUser)

/** The user that the word identifies. Throws `user.not_found` with similar names as suggestions. */
export async function namedUser(ctx: With<'db'>, word: string): Promise<User> {
  const found = await findUserBy(ctx, word)
  if (found.user !== undefined) return found.user
  const names = found.suggestions.map((name) => `"${name}"`).join(' or ')
  const meant = names === '' ? '' : ` Did you mean ${names}?`
  throw CliFailure.refusal('user.not_found', `No user "${printable(word)}".${meant}`)
}

/** Opens what a command needs. The log goes to standard error, because standard output is for data. */
export function openForCommand(config: Config, options: BootOptions): Promise<Application> {
  return openApplication(config, { log: newLogger(config, process.stderr), ...options })
}

/** Opens the database as it is: no migration runs and no keyring is loaded. */
export async function withDatabase<Result>(
  { loaded }: Pick<Invocation, 'loaded'>,
  work: (db: Database, loaded: LoadedConfig) => Promise<Result>,
): Promise<Result> {
  const url = loaded.config.databaseUrl.reveal()
  if (url.startsWith('sqlite:') && !existsSync(sqlitePathIn(url))) throw noDatabase(loaded)
  await using db = await openDatabase(loaded.config, { create: false })
  return await work(db, loaded)
}

/** Only `serve` and `db migrate` create or migrate a schema or upgrade a legacy database, so another command refuses such a database. */
async function requireMigratedDatabase(db: Database, loaded: LoadedConfig): Promise<void> {
  const { state } = await schemaStatus(db)
  if (state === 'empty') throw noDatabase(loaded)
  if (state === 'origin') throw notMigrated(loaded, 'is a legacy database that has not been upgraded yet')
  if (state === 'behind') throw notMigrated(loaded, 'is from an older version')
}

function noDatabase(loaded: LoadedConfig): CliFailure {
  const detail = `There is no Doorward database at ${databaseLocation(loaded)}. To create one: ${commandFor(loaded.config, 'serve')}, or ${commandFor(loaded.config, 'db migrate')}`
  return new CliFailure({ exit: EXIT.missing, code: 'database.missing', title: 'No database', detail })
}

function notMigrated(loaded: LoadedConfig, state: string): CliFailure {
  const detail = `The database at ${databaseLocation(loaded)} ${state}. Migrate it first: ${commandFor(loaded.config, 'db migrate')}`
  return new CliFailure({ exit: EXIT.conflict, code: 'database.unprepared', title: 'Database not up to date', detail })
}

/** The path of the file, or host and name of the server's database; never a password. */
export function databaseLocation({ texts }: LoadedConfig): string {
  return (texts['database_url'] ?? '').replace(/^sqlite:/, '')
}
