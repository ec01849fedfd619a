// Reads a file with apps, resources and protected hosts, and says what is wrong with it by file, line and field.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { hashOfClientSecret } from '#domain/clients/client-secret.service.ts'
import { fieldErrorsInGiven } from '#domain/clients/client.ts'
import { type FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { readToml } from '#foundation/platform/config/settings-file.ts'
import { tomlLines } from '#foundation/platform/config/toml-lines.ts'
import { presentFieldErrors } from '#foundation/web/http/problem.ts'
import { readAppFile, type ReadApp } from '#use-cases/administration/app-files/app-file.schema.ts'
import { type FileApp, pointerToApp } from '#use-cases/administration/app-files/app-file.ts'
import type { FileHost } from '#use-cases/administration/app-files/host-file.ts'
import type { FileResource } from '#use-cases/administration/app-files/resource-file.ts'
import { writtenOut } from '../../terminal/contractions.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import { CliFailure, errorCodeOf } from '../../terminal/failure.ts'

/** As much as the largest number of apps takes, with several URIs and two secrets each. */
const LARGEST_MIB = 8
/** Further errors are counted: they mostly have the same cause. */
const MOST_SHOWN = 50
/** A secret has 256 characters at most, and a line end. */
const LARGEST_SECRET = 1_024
const OTHERS_MODE = 0o077

/** An error in a file; the pointer is empty for one of the whole file. */
interface Fault {
  readonly pointer: string
  readonly code: string
  readonly detail: string
}

export interface AppFile {
  readonly apps: readonly FileApp[]
  readonly resources: readonly FileResource[]
  readonly hosts: readonly FileHost[]
  /** Returns the failure for an error that only the server's state shows; undefined for any other. */
  readonly failureOf: (error: unknown) => CliFailure | undefined
}

/** Reads the apps, resources and hosts of a file, and the secrets that it names. Throws a `CliFailure` with all errors that the file shows by itself. */
export function openAppFile(path: string): AppFile {
  const text = textOf(path)
  const read = readToml(text)
  if ('found' in read)
    throw failure(path, [{ pointer: '', code: 'file.toml', detail: `Found ${read.found}.` }], () => read.line)
  // Lines are looked for when something is wrong only, since that takes longer than reading.
  let lines: ReturnType<typeof tomlLines> | undefined
  const lineOf = (pointer: string): number => (lines ??= tomlLines(text))(pointer)
  const { apps, resources, hosts, errors } = readAppFile(read.values, lineOf)
  const opened = apps.map((app) => openSecret(app, dirname(resolve(path))))
  const faults = [...presentFieldErrors(errors), ...opened.flatMap((one) => one.faults)]
  if (faults.length > 0) throw failure(path, faults, lineOf)
  return {
    apps: opened.map(({ app }) => app),
    resources,
    hosts,
    failureOf: (error) => {
      const fieldErrors = error instanceof Refusal ? error.facts.fieldErrors : undefined
      return fieldErrors && failure(path, presentFieldErrors(fieldErrors), lineOf)
    },
  }
}

function textOf(path: string): string {
  const bytes = bytesOf(path)
  const whole = (detail: string): CliFailure => failure(path, [{ pointer: '', code: 'file.text', detail }], () => 1)
  if (bytes.length > LARGEST_MIB * 1024 * 1024) throw whole(`The file has more than ${LARGEST_MIB} MiB.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw whole('The file is not UTF-8.')
  }
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw CliFailure.usage(`The file ${path} cannot be read (${errorCodeOf(error) || 'unknown error'}).`)
  }
}

function failure(path: string, faults: readonly Fault[], lineOf: (pointer: string) => number): CliFailure {
  const located = faults
    .map((fault) => ({ ...fault, line: lineOf(fault.pointer) }))
    .toSorted((one, other) => one.line - other.line)
  const lines = located.slice(0, MOST_SHOWN).map(({ pointer, line, detail }) => {
    const field = fieldIn(pointer)
    return `${path}:${line}: ${field === '' ? '' : `${field}: `}${writtenOut(detail)}`
  })
  const more = located.length - lines.length
  const detail = ['Nothing was changed.', ...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n')
  return new CliFailure({ exit: EXIT.notValid, code: 'file.faults', title: 'Invalid file', detail, errors: located })
}

/** `/app/0/redirect_uris/1` is the second item of a list, and `/host/0/rule/1/path` a field of the second rule. */
function fieldIn(pointer: string): string {
  const [, name = '', , field = name, ...rest] = pointer.split('/')
  const parts = rest.map((part) => (/^\d+$/.test(part) ? `item ${Number(part) + 1}` : part))
  return [field, ...parts].join(', ')
}

interface Opened {
  readonly app: FileApp
  readonly faults: readonly Fault[]
}

/** Replaces the file with a secret by its hash. The path is relative to the folder of the file with apps. */
function openSecret({ secretFile, ...app }: ReadApp, folder: string): Opened {
  if (secretFile === undefined) return { app, faults: [] }
  const pointer = pointerToApp(app, '/secret_file')
  const secret = secretIn(resolve(folder, secretFile))
  if (typeof secret === 'string') return { app, faults: [{ pointer, code: 'file.secret', detail: secret }] }
  const errors = fieldErrorsInGiven({ secret: secret.reveal() }).map((error): FieldError => ({ ...error, pointer }))
  return { app: { ...app, hashes: [hashOfClientSecret(secret)] }, faults: presentFieldErrors(errors) }
}

/** Returns the only line of a file, or a sentence that says why it cannot be used. */
function secretIn(path: string): Secret | string {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const facts = fstatSync(file)
    if (!facts.isFile() || facts.size > LARGEST_SECRET) return 'This must be a file with a single line.'
    if (process.platform !== 'win32' && (facts.mode & OTHERS_MODE) !== 0)
      return `Other users of this machine can read or change ${path}. Run: chmod 600 ${path}`
    const line = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    return /[\r\n]/.test(line) ? 'This must be a file with a single line.' : Secret.of(line)
  } catch (error) {
    return `The file ${path} cannot be read (${errorCodeOf(error) || 'unknown error'}).`
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
