import { readFileSync } from 'node:fs'

/** Where the index beside a write-ahead log counts commits (`iChange`, sqlite.org/walformat.html §2.1.1), in the machine's byte order. */
const COUNTER = 8

/** How many transactions were committed to this SQLite file since its log was made, by whatever process; it starts again at 2³². */
export function commitsOf(path: string): number {
  return readFileSync(`${path}-shm`).readUInt32LE(COUNTER)
}
