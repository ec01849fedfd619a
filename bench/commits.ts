import { readFileSync } from 'node:fs'

/** The offset of the commit counter in the index of a write-ahead log: `iChange` of its header (sqlite.org/walformat.html). */
const COUNTER = 8

/** The number of transactions committed to this SQLite file by any process. Only differences while the file is open are meaningful. */
export function commitsOf(path: string): number {
  return readFileSync(`${path}-shm`).readUInt32LE(COUNTER)
}
