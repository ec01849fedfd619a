// Where the server's log goes. A log that cannot be written must neither block nor end the service.
import { fstatSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

/** Where lines go; each ends with a line feed. */
export interface LogOutput {
  readonly isTTY?: boolean | undefined
  write(line: string): unknown
}

/** Takes a whole line or none of it: false when there is no room. */
interface LineSink {
  write(line: string): boolean
  /** Calls back each time there may be room again; for a file that is only found out by trying. */
  onRoom(look: () => void): void
}

/** The backlog for the reader of a pipe, in characters: some thousand lines. */
const LARGEST_BACKLOG = 2 ** 20
const LINE_FEED = 0x0a
let standard: LogOutput | undefined

/**
 * Standard output as a log. A line that cannot be written is dropped and counted; the count is logged as soon as there is
 * room. Files are written at once, so that the last lines survive a crash; Node writes to pipes and sockets without
 * blocking and keeps what their reader has not taken, here up to a megabyte. There is one for the whole process.
 */
export function standardOutput(): LogOutput {
  standard ??= countingDropped(isFile(1) ? fileSink(1) : streamSink(process.stdout))
  return standard
}

/** Writes lines to `sink`; `tell` makes the line that says how many were dropped. */
export function countingDropped(sink: LineSink, tell: (dropped: number) => string = lineAboutDropped): LogOutput {
  let dropped = 0
  const tellOfDropped = (): boolean => {
    if (dropped === 0) return true
    if (!sink.write(tell(dropped))) return false
    dropped = 0
    return true
  }
  sink.onRoom(tellOfDropped)
  return {
    write(line) {
      if (!tellOfDropped() || !sink.write(line)) dropped += 1
    },
  }
}

function lineAboutDropped(dropped: number): string {
  const time = new Date().toISOString()
  const msg = 'log output was not writable; lines were dropped'
  return `${JSON.stringify({ level: 'warn', time, pid: process.pid, dropped, msg })}\n`
}

/** Anything but a pipe or a socket: writing to it does not wait for a reader. */
function isFile(fd: number): boolean {
  const stats = fstatSync(fd)
  return !stats.isFIFO() && !stats.isSocket()
}

/** A full disk may take half a line (write(2)); the next line then begins on a line of its own. */
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

/** Once the backlog is full, nothing is taken until its reader has caught up: one gap instead of many. */
export function streamSink(stream: Writable): LineSink {
  let isFull = false
  stream.on('drain', () => (isFull = false))
  return {
    onRoom: (look) => void stream.on('drain', look),
    write(line) {
      isFull ||= stream.writableLength + line.length > LARGEST_BACKLOG
      if (isFull || !stream.writable) return false
      stream.write(line)
      return true
    },
  }
}
