import pino from 'pino'
import type { Logger as PinoLogger } from 'pino'

import type { Config } from '../config/types.ts'
import { standardOutput } from './log-output.ts'
import type { LogOutput } from './log-output.ts'
import { errorForLog, redacted, scrubText, SECRET_PATHS } from './log-redaction.ts'

export type Logger = PinoLogger

const SERIALIZERS = { req: requestForLog, res: answerForLog, err: errorForLog, msg: messageForLog }
/** Printed in places of their own on a terminal. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'msg', 'err'])
const RENDERED: ReadonlySet<string> = new Set(Object.keys(SERIALIZERS))

/**
 * JSON lines on standard output, or short lines for people when that is a terminal. Secrets are taken out by the names
 * of fields at any depth, and by their shape from texts.
 */
export function newLogger(config: Pick<Config, 'logLevel'>, output: LogOutput = process.stdout): Logger {
  const options = {
    level: config.logLevel,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS, censor: '[secret]' },
    serializers: SERIALIZERS,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (line: Record<string, unknown>) => redacted(line, RENDERED),
    },
  }
  return pino(options, destinationFor(output))
}

function destinationFor(output: LogOutput): pino.DestinationStream {
  if (output.isTTY) return { write: (line) => void output.write(lineForPeople(line)) }
  const lines = output === process.stdout ? standardOutput() : output
  return { write: (line) => void lines.write(line) }
}

interface RequestFacts {
  readonly method?: string
  readonly ip?: string
  readonly routeOptions?: { readonly url?: string | undefined }
}

/** The pattern of the route instead of the address: links carry their token in the path. */
function requestForLog({ method, ip, routeOptions }: RequestFacts): object {
  return { method, route: routeOptions?.url ?? null, address: ip }
}

function answerForLog({ statusCode }: { readonly statusCode?: number }): object {
  return { status: statusCode }
}

/** Also where the message is an error's. */
function messageForLog(message: unknown): unknown {
  return typeof message === 'string' ? scrubText(message) : message
}

/** One JSON line as a person reads it: time of day, level, message, then the other fields; an error's stack below. */
function lineForPeople(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>
  const fields = Object.entries(line).filter(([name]) => !OWN_FIELDS.has(name))
  const head = [String(line['time']).slice(11, 19), String(line['level']).padEnd(5), plainMessage(line['msg'])]
  const tail = fields.flatMap(([name, value]) => pairs(name, value))
  return `${[...head, ...tail].filter((part) => part !== '').join(' ')}\n${stackOf(line['err'])}`
}

function pairs(name: string, value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [`${name}=${printable(value)}`]
  return Object.entries(value).map(([inner, part]) => `${name}.${inner}=${printable(part)}`)
}

/** Without control characters: what somebody sent must not steer the terminal. */
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
