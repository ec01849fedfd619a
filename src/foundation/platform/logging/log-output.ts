// Writes the log to standard output. A log that cannot be written must neither block nor end the server.
import { fstatSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

/** The destination of log lines; each line ends with a line feed. */
export interface LogOutput {
  readonly isTTY?: boolean | undefined
  write(line: string): unknown
}

/** Writes one line; `write` returns false if it could not write the complete line. */
interface LineSink {
  write(line: string): boolean
  /** Calls `retry` each time there may be room again. A file gives no such signal, so it never calls it. */
  onRoom(retry: () => void): void
}

/** Maximum backlog for the reader of a pipe, in characters: some thousand lines. */
const LARGEST_BACKLOG = 2 ** 20
const LINE_FEED = 0x0a
let standard: LogOutput | undefined

/**
 * Standard output as a log; one object for the process. A line that cannot be written is dropped and counted, and the count is logged as
 * soon as there is room. Files are written synchronously, so that the last lines survive a crash. Node writes to pipes and sockets
 * without blocking and buffers what their reader has not read, here up to a megabyte.
 */
export function standardOutput(): LogOutput {
  standard ??= countingDropped(isFile(1) ? fileSink(1) : streamSink(process.stdout))
  return standard
}

/** Writes lines to `sink`; `report` makes the line with the number of dropped lines. */
export function countingDropped(sink: LineSink, report: (dropped: number) => string = droppedLine): LogOutput {
  let dropped = 0
  const reportDropped = (): boolean => {
    if (dropped === 0) return true
    if (!sink.write(report(dropped))) return false
    dropped = 0
    return true
  }
  sink.onRoom(reportDropped)
  return {
    write(line) {
      if (!reportDropped() || !sink.write(line)) dropped += 1
    },
  }
}

function droppedLine(dropped: number): string {
  const time = new Date().toISOString()
  const msg = 'log output was not writable; lines were dropped'
  return `${JSON.stringify({ level: 'warn', time, pid: process.pid, dropped, msg })}\n`
}

/** Whether it is neither a pipe nor a socket, so that a write does not wait for a reader. */
function isFile(fd: number): boolean {
  const stats = fstatSync(fd)
  return !stats.isFIFO() && !stats.isSocket()
}

/** A file. On a full disk, write(2) may write a part of a line; then the next line begins with a line feed. */
export function fileSink(fd: number): LineSink {
  let isBroken = false
  return {
    onRoom() {},
    write(line) {
      const bytes = Buffer.from(isBroken ? `\n${line}` : line)
      let written = 0
      try {
        while (written < bytes.length) written += writeSync(fd, bytes, written)
      } catch {
        if (written > 0) isBroken = bytes[written - 1] !== LINE_FEED
        return false
      }
      isBroken = false
      return true
    },
  }
}

/** A pipe or socket. Once the backlog is full, all lines are dropped until it has been read, so that the log has one gap, not many. */
export function streamSink(stream: Writable): LineSink {
  let isFull = false
  stream.on('drain', () => (isFull = false))
  return {
    onRoom: (retry) => void stream.on('drain', retry),
    write(line) {
      isFull ||= stream.writableLength + line.length > LARGEST_BACKLOG
      if (isFull || !stream.writable) return false
      stream.write(line)
      return true
    },
  }
}
