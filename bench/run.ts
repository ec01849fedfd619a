// Measures the product against its bounds, interleaved in one run: A B A B …, medians, ratios.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { say } from '../scripts/say.mjs'
import { measureApps } from './apps.ts'
import { measureClasses } from './classes.ts'
import type { Contestant } from './contestant.ts'
import { measureGroups } from './groups.ts'
import { measureGrowth } from './growth.ts'
import { measureHosts } from './hosts.ts'
import { measureManyApps } from './many-apps.ts'
import { measurePostgres } from './postgres.ts'
import { boundRows, measureSqlite } from './sqlite.ts'
import { boundsTable, comparisonTable, type Row, withTables } from './table.ts'

const quick = process.argv.includes('--quick')
/** Measures a million users only; takes about ten minutes more than the rest. */
const growth = process.argv.includes('--growth')
/** Measures only what a hundred thousand users in a thousand groups cost. */
const groups = process.argv.includes('--groups')
/** Measures only what apps cost that sign their users in here. */
const apps = process.argv.includes('--apps')
/** Measures only what requests of protected hosts cost. */
const hosts = process.argv.includes('--hosts')
/** Measures only whether response times of refusals distinguish users, with many samples, idle and at half load. */
const classes = process.argv.includes('--classes')
/** Another checkout to compare with, in the same turns. */
const against = process.argv.find((word) => word.startsWith('--against='))?.slice('--against='.length)
const SIZE = { starts: quick ? 1 : 6, rounds: 2, slice: quick ? 2000 : 4000, people: quick ? 10_000 : 100_000 }
const HOST_ROUNDS = quick ? 3 : 15

const folder = mkdtempSync(join(tmpdir(), 'doorward-bench-'))

try {
  const measured = classes ? await measureRefusals() : await measureChosen()
  process.stdout.write(`${measured.tables}\n`)
  if (!growth && !groups && !apps && !hosts && !quick && !classes) writeIntoPage(measured.tables)
  writeResults(measured)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Measured {
  readonly rows: readonly Row[]
  readonly contestants: readonly Contestant[]
  /** Markdown. */
  readonly tables: string
}

async function measureRefusals(): Promise<Measured> {
  const samples = quick ? 500 : 5000
  const rows = await measureClasses({ samples, loads: ['idle', 'half load'], against, folder })
  return { rows, contestants: [], tables: boundsTable(rows) }
}

function measureChosen(): Promise<Measured> {
  if (groups) return measureManyGroups()
  if (apps) return measureOnlyApps()
  if (hosts) return measureOnlyHosts()
  return growth ? measureLargeTables() : measureSpeed()
}

async function measureOnlyApps(): Promise<Measured> {
  const rounds = quick ? 3 : 7
  const size = quick ? { apps: 100, grants: 50_000 } : { apps: 1000, grants: 1_000_000 }
  const rows = [
    ...(await measureApps({ rounds, folder })),
    ...(await measureManyApps({ users: SIZE.people, ...size, rounds, folder })),
  ]
  return { rows, contestants: [], tables: boundsTable(rows) }
}

async function measureOnlyHosts(): Promise<Measured> {
  const rows = await measureHosts({ rounds: HOST_ROUNDS, folder })
  return { rows, contestants: [], tables: boundsTable(rows) }
}

async function measureManyGroups(): Promise<Measured> {
  const rows = await measureGroups({ users: SIZE.people, rounds: quick ? 5 : 7, slice: SIZE.slice / 4, folder })
  return { rows, contestants: [], tables: boundsTable(rows) }
}

async function measureLargeTables(): Promise<Measured> {
  const size = quick ? { users: 50_000, events: 100_000 } : { users: 1_000_000, events: 5_000_000 }
  const rows = await measureGrowth({ ...size, rounds: quick ? 3 : 9, slice: SIZE.slice, folder })
  return { rows, contestants: [], tables: boundsTable(rows) }
}

async function measureSpeed(): Promise<Measured> {
  const contest = await measureSqlite({ ...SIZE, coldStarts: quick ? 3 : 7, folder })
  const rows = [
    ...boundRows(contest),
    ...(await measureClasses({ samples: quick ? 200 : 600, loads: ['idle'], folder })),
    ...(await measureHosts({ rounds: HOST_ROUNDS, folder })),
    ...(await measurePostgres(folder, SIZE.starts * SIZE.rounds, SIZE.slice / 2)),
  ]
  const contestants = [contest.doorward, contest.floor, contest.peer]
  const conditions = [
    new Date().toISOString().slice(0, 10),
    `${availableParallelism()} cores`,
    `Node ${process.versions.node}`,
    `${SIZE.people.toLocaleString('en')} users`,
    `${SIZE.starts * SIZE.rounds} rounds, each program started ${SIZE.starts}×`,
  ]
  const tables = [
    `Run of ${conditions.join(', ')}. Medians; of memory the maximum.`,
    boundsTable(rows),
    comparisonTable(contestants),
  ]
  return { rows, contestants, tables: tables.join('\n\n') }
}

function writeIntoPage(tables: string): void {
  const page = join(import.meta.dirname, 'README.md')
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables))
}

function writeResults({ rows, contestants }: Measured): void {
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const at = new Date().toISOString()
  const file = join(results, `${at.replaceAll(':', '-')}.json`)
  const run = { at, node: process.version, cores: availableParallelism(), ...SIZE }
  const reached = contestants.map(({ people: _, sessions: __, protocol: ___, ...one }) => one)
  writeFileSync(file, `${JSON.stringify({ ...run, rows, contestants: reached }, null, 2)}\n`)
  say(`Written to ${file}`)
}
