// Keeps secrets out of the log: fields by their names, texts by their form.
import { errorCode } from '../system.ts'

const HIDDEN = '[secret]'
const DEEPEST = 6
const LONGEST_CAUSE = 4

const TELLTALE_PARTS = /passw|secret|token|cookie|authorization|otp|keyring|credential|databaseurl|connectionstring/
const TELLTALE_NAMES = new Set([
  'code',
  'codes',
  'attempt',
  'proof',
  'link',
  'key',
  'keys',
  'pin',
  'seed',
  'hash',
  'otpauthuri',
  'qrsvg',
])

/** The usual spellings of these names, for the bindings of child loggers, to which pino does not apply `redacted`. */
export const SECRET_PATHS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'hashed_password',
  'hashedPassword',
  'totp',
  'otp',
  'otp_secret',
  'code',
  'attempt',
  'proof',
  'link',
  'token',
  'secret',
  'keyring',
  'database_url',
  'databaseUrl',
]

/** Whether a field of this name holds a secret; case and punctuation of the name do not matter. */
function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, '')
  return TELLTALE_NAMES.has(plain) || TELLTALE_PARTS.test(plain)
}

/** The text without query strings, tokens of this program, `otpauth:` URIs, and the name and password of a URL. */
export function scrubText(text: string): string {
  return text
    .replaceAll(/\bdw[a-z]_[\w-]{8,}/g, HIDDEN)
    .replaceAll(/\botpauth:\S+/gi, HIDDEN)
    .replaceAll(/:\/\/[^/\s@]*@/g, `://${HIDDEN}@`)
    .replaceAll(/\?[\w.~%[\]-]+=[^\s"'<>]*/g, '?…')
}

/** A copy without secrets at any depth; fields in `rendered` are left to their own serializers. */
export function redacted(line: Record<string, unknown>, rendered: ReadonlySet<string>): Record<string, unknown> {
  const copied = (name: string, value: unknown) => (rendered.has(name) ? value : redactedField(name, value, DEEPEST))
  return Object.fromEntries(Object.entries(line).map(([name, value]) => [name, copied(name, value)]))
}

/** The fields of an error that are logged. Other fields are omitted: drivers put statements, parameters and rows there. */
export function errorForLog(error: unknown, causesLeft: number = LONGEST_CAUSE): unknown {
  if (!(error instanceof Error)) return redactedField('', error, DEEPEST)
  const { name, message, stack, cause } = error
  const code = errorCode(error)
  const inner = (each: unknown): unknown => errorForLog(each, causesLeft - 1)
  return {
    type: name,
    message: scrubText(message),
    ...(code !== '' && { code }),
    ...(stack !== undefined && { stack: scrubText(stack) }),
    // A refused connection has one error for each IP address that was tried.
    ...(error instanceof AggregateError && causesLeft > 0 && { errors: error.errors.map(inner) }),
    ...(cause !== undefined && causesLeft > 0 && { cause: inner(cause) }),
  }
}

const LONGEST_WORDS = 500

/** Code and message of an error as one text without secrets, to be stored. */
export function errorInWords(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const { name, message } = error
  const code = errorCode(error)
  return scrubText((code && `${code}: `) + (message || name)).slice(0, LONGEST_WORDS)
}

function redactedField(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return value
  if (isSecretName(name)) return HIDDEN
  if (typeof value === 'string') return scrubText(value)
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'object' ? redactedObject(value, depth) : value
}

/** An object of a class is logged as its class name only: a `Secret`, a connection or a request may hold secrets in any field. */
function redactedObject(value: object, depth: number): unknown {
  if (value instanceof Error) return errorForLog(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString()
  if (depth === 0) return '[…]'
  if (Array.isArray(value) || value instanceof Set)
    return Array.from(value, (item) => redactedField('', item, depth - 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  if (!(value instanceof Map) && !isPlain) return `[${value.constructor.name}]`
  const fields: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(fields.map(([key, item]) => [String(key), redactedField(String(key), item, depth - 1)]))
}
