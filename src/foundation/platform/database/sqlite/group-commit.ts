// One wait for the disk for several transactions, each of which is acknowledged after it.
import { performance } from 'node:perf_hooks'

import { Refusal } from '../../../kernel/refusal.ts'
import type { Duration } from '../../../kernel/time.ts'
import { BUSY_TIMEOUT, retryWhileBusy } from '../busy-retry.ts'
import type { SqliteHandle } from './sqlite-handle.ts'
import { WriterQueue } from './writer-queue.ts'

/** How long a transaction that has time waits for others to share its commit. */
const LINGER: Duration = 20
/** Around each transaction after the first, so that it can be undone alone. */
const SAVEPOINT = 'part'

/** Transactions that ended well and are not on disk yet. */
interface Group extends PromiseWithResolvers<void> {
  readonly timer: NodeJS.Timeout
  deadlinePassed: boolean
}

/**
 * The one who writes to a SQLite file. Transactions run one after the other. Where `shouldBatch` says so when one ends, it
 * stays open for those that follow within `LINGER`, each inside a savepoint, and one commit makes all of them durable;
 * until then nobody else sees them, and none is acknowledged. If that commit fails, it fails for all.
 */
export class GroupCommit {
  readonly #handle: SqliteHandle
  readonly #shouldBatch: () => boolean
  readonly #queue = new WriterQueue()
  #group: Group | undefined

  constructor(handle: SqliteHandle, shouldBatch: () => boolean) {
    this.#handle = handle
    this.#shouldBatch = shouldBatch
  }

  /** `immediate`, so that waiting happens here and never in the middle, where SQLite cannot wait. */
  async begin(): Promise<void> {
    const started = performance.now()
    await this.#queue.enter(BUSY_TIMEOUT)
    try {
      if (this.#group) this.#handle.exec(`savepoint ${SAVEPOINT}`)
      else await this.#open(started)
    } catch (error) {
      this.#queue.leave()
      throw error
    }
  }

  /** Resolves once it is on disk. Without a write-ahead log even that waits: until nobody reads. */
  async commit(): Promise<void> {
    try {
      if (this.#group) this.#handle.exec(`release ${SAVEPOINT}`)
    } catch (error) {
      // Its caller hears that it failed, so nothing of it may become durable with the rest.
      await this.rollback()
      throw error
    }
    await this.#join()
  }

  /** Undoes what was done since `begin`. SQLite has rolled back everything by itself after some failures. */
  async rollback(): Promise<void> {
    try {
      if (!this.#handle.inTransaction) return
      if (this.#group) this.#undoPart()
      else this.#handle.exec('rollback')
    } finally {
      await this.#leave()
    }
  }

  /** Runs one statement that changes rows; it is on disk when this resolves. A statement that fails undoes itself. */
  async change<Result>(work: () => Result): Promise<Result> {
    const started = performance.now()
    await this.#queue.enter(BUSY_TIMEOUT)
    let result
    try {
      if (!this.#group) this.#undoAll()
      result = this.#group ? work() : await retryWhileBusy(work, started)
    } catch (error) {
      await this.#leave()
      throw error
    }
    if (this.#group) await this.#join()
    else this.#queue.leave()
    return result
  }

  /** Runs what may be no part of a transaction, such as a pragma. */
  async alone<Result>(work: () => Result): Promise<Result> {
    const started = performance.now()
    await this.#queue.enter(BUSY_TIMEOUT)
    try {
      await this.#settle()
      this.#undoAll()
      return await retryWhileBusy(work, started)
    } finally {
      this.#queue.leave()
    }
  }

  /** Takes the turn for good, when the transaction under way has ended. */
  async close(): Promise<void> {
    await this.#queue.enter(BUSY_TIMEOUT)
    await this.#settle()
  }

  async #open(started: number): Promise<void> {
    this.#undoAll()
    await retryWhileBusy(() => this.#handle.exec('begin immediate'), started)
  }

  #undoPart(): void {
    try {
      for (const undo of [`rollback to ${SAVEPOINT}`, `release ${SAVEPOINT}`]) this.#handle.exec(undo)
    } catch (error) {
      // Nobody knows what is left of it, so nothing beside it may become durable either.
      this.#undoAll()
      throw error
    }
  }

  /** Also what a rollback that failed has left behind: nothing may become part of it. */
  #undoAll(): void {
    if (this.#handle.inTransaction) this.#handle.exec('rollback')
  }

  async #join(): Promise<void> {
    const group = (this.#group ??= this.#newGroup())
    await this.#leave()
    await group.promise
  }

  #newGroup(): Group {
    const timer = setTimeout(() => void this.#settleInTime(), LINGER)
    return { ...Promise.withResolvers<void>(), timer, deadlinePassed: false }
  }

  async #settleInTime(): Promise<void> {
    if (this.#group) this.#group.deadlinePassed = true
    // Whoever has the turn settles when leaving.
    if (!this.#queue.enterIfFree()) return
    await this.#settle()
    this.#queue.leave()
  }

  async #leave(): Promise<void> {
    const isLost = this.#group !== undefined && !this.#handle.inTransaction
    if (this.#group && (isLost || this.#group.deadlinePassed || !this.#shouldBatch())) await this.#settle()
    this.#queue.leave()
  }

  /** Never throws: whether it went well is told to those whose transactions these are. */
  async #settle(): Promise<void> {
    const group = this.#group
    if (group === undefined) return
    this.#group = undefined
    clearTimeout(group.timer)
    try {
      if (!this.#handle.inTransaction) throw new Refusal('service.unavailable', { retryAfter: 1 })
      await retryWhileBusy(() => this.#handle.exec('commit'))
      group.resolve()
    } catch (error) {
      group.reject(error)
      this.#abandon()
    }
  }

  #abandon(): void {
    try {
      this.#undoAll()
    } catch {
      // Whoever begins next tries again.
    }
  }
}
