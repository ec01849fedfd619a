// Checks whether this process can write to its database. Reads still succeed when a disk is full or a server became read-only.
import { seconds } from '#foundation/kernel/time.ts'
import type { Logger } from '../logging/logger.ts'
import { SYSTEM_TIMERS, type Timers } from '../system.ts'
import type { Database } from './database.ts'
import { isBusy } from './errors.ts'
import { runInTransaction } from './transaction.ts'

interface Probed {
  readonly db: Database
  readonly log: Pick<Logger, 'info' | 'error'>
}

const EVERY = seconds(10)
/** A load balancer sends requests elsewhere until the node is ready, so the end of an outage is looked for more often. */
const EVERY_WHILE_FAILING = seconds(1)
/** If two nodes choose the same number for their row, one waits for the other. */
const MOST_IDS = 1_000_000

/** Probes the database regularly; `isWritable` is the result of the last probe, and true before the first one. */
export class WriteProbe {
  readonly #probed: Probed
  readonly #timers: Timers
  #isWritable = true
  #isStopped = false
  #cancel: () => void = () => {}
  #working: Promise<void> = Promise.resolve()

  constructor(probed: Probed, timers: Timers = SYSTEM_TIMERS) {
    this.#probed = probed
    this.#timers = timers
  }

  get isWritable(): boolean {
    return this.#isWritable
  }

  /** Starts a probe at once, and another one ten seconds after each that succeeds, a second after each that fails. */
  start(): void {
    this.#working = this.#turn()
  }

  /** Ends the timer and waits for the probe in progress. */
  stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel()
    return this.#working
  }

  /** Writes a row and deletes it. Logs if the outcome differs from the last one; never throws. */
  async probe(): Promise<void> {
    const { db, log } = this.#probed
    try {
      await writeAndRemove(db)
      if (!this.#isWritable) log.info('database is writable again')
      this.#isWritable = true
    } catch (error) {
      // Another writer holds the lock, so the database can be written.
      if (isBusy(error)) return
      if (this.#isWritable) log.error({ err: error }, 'database is not writable; node is not ready')
      this.#isWritable = false
    }
  }

  async #turn(): Promise<void> {
    await this.probe()
    if (this.#isStopped) return
    this.#cancel = this.#timers.after(this.#isWritable ? EVERY : EVERY_WHILE_FAILING, () => this.start())
  }
}

/** Inserts and deletes a row that no other transaction sees. On SQLite, an update to the same values would not write to the file. */
async function writeAndRemove(db: Database): Promise<void> {
  const id = -1 - Math.floor(Math.random() * MOST_IDS)
  await runInTransaction(db, async (trx) => {
    await trx.insertInto('schema_version').values({ id, version: 0, oldest_program: 0, changed_at: 0 }).execute()
    await trx.deleteFrom('schema_version').where('id', '=', id).execute()
  })
}
