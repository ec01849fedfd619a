import pino from 'pino'
import type { Logger as PinoLogger } from 'pino'

import type { Config } from './config.ts'
import { lineForPeople } from './log-line.ts'
import { standardOutput } from './log-output.ts'
import type { LogOutput } from './log-output.ts'
import { errorForLog, redacted, scrubText, SECRET_PATHS } from './log-redaction.ts'

export type Logger = PinoLogger

const SERIALIZERS = { req: requestForLog, res: answerForLog, err: errorForLog, msg: messageForLog }
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
