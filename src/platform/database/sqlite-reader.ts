// Reads that may take long, in a thread of their own with a connection of its own.
import { statSync } from 'node:fs'
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

import type { QueryResult } from 'kysely'

import { rowMakerFor } from './row-maker.ts'

const PROGRAM = new URL('./sqlite-reader.worker.js', import.meta.url)

/** Bytes of a file of which no statement reads so much that requests would wait for it: to read all takes some 10 ms. */
const SMALL = 16 * 1024 * 1024

interface Answer {
  readonly columns: string[]
  readonly rows: SQLOutputValue[][]
}

type Message =
  | Answer
  | { readonly error: { readonly message: string; readonly code?: string; readonly errcode?: number } }

interface Read {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

export interface ReaderOptions {
  readonly file: string
  /** Milliseconds that the thread itself waits for whoever holds the file. */
  readonly busyTimeout: number
  /** KiB of pages kept. */
  readonly cache: number
  /** The largest file without a thread, in bytes. */
  readonly small?: number
  readonly onStatement?: (text: string) => void
}

/** Starts its thread at the first read and, where it died, at the next one. */
export class SqliteReader {
  readonly #options: ReaderOptions
  #worker: Worker | undefined
  #isLarge = false
  /** In the order in which the thread answers them. */
  #waiting: Read[] = []

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  /** Whether the file is so large that a statement might hold requests up; once it was, for good. */
  get isNeeded(): boolean {
    const { file, small = SMALL } = this.#options
    this.#isLarge ||= (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > small
    return this.#isLarge
  }

  /** Runs one reading statement. Rejects with SQLite's error as it is, or with that of a thread that died. */
  async read<Row>(text: string, values: readonly SQLInputValue[]): Promise<QueryResult<Row>> {
    this.#options.onStatement?.(text)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const worker = (this.#worker ??= this.#start())
    this.#waiting.push({ resolve, reject })
    worker.ref()
    worker.postMessage({ text, values })
    const { columns, rows } = await promise
    return { rows: rows.map(rowMakerFor(columns)) as Row[] }
  }

  /** Waits for the reads under way and gives the file back. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.ref()
    worker.postMessage('close')
    await ended
  }

  #start(): Worker {
    const { file, busyTimeout, cache } = this.#options
    const worker = new Worker(PROGRAM, {
      workerData: { file, busyTimeout, cache },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: {},
    })
    let cause: unknown
    worker.on('message', (message: Message) => this.#answer(worker, message))
    worker.on('error', (error) => (cause = error))
    worker.on('exit', () => this.#bury(cause))
    return worker
  }

  #answer(worker: Worker, message: Message): void {
    const read = this.#waiting.shift()
    // One without a read must not keep the program alive.
    if (this.#waiting.length === 0) worker.unref()
    if ('error' in message) read?.reject(Object.assign(new Error(message.error.message), message.error))
    else read?.resolve(message)
  }

  #bury(cause: unknown): void {
    this.#worker = undefined
    const lost = this.#waiting.splice(0)
    for (const { reject } of lost) reject(cause ?? new Error('The thread that reads the database ended'))
  }
}
