import { type Logger, newLogger } from '#foundation/platform/logging/logger.ts'

export interface LogLine {
  readonly level: string
  readonly msg?: string
  readonly [field: string]: unknown
}

/** A logger that keeps its lines in memory, so that a test can read them and fail for an unexpected error. */
export function keptLog(): { log: Logger; lines: LogLine[]; text: () => string } {
  const lines: LogLine[] = []
  const texts: string[] = []
  const write = (line: string): void => {
    texts.push(line)
    lines.push(JSON.parse(line) as LogLine)
  }
  return { log: newLogger({ logLevel: 'debug' }, { write }), lines, text: () => texts.join('') }
}
