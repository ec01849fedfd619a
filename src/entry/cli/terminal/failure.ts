// Every way a command can fail, in words and as a problem document (RFC 9457).
import { CommanderError } from 'commander'

import { Refusal } from '../../../foundation/kernel/refusal.ts'
import type { RefusalCode } from '../../../foundation/kernel/refusal.ts'
import { REFUSALS } from '../../../foundation/kernel/refusals.ts'
import { ConfigFaults } from '../../../foundation/platform/config/config.ts'
import { asRefusal, isUnreached } from '../../../foundation/platform/database/errors.ts'
import { accessProblem } from '../../../foundation/platform/database/sqlite/file-access.ts'
import { SchemaError } from '../../../foundation/platform/database/schema-status.ts'
import { DatabaseFileError } from '../../../foundation/platform/database/sqlite/sqlite.ts'
import { DataFolderError } from '../../../foundation/platform/folder.ts'
import { INVOKED_AS } from '../../../foundation/platform/program-name.ts'
import { KeyringError } from '../../../foundation/platform/crypto/keyring-file.ts'
import { STATUS_OF, toProblem } from '../../../foundation/web/http/problem.ts'
import { EXIT, EXIT_OF_KIND } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'

/** A failure as it is shown; the field names are those of a problem document. */
export interface Problem {
  readonly type: string
  readonly title: string
  /** The status that the API would answer with; left out for what only the command line meets. */
  readonly status?: number
  readonly detail: string
  readonly code: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[]
}

interface FailureParts extends Omit<Problem, 'type'> {
  readonly exit: ExitCode
}

/** Ends a command with an exit code and a sentence. */
export class CliFailure extends Error {
  readonly parts: FailureParts

  constructor(parts: FailureParts, options?: ErrorOptions) {
    super(parts.detail, options)
    this.name = 'CliFailure'
    this.parts = parts
  }

  /** The command line itself is not right. */
  static usage(detail: string): CliFailure {
    return new CliFailure({ exit: EXIT.usage, code: 'cli.usage', title: 'Command line not understood', detail })
  }

  /** A refusal of the API with a sentence of its own. */
  static refusal(code: RefusalCode, detail: string): CliFailure {
    const { kind, title } = REFUSALS[code]
    return new CliFailure({ exit: EXIT_OF_KIND[kind], code, title, status: STATUS_OF[kind], detail })
  }
}

export interface Described {
  readonly exit: ExitCode
  readonly problem: Problem
}

/** What is known of the server while a command fails. */
export interface Surroundings {
  /** For the `type` of a problem document. */
  readonly publicUrl?: string | undefined
  /** Where PostgreSQL is to answer; undefined for SQLite. */
  readonly postgres?: string | undefined
  /** The file of SQLite's database; undefined for PostgreSQL. */
  readonly sqlite?: string | undefined
  /** How another command would be typed. */
  readonly command?: Command
}

type Command = (words: string) => string

const bare: Command = (words) => `${INVOKED_AS} ${words}`

/** What an error means for whoever typed the command; anything unforeseen is exit code 1 with its own message. */
export function describeFailure(error: unknown, around: Surroundings = {}): Described {
  const { publicUrl, command = bare } = around
  const refusal = error instanceof Refusal ? error : asRefusal(error)
  if (refusal) return { exit: EXIT_OF_KIND[refusal.kind], problem: problemOf(refusal, around) }
  const { exit, ...rest } = partsOf(error, command)
  return { exit, problem: { type: typeOf(rest, publicUrl), ...rest } }
}

function partsOf(error: unknown, command: Command): FailureParts {
  if (error instanceof CliFailure) return error.parts
  if (error instanceof CommanderError) return { ...CliFailure.usage(usageSentence(error.message)).parts }
  if (error instanceof ConfigFaults) return configParts(error)
  if (error instanceof KeyringError) {
    const detail = error.message.replaceAll('doorward key forget', command('key forget'))
    return { exit: EXIT.usage, code: 'keyring.unusable', title: 'Keyring not usable', detail }
  }
  if (error instanceof SchemaError) {
    return { exit: EXIT.usage, code: 'database.unfit', title: 'Database not fit', detail: error.message }
  }
  if (error instanceof DatabaseFileError) {
    return { exit: EXIT.usage, code: 'database.unusable', title: 'Database not usable', detail: error.message }
  }
  if (error instanceof DataFolderError) {
    return { exit: EXIT.usage, code: 'data_dir.unusable', title: 'Data folder not usable', detail: error.message }
  }
  const detail = error instanceof Error && error.message !== '' ? error.message : String(error)
  return { exit: EXIT.failed, code: 'cli.failed', title: 'Failed', detail }
}

function configParts(error: ConfigFaults): FailureParts {
  const errors = error.faults.map(({ key, source, found, wanted }) => {
    return { pointer: `/${key}`, code: 'config.fault', detail: `${source}: found ${found}; wanted ${wanted}.` }
  })
  return { exit: EXIT.usage, code: 'config.faults', title: 'Configuration not usable', detail: error.message, errors }
}

/**
 * `error: unknown option '--emial'` and a suggestion on the next line become one sentence. What was typed as the value of
 * an unknown flag, or as one argument too many, is left out: it may be a password.
 */
function usageSentence(message: string): string {
  const plain = message
    .replace(/^error: /, '')
    .replace(/(unknown option '--[^'=]*)=[^]*?'(?=\n|$)/, "$1'")
    .replace(/( but got \d+): [^]*$/, '$1.')
    .replace(/^unknown command [^]*$/, `$&\nAll commands: ${INVOKED_AS} --help`)
    .replace(/\n\(Did you mean (.+)\?\)/, '. Did you mean $1?')
  return plain.slice(0, 1).toUpperCase() + plain.slice(1)
}

function problemOf(refusal: Refusal, { publicUrl, postgres, sqlite }: Surroundings): Problem {
  const { instance: _, type, ...body } = toProblem(refusal, { publicUrl: publicUrl ?? '', instance: '' }).body
  const detail = outageOf(refusal, postgres) ?? unusableFile(refusal, sqlite) ?? body.detail + causeOf(refusal)
  return { type: publicUrl === undefined ? 'about:blank' : type, ...body, detail }
}

/** Nothing else could be wanted of an operator than to look at the database or at its address. */
function outageOf({ code, cause }: Refusal, postgres: string | undefined): string | undefined {
  if (code !== 'service.unavailable' || postgres === undefined || !(cause instanceof Error)) return undefined
  const said = 'code' in cause ? String(cause.code) : ''
  if (!isUnreached(cause)) return `PostgreSQL at ${postgres} says: ${cause.message || said}. Is database_url right?`
  return `PostgreSQL at ${postgres} does not answer (${said || cause.message}). Is it running, and is database_url right?`
}

/** Undefined where the file may be used, and something else is wrong. */
function unusableFile({ code }: Refusal, sqlite: string | undefined): string | undefined {
  const problem = code === 'service.unavailable' && sqlite !== undefined ? accessProblem(sqlite) : undefined
  return problem && `The database ${sqlite} cannot be used: ${problem}.`
}

/** Whoever runs the server may read what is wrong with its database; those who sign in may not. */
function causeOf({ kind, facts, cause }: Refusal): string {
  const wait = kind === 'throttled' && facts.retryAfter !== undefined ? ` (${facts.retryAfter} s)` : ''
  if (kind !== 'unavailable' || !(cause instanceof Error)) return wait
  const code = 'code' in cause ? String(cause.code) : ''
  return ` The database says: ${cause.message || code}.`
}

function typeOf({ code, status }: { code: string; status?: number }, publicUrl: string | undefined): string {
  return status === undefined || publicUrl === undefined ? 'about:blank' : `${publicUrl}/problems/${code}`
}
