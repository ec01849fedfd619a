// Runs reads that may take long in a separate thread with a connection of its own, so that they do not block the event loop.
import type { QueryResult } from 'kysely'
import { statSync } from 'node:fs'
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

import { toRow } from './sqlite-handle.ts'

const PROGRAM = new URL('./sqlite-reader.worker.js', import.meta.url)

/** In bytes. A full scan of a file of this size takes some 10 ms, so that requests wait that long at most. */
const SMALL = 16 * 1024 * 1024

interface Answer {
  readonly columns: string[]
  readonly rows: SQLOutputValue[][]
}

type Message = Answer | { readonly error: { readonly message: string; code?: string; errcode?: number } }

export interface ReaderOptions {
  readonly file: string
  /** Milliseconds that the thread waits for a lock on the file. */
  readonly busyTimeout: number
  /** The page cache, in KiB. */
  readonly cache: number
  /** The size up to which reads need no thread, in bytes. */
  readonly small?: number
  /** Milliseconds without a read after which the thread ends, and its memory is free; it stays if left out. */
  readonly endAfter?: number
  readonly onStatement?: (text: string) => void
}

/** The thread that reads. It is started at the first read, and again at the next read after it ended. */
export class SqliteReader {
  readonly #options: ReaderOptions
  #worker: Worker | undefined
  #isLarge = false
  /** Reads without an answer, in the order in which the thread answers them. */
  #pending: Omit<PromiseWithResolvers<Answer>, 'promise'>[] = []
  #idle: NodeJS.Timeout | undefined

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  /** Whether the file is larger than `small`; stays true afterwards. */
  get isNeeded(): boolean {
    const { file, small = SMALL } = this.#options
    this.#isLarge ||= (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > small
    return this.#isLarge
  }

  /** Runs one statement that reads. Rejects with SQLite's error, or with the error of a thread that died. */
  async read<Row>(text: string, values: readonly SQLInputValue[]): Promise<QueryResult<Row>> {
    this.#options.onStatement?.(text)
    clearTimeout(this.#idle)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const worker = (this.#worker ??= this.#start())
    this.#pending.push({ resolve, reject })
    worker.ref()
    worker.postMessage({ text, values })
    const { columns, rows } = await promise
    return { rows: rows.map((values) => toRow(columns, values)) as Row[] }
  }

  /** Waits for the reads in progress and closes the file. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
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
    let cause: unknown = new Error('The thread that reads the database ended')
    worker.on('message', (message: Message) => this.#answer(worker, message))
    worker.on('error', (error) => (cause = error))
    worker.on('exit', () => {
      // After it ended by itself, another one may be reading.
      if (worker !== this.#worker) return
      this.#worker = undefined
      for (const { reject } of this.#pending.splice(0)) reject(cause)
    })
    return worker
  }

  #answer(worker: Worker, message: Message): void {
    const read = this.#pending.shift()
    // An idle thread must not keep the process alive.
    if (this.#pending.length === 0) this.#rest(worker)
    if ('error' in message) read?.reject(Object.assign(new Error(message.error.message), message.error))
    else read?.resolve(message)
  }

  #rest(worker: Worker): void {
    worker.unref()
    const { endAfter } = this.#options
    if (endAfter === undefined) return
    this.#idle = setTimeout(() => {
      this.#worker = undefined
      worker.postMessage('close')
    }, endAfter).unref()
  }
}
