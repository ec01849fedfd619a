// One wait for the disk for several transactions, each of which is acknowledged after it.
import { performance } from 'node:perf_hooks'

import { Refusal } from '../../kernel/refusal.ts'
import type { Duration } from '../../kernel/time.ts'
import { PATIENCE, patiently } from './patience.ts'
import type { SqliteHandle } from './sqlite-handle.ts'
import { WriterQueue } from './writer-queue.ts'

/** How long a transaction that has time waits for others to share its commit. */
const LINGER: Duration = 20
/** Around each transaction after the first, so that it can be undone alone. */
const PART = 'part'

/** Transactions that ended well and are not on disk yet. */
interface Group extends PromiseWithResolvers<void> {
  readonly timer: NodeJS.Timeout
  isDue: boolean
}

/**
 * The one who writes to a SQLite file. Transactions run one after the other. Where `hasTime` says so when one ends, it
 * stays open for those that follow within `LINGER`, each inside a savepoint, and one commit makes all of them durable;
 * until then nobody else sees them, and none is acknowledged. If that commit fails, it fails for all.
 */
export class SharedCommit {
  readonly #handle: SqliteHandle
  readonly #hasTime: () => boolean
  readonly #queue = new WriterQueue()
  #group: Group | undefined

  constructor(handle: SqliteHandle, hasTime: () => boolean) {
    this.#handle = handle
    this.#hasTime = hasTime
  }

  /** `immediate`, so that waiting happens here and never in the middle, where SQLite cannot wait. */
  async begin(): Promise<void> {
    const started = performance.now()
    await this.#queue.enter(PATIENCE)
    try {
      if (this.#group) this.#handle.exec(`savepoint ${PART}`)
      else await this.#open(started)
    } catch (error) {
      this.#queue.leave()
      throw error
    }
  }

  /** Resolves once it is on disk. Without a write-ahead log even that waits: until nobody reads. */
  async commit(): Promise<void> {
    try {
      if (this.#group) this.#handle.exec(`release ${PART}`)
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
    await this.#queue.enter(PATIENCE)
    let result
    try {
      if (!this.#group) this.#undoAll()
      result = this.#group ? work() : await patiently(work, started)
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
    await this.#queue.enter(PATIENCE)
    try {
      await this.#settle()
      this.#undoAll()
      return await patiently(work, started)
    } finally {
      this.#queue.leave()
    }
  }

  /** Takes the turn for good, when the transaction under way has ended. */
  async close(): Promise<void> {
    await this.#queue.enter(PATIENCE)
    await this.#settle()
  }

  async #open(started: number): Promise<void> {
    this.#undoAll()
    await patiently(() => this.#handle.exec('begin immediate'), started)
  }

  #undoPart(): void {
    try {
      for (const undo of [`rollback to ${PART}`, `release ${PART}`]) this.#handle.exec(undo)
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
    return { ...Promise.withResolvers<void>(), timer, isDue: false }
  }

  async #settleInTime(): Promise<void> {
    if (this.#group) this.#group.isDue = true
    // Whoever has the turn settles when leaving.
    if (!this.#queue.enterIfFree()) return
    await this.#settle()
    this.#queue.leave()
  }

  async #leave(): Promise<void> {
    const isLost = this.#group !== undefined && !this.#handle.inTransaction
    if (this.#group && (isLost || this.#group.isDue || !this.#hasTime())) await this.#settle()
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
      await patiently(() => this.#handle.exec('commit'))
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
