// Measures the product against its limits, interleaved in one run: A B A B …, medians, ratios.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { measureClasses } from './classes.ts'
import { commitsOf } from './commits.ts'
import { quantile, rawArgon2, signIns, whoAmI, whoAmILatencies } from './load.ts'
import { newPeople, seedDoorward, seedFloor } from './people.ts'
import type { BenchPerson } from './people.ts'
import { startDoorward, startFloor } from './programs.ts'
import type { Program } from './programs.ts'
import { measurePostgres } from './postgres.ts'
import { printTable } from './table.ts'
import type { Row } from './table.ts'

const quick = process.argv.includes('--quick')
/** Half of them begin with the floor: the machine is faster and slower by turns. */
const ROUNDS = quick ? 3 : 9
const SLICE = quick ? 2000 : 4000
const STARTS = quick ? 3 : 7
const STORM = 2 * SLICE
const PEOPLE = quick ? 10_000 : 100_000
const CLIENTS = 32
const CONNECTIONS = 32
const CORES = availableParallelism()

const folder = mkdtempSync(join(tmpdir(), 'doorward-bench-'))
const say = (text: string): void => void process.stderr.write(`${text}\n`)

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}

interface Contestant {
  readonly program: Program
  readonly database: string
  readonly people: BenchPerson[]
  readonly tokens: readonly string[]
  /** What it reached in each round: sign-ins a second, commits for each of them, who-am-I requests a second. */
  readonly signIns: number[]
  readonly commits: number[]
  readonly whoAmI: number[]
}

async function measureSqlite(): Promise<Row[]> {
  const [path, floorPath] = [join(folder, 'doorward.db'), join(folder, 'floor.db')]
  const settings = { data_dir: folder, database_url: `sqlite:${path}` }
  const [ours, theirs] = [newPeople(PEOPLE), newPeople(PEOPLE)]
  say(`Writing ${PEOPLE} people into each database`)
  const ourTokens = await seedDoorward(ours, settings)
  const theirTokens = seedFloor(theirs, floorPath)

  say('Cold starts')
  const starts: { doorward: number[]; floor: number[] } = { doorward: [], floor: [] }
  for (let round = 0; round < STARTS; round += 1) {
    for (const [name, begin] of [
      ['doorward', () => startDoorward(settings)],
      ['floor', () => startFloor(floorPath, CORES)],
    ] as const) {
      const program = await begin()
      starts[name].push(program.coldStart)
      await program.stop()
    }
  }

  const doorward = await startDoorward(settings)
  const idle = doorward.memory()
  const product = contestant(doorward, path, ours, ourTokens)
  const floor = contestant(await startFloor(floorPath, CORES), floorPath, theirs, theirTokens)
  const raw: number[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`Round ${round} of ${ROUNDS}`)
    raw.push(await rawArgon2(CORES, SLICE))
    await runRound(round % 2 === 0 ? [floor, product] : [product, floor])
  }

  say('Who am I in a sign-in storm')
  const milliseconds = STORM
  const [latencies] = await Promise.all([
    whoAmILatencies(product.program.url, product.tokens[0] ?? '', { perSecond: 100, milliseconds }),
    signIns(product.program.url, product.people, { clients: CLIENTS, milliseconds }),
  ])
  const loaded = doorward.memory()
  const oneHash = 1000 / (median(raw) / CORES)
  await product.program.stop()
  await floor.program.stop()

  const ratios = (a: readonly number[], b: readonly number[]): number =>
    median(a.map((value, index) => value / (b[index] ?? Number.NaN)))
  return [
    {
      what: 'sign-ins a second ÷ raw argon2id',
      measured: ratios(product.signIns, raw),
      target: 0.85,
      better: 'more',
      note: `${median(product.signIns).toFixed(0)} ÷ ${median(raw).toFixed(0)}`,
    },
    {
      what: 'sign-ins a second ÷ floor',
      measured: ratios(product.signIns, floor.signIns),
      target: 0.97,
      better: 'more',
      note: `${median(product.signIns).toFixed(0)} ÷ ${median(floor.signIns).toFixed(0)}, with ${median(product.commits).toFixed(2)} and ${median(floor.commits).toFixed(2)} commits for each`,
    },
    {
      what: 'who am I a second ÷ floor',
      measured: ratios(product.whoAmI, floor.whoAmI),
      target: 0.7,
      better: 'more',
      note: `${median(product.whoAmI).toFixed(0)} ÷ ${median(floor.whoAmI).toFixed(0)}`,
    },
    {
      what: 'who am I p95 in a storm ÷ one raw hash',
      measured: quantile(latencies, 0.95) / oneHash,
      target: 1,
      better: 'less',
      note: `${quantile(latencies, 0.95).toFixed(1)} ms ÷ ${oneHash.toFixed(1)} ms, ${latencies.length} asked, none lost`,
    },
    {
      what: 'cold start ÷ floor',
      measured: ratios(starts.doorward, starts.floor),
      target: 1.3,
      better: 'less',
      note: `${median(starts.doorward).toFixed(0)} ms ÷ ${median(starts.floor).toFixed(0)} ms`,
    },
    { what: 'memory idle, MiB', measured: idle, target: 110, better: 'less', note: '' },
    { what: 'memory after the load, MiB', measured: loaded, target: 160, better: 'less', note: '' },
  ]
}

function contestant(program: Program, database: string, people: BenchPerson[], tokens: readonly string[]): Contestant {
  return { program, database, people, tokens, signIns: [], commits: [], whoAmI: [] }
}

async function runRound(contestants: readonly Contestant[]): Promise<void> {
  for (const { program, database, people, ...reached } of contestants) {
    const before = commitsOf(database)
    const signed = await signIns(program.url, people, { clients: CLIENTS, milliseconds: SLICE })
    if (signed.refused > 0) throw new Error(`${signed.refused} right sign-ins were refused`)
    reached.signIns.push(signed.perSecond)
    reached.commits.push((commitsOf(database) - before) / signed.count)
    rotate(people)
  }
  for (const { program, tokens, ...reached } of contestants)
    reached.whoAmI.push(await whoAmI(program.url, tokens, { connections: CONNECTIONS, milliseconds: SLICE }))
}

/** Those who just signed in go to the end, so that their codes have time to pass. */
function rotate(people: BenchPerson[]): void {
  people.sort((a, b) => a.step - b.step)
}

try {
  const rows = [
    ...(await measureSqlite()),
    ...(await measureClasses({ samples: quick ? 200 : 600, folder, say })),
    ...(await measurePostgres({ rounds: ROUNDS, slice: SLICE, connections: CONNECTIONS, folder, say })),
  ]
  printTable(rows)
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const file = join(results, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, cores: CORES, rounds: ROUNDS, slice: SLICE, people: PEOPLE, rows }, null, 2)}\n`,
  )
  say(`Written to ${file}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
