// One read lock for all the reads of one turn of the event loop.
import { isBusy } from './errors.ts'
import { readingHandle } from './sqlite/sqlite-driver.ts'
import type { SqliteHandles } from './sqlite/sqlite-driver.ts'
import type { SqliteHandle } from './sqlite/sqlite-handle.ts'

interface Read {
  readonly text: string
  readonly values: readonly unknown[]
  readonly resolve: (rows: unknown[] | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads that are asked for in one turn of the event loop run together at its end, in one transaction: taking and giving back
 * the lock costs as much as a look-up does. The snapshot is taken after the last of them was asked for, so each sees all that
 * was committed before, by any process.
 */
export class SharedSnapshot {
  readonly #handles: SqliteHandles
  #waiting: Read[] = []

  constructor(handles: SqliteHandles) {
    this.#handles = handles
  }

  /** The rows; undefined while another process holds the file. Rejects with SQLite's error as it is. */
  read(text: string, values: readonly unknown[]): Promise<unknown[] | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ text, values, resolve, reject }) === 1) setImmediate(() => this.#readAll())
    })
  }

  #readAll(): void {
    const reads = this.#waiting
    this.#waiting = []
    try {
      const handle = readingHandle(this.#handles)
      if (reads.length > 1) inSnapshot(handle, () => answerAll(handle, reads))
      else answerAll(handle, reads)
    } catch (error) {
      // Where the transaction failed; those that were answered keep their answer.
      for (const { reject } of reads) reject(error)
    }
  }
}

function answerAll(handle: SqliteHandle, reads: readonly Read[]): void {
  let isHeld = false
  for (const read of reads) {
    // Where one has waited in vain, each of the others would, and everybody with them.
    if (isHeld) read.resolve(undefined)
    else isHeld = !answer(handle, read)
  }
}

/** False where another process holds the file. */
function answer(handle: SqliteHandle, { text, values, resolve, reject }: Read): boolean {
  try {
    resolve(handle.run(text, values).rows)
    return true
  } catch (error) {
    if (!isBusy(error)) reject(error)
    else resolve(undefined)
    return !isBusy(error)
  }
}

/** Whatever happens, no snapshot stays open: later reads would go on seeing the past. */
function inSnapshot(handle: SqliteHandle, work: () => void): void {
  handle.exec('begin')
  try {
    work()
  } finally {
    if (handle.inTransaction) handle.exec('rollback')
  }
}
