import type { Database } from './schema.ts'

/**
 * Runs one reading statement past Kysely, whose executor is half of a look-up's work. Gives the rows, or undefined when
 * it cannot just now and the executor, which waits, should.
 */
export type DirectRead = (text: string, values: readonly unknown[]) => unknown[] | Promise<unknown[]> | undefined

const readers = new WeakMap<Database, DirectRead>()

/** Lets hot queries on this database read past Kysely. */
export function offerDirectRead(db: Database, read: DirectRead): void {
  readers.set(db, read)
}

/** Undefined inside a transaction, which is another object. */
export function directReadOf(db: Database): DirectRead | undefined {
  return readers.get(db)
}
