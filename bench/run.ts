// Measures the product against its limits, interleaved in one run: A B A B …, medians, ratios.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { measureClasses } from './classes.ts'
import { measureGrowth } from './growth.ts'
import { measurePostgres } from './postgres.ts'
import { measureSqlite } from './sqlite.ts'
import { printTable } from './table.ts'
import type { Row } from './table.ts'

const quick = process.argv.includes('--quick')
/** Only what a million users cost; takes some ten minutes more than the rest. */
const growth = process.argv.includes('--growth')
const PAIRS = quick ? 1 : 6
const ROUNDS = 2
const SLICE = quick ? 2000 : 4000
const PEOPLE = quick ? 10_000 : 100_000

const folder = mkdtempSync(join(tmpdir(), 'doorward-bench-'))
const say = (text: string): void => void process.stderr.write(`${text}\n`)

try {
  const rows = growth ? await rowsOfGrowth() : await rowsOfSpeed()
  printTable(rows)
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const file = join(results, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, cores: availableParallelism(), pairs: PAIRS, rounds: ROUNDS, slice: SLICE, people: PEOPLE, rows }, null, 2)}\n`,
  )
  say(`Written to ${file}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function rowsOfGrowth(): Promise<Row[]> {
  const size = quick ? { users: 50_000, events: 100_000 } : { users: 1_000_000, events: 5_000_000 }
  return measureGrowth({ ...size, rounds: quick ? 3 : 9, slice: SLICE, folder, say })
}

async function rowsOfSpeed(): Promise<Row[]> {
  return [
    ...(await measureSqlite({
      pairs: PAIRS,
      rounds: ROUNDS,
      slice: SLICE,
      starts: quick ? 3 : 7,
      people: PEOPLE,
      folder,
      say,
    })),
    ...(await measureClasses({ samples: quick ? 200 : 600, folder, say })),
    ...(await measurePostgres({ rounds: PAIRS * ROUNDS, slice: SLICE / 2, connections: 32, folder, say })),
  ]
}
