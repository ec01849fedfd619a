// Describes every failure of a command as a sentence and as a problem document (RFC 9457).
import { CommanderError } from 'commander'

import { Refusal, type RefusalCode, REFUSALS } from '#foundation/kernel/refusal.ts'
import { ConfigFaults } from '#foundation/platform/config/config.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { DataFolderError } from '#foundation/platform/data-folder.ts'
import { asRefusal, isUnreached } from '#foundation/platform/database/errors.ts'
import { SchemaError } from '#foundation/platform/database/schema-status.ts'
import { accessProblem } from '#foundation/platform/database/sqlite/file-access.ts'
import { DatabaseFileError } from '#foundation/platform/database/sqlite/sqlite.ts'
import { INVOKED_AS } from '#foundation/platform/program-name.ts'
import { STATUS_OF, toProblem } from '#foundation/web/http/problem.ts'
import { EXIT, EXIT_OF_KIND, type ExitCode } from './exit-codes.ts'
import { usageSentence } from './usage-sentence.ts'

/** A failure as it is printed; the field names are those of a problem document. */
export interface Problem {
  readonly type: string
  readonly title: string
  /** The status of the same error in the API; absent for errors of the command line only. */
  readonly status?: number
  readonly detail: string
  readonly code: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[]
}

type FailureParts = Omit<Problem, 'type'> & { readonly exit: ExitCode }

/** Ends a command with an exit code and a sentence. */
export class CliFailure extends Error {
  readonly parts: FailureParts

  constructor(parts: FailureParts, options?: ErrorOptions) {
    super(parts.detail, options)
    this.name = 'CliFailure'
    this.parts = parts
  }

  /** An invalid command line. */
  static usage(detail: string): CliFailure {
    return new CliFailure({ exit: EXIT.usage, code: 'cli.usage', title: 'Invalid usage', detail })
  }

  /** A refusal of the API with a specific sentence. */
  static refusal(code: RefusalCode, detail: string): CliFailure {
    const { kind, title } = REFUSALS[code]
    return new CliFailure({ exit: EXIT_OF_KIND[kind], code, title, status: STATUS_OF[kind], detail })
  }
}

/** The code of an error, such as `ENOENT`; empty if it has none. */
export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** What is known of the server when a command fails. */
export interface Surroundings {
  /** The base of the `type` of a problem document. */
  readonly publicUrl?: string | undefined
  /** Host and port of PostgreSQL; undefined for SQLite. */
  readonly postgres?: string | undefined
  /** The file of the SQLite database; undefined for PostgreSQL. */
  readonly sqlite?: string | undefined
  /** Returns another command as it would be typed. */
  readonly command?: (words: string) => string
}

/** The exit code and the problem document of an error. An unexpected error is exit code 1 with its own message. */
export function describeFailure(
  error: unknown,
  surroundings: Surroundings = {},
): { readonly exit: ExitCode; readonly problem: Problem } {
  // The work failed first, and then the closing of the database.
  if (error instanceof SuppressedError) return describeFailure(error.suppressed, surroundings)
  const refusal = error instanceof Refusal ? error : asRefusal(error)
  if (refusal) return { exit: EXIT_OF_KIND[refusal.kind], problem: refusalProblem(refusal, surroundings) }
  const { exit, ...rest } = failureParts(error, surroundings)
  const { publicUrl } = surroundings
  const isOfApi = rest.status !== undefined && publicUrl !== undefined
  return { exit, problem: { type: isOfApi ? `${publicUrl}/problems/${rest.code}` : 'about:blank', ...rest } }
}

const UNUSABLE = [
  [SchemaError, 'database.unfit', 'Database not supported'],
  [DatabaseFileError, 'database.unusable', 'Database unusable'],
  [DataFolderError, 'data_dir.unusable', 'Data folder unusable'],
] as const

function failureParts(error: unknown, { command = (words) => `${INVOKED_AS} ${words}` }: Surroundings): FailureParts {
  if (error instanceof CliFailure) return error.parts
  if (error instanceof CommanderError) return CliFailure.usage(usageSentence(error)).parts
  if (error instanceof ConfigFaults) return configParts(error)
  const detail = error instanceof Error && error.message !== '' ? error.message : String(error)
  if (error instanceof KeyringError) {
    const words = detail.replaceAll('doorward key forget', command('key forget'))
    return { exit: EXIT.usage, code: 'keyring.unusable', title: 'Keyring unusable', detail: words }
  }
  const [, code, title] = UNUSABLE.find(([kind]) => error instanceof kind) ?? []
  if (code !== undefined) return { exit: EXIT.usage, code, title, detail }
  return { exit: EXIT.failed, code: 'cli.failed', title: 'Failed', detail }
}

function configParts(error: ConfigFaults): FailureParts {
  const errors = error.faults.map(({ key, source, found, wanted }) => {
    return { pointer: `/${key}`, code: 'config.fault', detail: `${source}: found ${found}, expected ${wanted}.` }
  })
  return { exit: EXIT.usage, code: 'config.faults', title: 'Invalid configuration', detail: error.message, errors }
}

function refusalProblem(refusal: Refusal, { publicUrl, postgres, sqlite }: Surroundings): Problem {
  const { instance: _, type, ...body } = toProblem(refusal, { publicUrl: publicUrl ?? '', instance: '' }).body
  const detail =
    outageSentence(refusal, postgres) ?? unusableFile(refusal, sqlite) ?? body.detail + causeSentence(refusal)
  return { type: publicUrl === undefined ? 'about:blank' : type, ...body, detail }
}

/** The sentence for an outage of PostgreSQL, with its message and the setting that the operator should check. */
function outageSentence({ code, cause }: Refusal, postgres: string | undefined): string | undefined {
  if (code !== 'service.unavailable' || postgres === undefined || !(cause instanceof Error)) return undefined
  if (!isUnreached(cause))
    return `PostgreSQL at ${postgres} says: ${cause.message || errorCodeOf(cause)}. Is database_url right?`
  return `PostgreSQL at ${postgres} does not answer (${errorCodeOf(cause) || cause.message}). Is it running, and is database_url right?`
}

/** The sentence for a SQLite file without the needed permissions; undefined if the file is accessible. */
function unusableFile({ code }: Refusal, sqlite: string | undefined): string | undefined {
  const problem = code === 'service.unavailable' && sqlite !== undefined ? accessProblem(sqlite) : undefined
  return problem && `The database ${sqlite} cannot be used: ${problem}.`
}

/** How long to wait before another try, such as ` (1800 s)`; empty where the refusal does not say. */
export function waitInSeconds({ kind, facts }: Refusal): string {
  return kind === 'throttled' && facts.retryAfter !== undefined ? ` (${facts.retryAfter} s)` : ''
}

/** Adds the message of the database, which the operator may read; answers of the API do not contain it. */
function causeSentence(refusal: Refusal): string {
  const { kind, cause } = refusal
  if (kind !== 'unavailable' || !(cause instanceof Error)) return waitInSeconds(refusal)
  return ` The database says: ${cause.message || errorCodeOf(cause)}.`
}
