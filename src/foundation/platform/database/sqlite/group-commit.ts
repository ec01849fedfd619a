// Group commit: several transactions share one fsync, and each is acknowledged after it.
import { performance } from 'node:perf_hooks'

import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import type { CommitCount } from './commit-count.ts'
import type { SqliteHandle } from './sqlite-handle.ts'
import { retryWhileBusy, WriterQueue } from './write-lock.ts'

/** How long the first transaction of a group waits for others to share its commit. */
const LINGER: Duration = 20
/** The savepoint of each transaction after the first of a group, so that it can be rolled back alone. */
const SAVEPOINT = 'part'

/** Transactions that have ended successfully and are not on disk yet. */
interface Group extends PromiseWithResolvers<void> {
  readonly timer: NodeJS.Timeout
  deadlinePassed: boolean
}

/**
 * Serializes all writes to a SQLite file and commits them in groups.
 *
 *     idle ───── begin ───────────────────────────▶ writing   (begin immediate)
 *     writing ── rollback ────────────────────────▶ idle
 *     writing ── commit, shouldBatch() is false ──▶ idle      (commit; acknowledged)
 *     writing ── commit, shouldBatch() is true ───▶ open      (the transaction waits for the others of its group)
 *     open ───── begin … commit or rollback ──────▶ open      (another transaction, inside a savepoint)
 *     open ───── LINGER has passed, or shouldBatch() is false after a transaction ──▶ idle
 *                (one commit: all transactions of the group are acknowledged, or all are rejected)
 *
 * Until that commit no other connection sees the writes of the group.
 */
export class GroupCommit {
  readonly #handle: SqliteHandle
  readonly #count: CommitCount
  readonly #shouldBatch: () => boolean
  readonly #queue = new WriterQueue()
  #group: Group | undefined

  constructor({ writer, count }: { writer: SqliteHandle; count: CommitCount }, shouldBatch: () => boolean) {
    this.#handle = writer
    this.#count = count
    this.#shouldBatch = shouldBatch
  }

  /** Starts a transaction. It is `immediate`, so that it waits for the write lock here: inside a read transaction SQLite cannot wait. */
  async begin(): Promise<void> {
    const started = performance.now()
    await this.#queue.enter()
    try {
      if (this.#group) this.#handle.exec(`savepoint ${SAVEPOINT}`)
      else await this.#open(started)
    } catch (error) {
      this.#queue.leave()
      throw error
    }
  }

  /** Resolves once the transaction is on disk. Without a write-ahead log the commit waits until no other connection reads. */
  async commit(): Promise<void> {
    try {
      if (this.#group) this.#handle.exec(`release ${SAVEPOINT}`)
    } catch (error) {
      // The caller gets this error, so the writes of the transaction must not become durable with the rest of the group.
      await this.rollback()
      throw error
    }
    await this.#joinGroup()
  }

  /** Rolls back to `begin`. After some failures, SQLite has rolled back the whole transaction by itself. */
  async rollback(): Promise<void> {
    try {
      if (!this.#handle.inTransaction) return
      if (this.#group) this.#rollBackSavepoint()
      else this.#handle.exec('rollback')
    } finally {
      await this.#leave()
    }
  }

  /** Runs one statement that changes rows; it is on disk when this resolves. SQLite rolls back a statement that fails. */
  async change<Result>(work: () => Result): Promise<Result> {
    const started = performance.now()
    await this.#queue.enter()
    let result
    try {
      if (!this.#group) this.#rollBackAll()
      result = this.#group ? work() : await retryWhileBusy(() => this.#commitAlone(work), started)
    } catch (error) {
      await this.#leave()
      throw error
    }
    if (this.#group) await this.#joinGroup()
    else this.#queue.leave()
    return result
  }

  /** Runs a statement outside any transaction, as a pragma requires. */
  async alone<Result>(work: () => Result): Promise<Result> {
    const started = performance.now()
    await this.#queue.enter()
    try {
      await this.#commitGroup()
      this.#rollBackAll()
      return await retryWhileBusy(work, started)
    } finally {
      this.#queue.leave()
    }
  }

  /** Waits for the transaction in progress, commits the group and keeps the queue occupied, so that no further write starts. */
  async close(): Promise<void> {
    await this.#queue.enter()
    await this.#commitGroup()
  }

  /** One statement is a transaction too, so that its commit is counted. */
  #commitAlone<Result>(work: () => Result): Result {
    this.#rollBackAll()
    this.#begin()
    try {
      const result = work()
      const isCounted = this.#countCommit()
      this.#handle.exec('commit')
      if (isCounted) this.#count.committed()
      return result
    } catch (error) {
      this.#tryRollBack()
      throw error
    }
  }

  async #open(started: number): Promise<void> {
    this.#rollBackAll()
    await retryWhileBusy(() => this.#begin(), started)
  }

  #begin(): void {
    this.#handle.exec('begin immediate')
    this.#handle.hasChanged = false
  }

  /** Counts the commit of the open transaction if that has changed anything: otherwise it would write to the file for nothing. */
  #countCommit(): boolean {
    const { hasChanged } = this.#handle
    if (hasChanged) this.#count.advance()
    return hasChanged
  }

  #rollBackSavepoint(): void {
    try {
      for (const statement of [`rollback to ${SAVEPOINT}`, `release ${SAVEPOINT}`]) this.#handle.exec(statement)
    } catch (error) {
      // The remaining writes of this transaction are unknown, so the group that contains them must not become durable.
      this.#rollBackAll()
      throw error
    }
  }

  /** Ends any open transaction, also one whose rollback failed before: the next transaction must not contain its writes. */
  #rollBackAll(): void {
    if (this.#handle.inTransaction) this.#handle.exec('rollback')
  }

  async #joinGroup(): Promise<void> {
    const group = (this.#group ??= this.#newGroup())
    await this.#leave()
    await group.promise
  }

  #newGroup(): Group {
    const timer = setTimeout(() => void this.#onDeadline(), LINGER)
    return { ...Promise.withResolvers<void>(), timer, deadlinePassed: false }
  }

  async #onDeadline(): Promise<void> {
    if (this.#group) this.#group.deadlinePassed = true
    // The transaction that occupies the queue commits the group when it leaves.
    if (!this.#queue.enterIfFree()) return
    await this.#commitGroup()
    this.#queue.leave()
  }

  async #leave(): Promise<void> {
    const isLost = this.#group !== undefined && !this.#handle.inTransaction
    if (this.#group && (isLost || this.#group.deadlinePassed || !this.#shouldBatch())) await this.#commitGroup()
    this.#queue.leave()
  }

  /** Never throws: the promise of the group passes the outcome to each of its transactions. */
  async #commitGroup(): Promise<void> {
    const group = this.#group
    if (group === undefined) return
    this.#group = undefined
    clearTimeout(group.timer)
    try {
      if (!this.#handle.inTransaction) throw new Refusal('service.unavailable', { retryAfter: 1 })
      const isCounted = this.#countCommit()
      await retryWhileBusy(() => this.#handle.exec('commit'))
      if (isCounted) this.#count.committed()
      group.resolve()
    } catch (error) {
      group.reject(error)
      this.#tryRollBack()
    }
  }

  #tryRollBack(): void {
    try {
      this.#rollBackAll()
    } catch {
      // The next write rolls back first.
    }
  }
}
