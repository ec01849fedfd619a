// The log of the server: its lines, their fields, and a short form for terminals.
import pino, { type Logger as PinoLogger } from 'pino'

import type { Config } from '../config/types.ts'
import { type LogOutput, standardOutput } from './log-output.ts'
import { errorForLog, redacted, scrubText, SECRET_PATHS } from './log-redaction.ts'

export type Logger = PinoLogger

const SERIALIZERS = {
  req: requestForLog,
  res: ({ statusCode }: { readonly statusCode?: number }) => ({ status: statusCode }),
  err: errorForLog,
  // pino uses the message of an error if a line has none of its own.
  msg: (message: unknown) => (typeof message === 'string' ? scrubText(message) : message),
}
/** Fields that a terminal line prints outside its list of fields, or not at all. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'msg', 'err'])
const RENDERED: ReadonlySet<string> = new Set(Object.keys(SERIALIZERS))

/** Writes JSON lines, or short ones to a terminal. Secrets are removed from fields by name, at any depth, and from texts by form. */
export function newLogger(config: Pick<Config, 'logLevel'>, output: LogOutput = process.stdout): Logger {
  const options: pino.LoggerOptions = {
    level: config.logLevel,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS, censor: '[secret]' },
    serializers: SERIALIZERS,
    formatters: { level: (level) => ({ level }), log: (line) => redacted(line, RENDERED) },
  }
  return pino(options, destinationFor(output))
}

function destinationFor(output: LogOutput): pino.DestinationStream {
  if (output.isTTY) return { write: (line) => void output.write(terminalLine(line)) }
  const lines = output === process.stdout ? standardOutput() : output
  return { write: (line) => void lines.write(line) }
}

interface RequestFacts {
  readonly method?: string
  readonly ip?: string
  readonly routeOptions?: { readonly url?: string | undefined }
}

/** The pattern of the route instead of the URL, because the path of a link contains its token. */
function requestForLog({ method, ip, routeOptions }: RequestFacts): object {
  return { method, route: routeOptions?.url ?? null, address: ip }
}

/** One JSON line for a terminal: time of day, level, message, then the other fields; the stack of an error follows on lines of its own. */
function terminalLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>
  const fields = Object.entries(line).filter(([name]) => !OWN_FIELDS.has(name))
  const start = [String(line['time']).slice(11, 19), String(line['level']).padEnd(5), plainMessage(line['msg'])]
  const parts = [...start, ...fields.flatMap(([name, value]) => pairs(name, value))]
  return `${parts.filter((part) => part !== '').join(' ')}\n${stackOf(line['err'])}`
}

function pairs(name: string, value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [`${name}=${printable(value)}`]
  return Object.entries(value).map(([inner, part]) => `${name}.${inner}=${printable(part)}`)
}

/** Without control characters: text from a request must not control the terminal (escape sequence injection). */
function plainMessage(message: unknown): string {
  return typeof message === 'string' ? message.replaceAll(/\p{Cc}+/gu, ' ') : ''
}

function printable(value: unknown): string {
  return typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value)
}

function stackOf(error: unknown): string {
  if (error === null || typeof error !== 'object' || !('stack' in error)) return ''
  return `${String(error.stack).replaceAll(/^/gm, '    ')}\n`
}
