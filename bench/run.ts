// Measures the product against its limits, interleaved in one run: A B A B …, medians, ratios.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { measureClasses } from './classes.ts'
import { commitsOf } from './commits.ts'
import { quantile, rawArgon2, signIns, whoAmI, whoAmILatencies } from './load.ts'
import type { SignIns } from './load.ts'
import { newPeople, seedDoorward, seedFloor } from './people.ts'
import type { BenchPerson } from './people.ts'
import { startDoorward, startFloor } from './programs.ts'
import type { Program } from './programs.ts'
import { measurePostgres } from './postgres.ts'
import { printTable } from './table.ts'
import type { Row } from './table.ts'

const quick = process.argv.includes('--quick')
/** Each time both programs are started anew: one process is faster than the next of the same program, for as long as it lives. */
const PAIRS = quick ? 1 : 6
/** Of each pair. Half of them begin with the floor: the machine is faster and slower by turns. */
const ROUNDS = 2
const SLICE = quick ? 2000 : 4000
/** Sign-ins that a new process gets before it is measured: enough for V8 to know what is hot. */
const WARM_UP = SLICE / 2
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
  readonly start: () => Promise<Program>
  readonly database: string
  readonly people: BenchPerson[]
  readonly tokens: readonly string[]
  /** What it reached in each round: sign-ins a second, commits for each of them, who-am-I requests a second. */
  readonly signIns: number[]
  readonly commits: number[]
  readonly whoAmI: number[]
  /** Milliseconds of each cold start. */
  readonly starts: number[]
}

/** A contestant whose program runs. */
type Running = readonly [Contestant, Program]

async function measureSqlite(): Promise<Row[]> {
  const [path, floorPath] = [join(folder, 'doorward.db'), join(folder, 'floor.db')]
  const settings = { data_dir: folder, database_url: `sqlite:${path}` }
  const [ours, theirs] = [newPeople(PEOPLE), newPeople(PEOPLE)]
  say(`Writing ${PEOPLE} people into each database`)
  const ourTokens = await seedDoorward(ours, settings)
  const theirTokens = seedFloor(theirs, floorPath)
  const product = contestant(() => startDoorward(settings), path, ours, ourTokens)
  const floor = contestant(() => startFloor(floorPath, CORES), floorPath, theirs, theirTokens)

  say('Cold starts')
  for (let start = 1; start <= STARTS; start += 1) for (const one of [product, floor]) await startAndStop(one)

  const raw: number[] = []
  const memory: { idle: number[]; loaded: number[] } = { idle: [], loaded: [] }
  let latencies: number[] = []
  for (let pair = 1; pair <= PAIRS; pair += 1) {
    const doorward = await product.start()
    memory.idle.push(doorward.memory())
    const running: Running[] = [
      [product, doorward],
      [floor, await floor.start()],
    ]
    for (const one of running) await warmUp(one)
    for (let round = 1; round <= ROUNDS; round += 1) {
      say(`Round ${round} of ${ROUNDS} with pair ${pair} of ${PAIRS}`)
      raw.push(await rawArgon2(CORES, SLICE))
      await runRound(round % 2 === 0 ? running.toReversed() : running)
    }
    if (pair === PAIRS) latencies = await whoAmIInAStorm(product, doorward)
    memory.loaded.push(doorward.memory())
    for (const [, program] of running) await program.stop()
  }
  const oneHash = 1000 / (median(raw) / CORES)

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
      measured: ratios(product.starts, floor.starts),
      target: 1.3,
      better: 'less',
      note: `${median(product.starts).toFixed(0)} ms ÷ ${median(floor.starts).toFixed(0)} ms`,
    },
    { what: 'memory idle, MiB', measured: Math.max(...memory.idle), target: 110, better: 'less', note: '' },
    { what: 'memory after the load, MiB', measured: Math.max(...memory.loaded), target: 160, better: 'less', note: '' },
  ]
}

function contestant(
  start: () => Promise<Program>,
  database: string,
  people: BenchPerson[],
  tokens: readonly string[],
): Contestant {
  return { start, database, people, tokens, signIns: [], commits: [], whoAmI: [], starts: [] }
}

async function startAndStop({ start, starts }: Contestant): Promise<void> {
  const program = await start()
  starts.push(program.coldStart)
  await program.stop()
}

async function runRound(running: readonly Running[]): Promise<void> {
  for (const [{ database, ...reached }, program] of running) {
    const before = commitsOf(database)
    const { count, perSecond } = await signInsOf(reached, program, SLICE)
    reached.signIns.push(perSecond)
    reached.commits.push((commitsOf(database) - before) / count)
  }
  for (const [{ tokens, ...reached }, program] of running)
    reached.whoAmI.push(await whoAmI(program.url, tokens, { connections: CONNECTIONS, milliseconds: SLICE / 2 }))
}

async function warmUp([{ people, tokens }, program]: Running): Promise<void> {
  await signInsOf({ people }, program, WARM_UP)
  await whoAmI(program.url, tokens, { connections: CONNECTIONS, milliseconds: WARM_UP })
}

async function signInsOf(
  { people }: Pick<Contestant, 'people'>,
  { url }: Program,
  milliseconds: number,
): Promise<SignIns> {
  const signed = await signIns(url, people, { clients: CLIENTS, milliseconds })
  if (signed.refused > 0) throw new Error(`${signed.refused} right sign-ins were refused`)
  rotate(people)
  return signed
}

/** Latencies in milliseconds, sorted. */
async function whoAmIInAStorm({ people, tokens }: Contestant, { url }: Program): Promise<number[]> {
  say('Who am I in a sign-in storm')
  const [latencies] = await Promise.all([
    whoAmILatencies(url, tokens[0] ?? '', { perSecond: 100, milliseconds: STORM }),
    signIns(url, people, { clients: CLIENTS, milliseconds: STORM }),
  ])
  return latencies
}

/** Those who just signed in go to the end, so that their codes have time to pass. */
function rotate(people: BenchPerson[]): void {
  people.sort((a, b) => a.step - b.step)
}

try {
  const rows = [
    ...(await measureSqlite()),
    ...(await measureClasses({ samples: quick ? 200 : 600, folder, say })),
    ...(await measurePostgres({ rounds: PAIRS * ROUNDS, slice: SLICE / 2, connections: CONNECTIONS, folder, say })),
  ]
  printTable(rows)
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const file = join(results, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, cores: CORES, pairs: PAIRS, rounds: ROUNDS, slice: SLICE, people: PEOPLE, rows }, null, 2)}\n`,
  )
  say(`Written to ${file}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
