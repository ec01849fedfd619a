import { readFileSync } from 'node:fs'

/** Where the index beside a write-ahead log counts commits: `iChange` of its header (sqlite.org/walformat.html). */
const COUNTER = 8

/** Counts the transactions that anybody commits to this SQLite file. Only how far it goes on while the file is open means something. */
export function commitsOf(path: string): number {
  return readFileSync(`${path}-shm`).readUInt32LE(COUNTER)
}
