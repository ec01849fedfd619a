// The product on SQLite beside raw argon2id and the floor.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

import { contestant, runRound, startAndStop, warmUp, whoAmIInAStorm } from './contestant.ts'
import type { Running } from './contestant.ts'
import { median, quantile, rawArgon2 } from './load.ts'
import { newPeople, seedDoorward, seedFloor } from './people.ts'
import { startDoorward, startFloor } from './programs.ts'
import type { Row } from './table.ts'

export interface SqliteBench {
  /** How often both programs are started: one process is faster than the next of the same program, for as long as it lives. */
  readonly pairs: number
  /** With each pair. Half of them begin with the floor: the machine is faster and slower by turns. */
  readonly rounds: number
  /** Milliseconds of one measurement. */
  readonly slice: number
  /** Cold starts of each. */
  readonly starts: number
  readonly people: number
  readonly folder: string
  readonly say: (text: string) => void
}

const CORES = availableParallelism()

export async function measureSqlite({
  pairs,
  rounds,
  slice,
  starts,
  people,
  folder,
  say,
}: SqliteBench): Promise<Row[]> {
  const [path, floorPath] = [join(folder, 'doorward.db'), join(folder, 'floor.db')]
  const settings = { data_dir: folder, database_url: `sqlite:${path}` }
  const [ours, theirs] = [newPeople(people), newPeople(people)]
  say(`Writing ${people} people into each database`)
  const ourTokens = await seedDoorward(ours, settings)
  const theirTokens = seedFloor(theirs, floorPath)
  const product = contestant(() => startDoorward(settings), path, ours, ourTokens)
  const floor = contestant(() => startFloor(floorPath, CORES), floorPath, theirs, theirTokens)

  say('Cold starts')
  for (let start = 1; start <= starts; start += 1) for (const one of [product, floor]) await startAndStop(one)

  const raw: number[] = []
  const memory: { idle: number[]; loaded: number[] } = { idle: [], loaded: [] }
  let latencies: number[] = []
  for (let pair = 1; pair <= pairs; pair += 1) {
    const doorward = await product.start()
    memory.idle.push(doorward.memory())
    const running: Running[] = [
      [product, doorward],
      [floor, await floor.start()],
    ]
    for (const one of running) await warmUp(one, slice / 2)
    for (let round = 1; round <= rounds; round += 1) {
      say(`Round ${round} of ${rounds} with pair ${pair} of ${pairs}`)
      raw.push(await rawArgon2(CORES, slice))
      await runRound(round % 2 === 0 ? running.toReversed() : running, slice)
    }
    if (pair === pairs) {
      say('Who am I in a sign-in storm')
      latencies = await whoAmIInAStorm([product, doorward], 2 * slice)
    }
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
      target: 0.75,
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
      target: 0.5,
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
      target: 1.5,
      better: 'less',
      note: `${median(product.starts).toFixed(0)} ms ÷ ${median(floor.starts).toFixed(0)} ms`,
    },
    { what: 'memory idle, MiB', measured: Math.max(...memory.idle), target: 120, better: 'less', note: '' },
    { what: 'memory after the load, MiB', measured: Math.max(...memory.loaded), target: 180, better: 'less', note: '' },
  ]
}
