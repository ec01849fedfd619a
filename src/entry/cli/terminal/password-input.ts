// Reads a password or another secret from standard input, a file or a hidden prompt. It is never read from the command line, which every user of the machine
// can read and which shells store.
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'

import { Secret } from '#foundation/kernel/secret.ts'
import type { CliCommand } from './cli-command.ts'
import { EXIT } from './exit-codes.ts'
import { CliFailure, errorCodeOf } from './failure.ts'
import type { Invocation } from './invocation.ts'
import { askHidden } from './prompt.ts'

export interface PasswordFlags {
  readonly passwordStdin?: boolean
  readonly passwordFile?: string
}

export function addPasswordFlags(command: CliCommand): CliCommand {
  return command
    .option('--password-stdin', 'read the password from standard input')
    .option('--password-file <file>', 'read the password from a file')
}

export function asksForPassword({ passwordStdin, passwordFile }: PasswordFlags): boolean {
  return passwordStdin === true || passwordFile !== undefined
}

/**
 * Reads a new password without the line end that editors and `echo` add. `requireValid` throws before the password must be repeated. Throws
 * `CliFailure` for an unreadable or empty source.
 */
export async function readPassword(
  flags: PasswordFlags,
  { interactive }: Pick<Invocation, 'interactive'>,
  requireValid: (password: Secret) => Promise<void>,
): Promise<Secret> {
  const { passwordStdin, passwordFile } = flags
  if (passwordStdin && passwordFile !== undefined) {
    throw CliFailure.usage('Use --password-stdin or --password-file, not both')
  }
  if (passwordStdin) return firstLine((await buffer(process.stdin)).toString('utf8'), 'Standard input')
  if (passwordFile !== undefined) return readSecretFile(passwordFile, 'password')
  if (!interactive) throw CliFailure.usage('A password is required. Use --password-stdin or --password-file FILE.')
  const password = Secret.of(await askHidden('New password'))
  await requireValid(password)
  if (password.reveal() !== (await askHidden('Repeat password'))) throw CliFailure.usage('The passwords do not match')
  return password
}

/** Reads the only line of a file. Throws `CliFailure` for a file that is unreadable, empty or longer. */
export function readSecretFile(path: string, what: 'password' | 'secret'): Secret {
  return firstLine(fileText(path, what), path, what)
}

function fileText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const detail = `The ${what} file ${path} cannot be read (${errorCodeOf(error) || 'unknown error'}).`
    throw new CliFailure(
      { exit: EXIT.usage, code: 'cli.password_file', title: 'File not readable', detail },
      { cause: error },
    )
  }
}

function firstLine(text: string, source: string, what = 'password'): Secret {
  const password = text.replace(/\r?\n$/, '')
  if (password === '') throw CliFailure.usage(`${source} contains no ${what}`)
  if (/[\r\n]/.test(password))
    throw CliFailure.usage(`${source} contains more than one line. A ${what} is a single line.`)
  return Secret.of(password)
}
