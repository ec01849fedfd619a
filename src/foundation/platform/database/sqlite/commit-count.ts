// Counts the commits of a SQLite file, in the file and beside it: a write-ahead log that was lost leaves the file with fewer (decision 0045).
//
//   in the file    `application_id`: the count. Each commit raises it, so it is as old as the content that SQLite shows. It is negative
//                  once the process that closed the file last has moved the log into it, and 0 where no commit was ever counted.
//   FILE.commits   "COUNT MISSING": the last commit that was acknowledged, and whether commits are missing and nothing was done about it.
import { closeSync, fchmodSync, fchownSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'

import { errorCode } from '../../system.ts'
import type { LostCommits } from '../database.ts'

/** What the name of the file beside a database ends in. It does not begin as those of SQLite do, so that `rm FILE-*` leaves it. */
export const RECORD_SUFFIX = '.commits'

/** `application_id` is a signed 32-bit integer, and its sign is in use. After this commit follows number 1. */
const LAST = 2 ** 31 - 1
const DIGITS = 10
/** The content has a fixed length, so that writing it needs no space on the disk. */
const LENGTH = DIGITS + ' 0\n'.length

interface Stored {
  readonly count: number
  readonly isMissing: boolean
}

export interface CountedFile {
  /** The real path of the database. */
  readonly file: string
  readonly db: DatabaseSync
  /** Whether the file had a write-ahead log with content before it was opened. */
  readonly hadLog: boolean
}

export class CommitCount implements LostCommits {
  readonly #file: string
  readonly #db: DatabaseSync
  readonly #get: StatementSync
  #record: number | undefined
  #isFound: boolean
  /** Whether the record has been written for the commits of this process. */
  #isReady = false
  #hasCommitted = false
  #committing = { count: 0, isFirst: false }

  /** Reads both counts. Throws the error of the system if there is a record that cannot be used. */
  constructor({ file, db, hadLog }: CountedFile) {
    this.#file = file
    this.#db = db
    this.#get = db.prepare('pragma application_id')
    this.#record = openRecord(file)
    try {
      this.#isFound = this.#lacksCommits(hadLog)
    } catch (error) {
      this.release()
      throw error
    }
  }

  /** Whether commits are missing that were acknowledged. */
  get found(): boolean {
    return this.#isFound
  }

  /** Raises the count in the open transaction. */
  advance(): void {
    const value = this.#value()
    this.#prepare(Math.abs(value))
    const count = (Math.abs(value) % LAST) + 1
    this.#db.exec(`pragma application_id = ${count}`)
    this.#committing = { count, isFirst: value <= 0 }
  }

  /** Records the transaction that `advance` counted, once it is committed. Never throws: the commit is acknowledged in any case. */
  committed(): void {
    const { count, isFirst } = this.#committing
    this.#hasCommitted = true
    try {
      // Another process may have recorded a later commit meanwhile.
      const { count: last, isMissing } = this.#read() ?? { count: 0, isMissing: false }
      if (!isAhead(last, count)) this.#write({ count, isMissing })
      // From now on the file itself says that it is in use, so that a copy without log and record is distinguished from one that was
      // closed.
      if (isFirst) this.#db.exec('pragma wal_checkpoint(passive)')
    } catch {
      // A disk that is full or fails: the next commit records both.
    }
  }

  /** Ends the report: what could be used a second time has ended. */
  accept(): void {
    this.#isFound = false
    this.#write({ count: Math.abs(this.#value()), isMissing: false })
  }

  /** Notes in the file that it is complete without a log, if this process has changed it. The caller moves the log into it. */
  close(): void {
    if (!this.#hasCommitted) return
    try {
      this.#db.exec('begin immediate')
      this.#db.exec(`pragma application_id = ${-Math.abs(this.#value())}`)
      this.#db.exec('commit')
    } catch {
      // Another process writes, or the disk is full: the file goes on saying that it is in use.
      if (this.#db.isTransaction) this.#db.exec('rollback')
    }
  }

  /** Closes the record. */
  release(): void {
    if (this.#record !== undefined) closeSync(this.#record)
    this.#record = undefined
  }

  #lacksCommits(hadLog: boolean): boolean {
    // The record is read first: other processes raise the count of the file before that of the record.
    const recorded = this.#read()
    const value = this.#value()
    if (recorded === undefined) {
      if (!isCopy(this.#db, { value, hadLog })) return false
      // Another process may have created the record, and committed, since this one looked for it.
      this.#record = openRecord(this.#file)
    }
    const current = recorded ?? this.#read()
    return current === undefined || current.isMissing || isAhead(current.count, Math.abs(value))
  }

  #value(): number {
    return Number(this.#get.get()?.['application_id'] ?? 0)
  }

  /**
   * Before the first commit of this process: a missing record is created, and what is missing is noted in it, because further commits
   * would raise the count past it. What cannot be noted must not be forgotten, so the commit fails then.
   */
  #prepare(count: number): void {
    if (this.#isReady) return
    try {
      this.#record ??= createRecord(this.#file)
      const recorded = this.#read()
      // Another process has ended what came back since this one opened the file.
      if (recorded?.isMissing === false && !isAhead(recorded.count, count)) this.#isFound = false
      if (this.#isFound || recorded === undefined)
        this.#write({ count: recorded?.count ?? count, isMissing: this.#isFound })
      this.#isReady = true
    } catch (error) {
      if (this.#isFound) throw error
    }
  }

  #read(): Stored | undefined {
    if (this.#record === undefined) return undefined
    const content = Buffer.alloc(LENGTH)
    readSync(this.#record, content, 0, LENGTH, 0)
    const [, count, missing] = /^(\d{10}) ([01])\n$/.exec(content.toString('latin1')) ?? []
    return count === undefined ? undefined : { count: Number(count), isMissing: missing === '1' }
  }

  #write({ count, isMissing }: Stored): void {
    const text = `${String(count).padStart(DIGITS, '0')} ${Number(isMissing)}\n`
    if (this.#record !== undefined) writeSync(this.#record, text, 0, 'latin1')
  }
}

/** Whether commit `one` came after commit `other`, also where the numbers have begun again between them. */
function isAhead(one: number, other: number): boolean {
  const distance = (one - other + LAST) % LAST
  return distance > 0 && distance < LAST / 2
}

/**
 * Whether a file without a record is a copy that was not made of a closed database: its log is gone, or `vacuum into` made it, whose copies
 * have no write-ahead log.
 */
function isCopy(db: DatabaseSync, { value, hadLog }: { value: number; hadLog: boolean }): boolean {
  if (value === 0 || hadLog) return false
  return value > 0 || db.prepare('pragma journal_mode').get()?.['journal_mode'] !== 'wal'
}

/** Opens the record; undefined if there is none. */
function openRecord(file: string): number | undefined {
  try {
    return openSync(file + RECORD_SUFFIX, 'r+')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Creates the record with owner and mode of the database, as SQLite does with its log: a command may run as another user than the server. */
function createRecord(file: string): number {
  const { uid, gid, mode } = statSync(file)
  try {
    const record = openSync(file + RECORD_SUFFIX, 'wx+', 0o600)
    if (process.geteuid?.() === 0) fchownSync(record, uid, gid)
    fchmodSync(record, mode & 0o666)
    return record
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    return openSync(file + RECORD_SUFFIX, 'r+')
  }
}
