// Measures Doorward on SQLite beside raw argon2id, the floor and Better Auth.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

import { say } from '../scripts/say.mjs'
import { BETTER_AUTH_VERSION, seedBetterAuth } from './better-auth.ts'
import {
  type Contestant,
  contestant,
  type Running,
  runRound,
  runStorm,
  startAndStop,
  startIdle,
  stopLoaded,
  warmUp,
} from './contestant.ts'
import { median, quantile, rawArgon2 } from './load.ts'
import { type BenchPerson, newPeople, seedDoorward, seedFloor, type Settings } from './people.ts'
import { type Program, startBetterAuth, startDoorward, startFloor } from './programs.ts'
import { BETTER_AUTH, DOORWARD, type Protocol } from './protocols.ts'
import { BOUNDS, type Row } from './table.ts'

export interface SqliteBench {
  /** How often each program is started: two processes of one program differ in speed for as long as they live. */
  readonly starts: number
  /** Rounds with each of these processes, half of them in the opposite order, because the speed of the machine drifts. */
  readonly rounds: number
  /** Milliseconds of one measurement. */
  readonly slice: number
  /** Cold starts of each program. */
  readonly coldStarts: number
  readonly people: number
  readonly folder: string
}

export interface Contest {
  readonly doorward: Contestant
  readonly floor: Contestant
  readonly peer: Contestant
  /** Verifications of argon2id a second in each round. */
  readonly raw: readonly number[]
}

const CORES = availableParallelism()

export async function measureSqlite(bench: SqliteBench): Promise<Contest> {
  const { starts, rounds, slice, coldStarts } = bench
  const { doorward, floor, peer } = await prepareContestants(bench)
  const contestants = [doorward, floor, peer]
  say('Cold starts')
  for (let start = 1; start <= coldStarts; start += 1) for (const one of contestants) await startAndStop(one)

  const raw: number[] = []
  for (let start = 1; start <= starts; start += 1) {
    const running: Running[] = []
    for (const one of contestants) running.push(await startIdle(one))
    for (const one of running) await warmUp(one, slice / 2)
    for (let round = 1; round <= rounds; round += 1) {
      say(`Round ${round} of ${rounds} with start ${start} of ${starts}`)
      raw.push(await rawArgon2(CORES, slice))
      await runRound(round % 2 === 0 ? running.toReversed() : running, slice)
    }
    if (start === starts) {
      say('Who am I in a sign-in storm')
      for (const one of running) await runStorm(one, 2 * slice)
    }
    for (const one of running) await stopLoaded(one)
  }
  return { doorward, floor, peer, raw }
}

async function prepareContestants({ people: count, folder }: SqliteBench): Promise<Omit<Contest, 'raw'>> {
  say(`Writing ${count} people into each database`)
  const enter = async (
    name: string,
    protocol: Protocol,
    start: (path: string) => Promise<Program>,
    seed: (people: BenchPerson[], path: string) => Promise<string[]> | string[],
  ): Promise<Contestant> => {
    const database = join(folder, `${name}.db`)
    const people = newPeople(count)
    const sessions = await seed(people, database)
    return contestant({ name, start: () => start(database), protocol, database, people, sessions })
  }
  const settings = (path: string): Settings => ({ data_dir: folder, database_url: `sqlite:${path}` })
  return {
    doorward: await enter(
      'Doorward',
      DOORWARD,
      (path) => startDoorward(settings(path)),
      (people, path) => seedDoorward(people, settings(path)),
    ),
    floor: await enter('Floor', DOORWARD, (path) => startFloor(path, CORES), seedFloor),
    peer: await enter(`Better Auth ${BETTER_AUTH_VERSION}`, BETTER_AUTH, startBetterAuth, seedBetterAuth),
  }
}

/** The results beside the bounds. */
export function boundRows({ doorward, floor, peer, raw }: Contest): Row[] {
  const oneHash = 1000 / (median(raw) / CORES)
  const p95 = quantile(doorward.storm, 0.95)
  return [
    { ...BOUNDS.signInsOfRaw, ...ratio(doorward.signIns, raw) },
    { ...BOUNDS.signInsOfPeer, ...ratio(doorward.signIns, peer.signIns) },
    { ...BOUNDS.whoAmIOfFloor, ...ratio(doorward.whoAmI, floor.whoAmI) },
    { ...BOUNDS.whoAmIOfPeer, ...ratio(doorward.whoAmI, peer.whoAmI) },
    {
      ...BOUNDS.storm,
      measured: p95 / oneHash,
      note: `${p95.toFixed(1)} ms ÷ ${oneHash.toFixed(1)} ms, ${doorward.storm.length} asked, none lost`,
    },
    { ...BOUNDS.coldStart, ...ratio(doorward.starts, floor.starts) },
    { ...BOUNDS.idle, measured: Math.max(...doorward.idle), note: '' },
    { ...BOUNDS.loaded, measured: Math.max(...doorward.loaded), note: '' },
  ]
}

/** The median of the ratios of each round, and the medians of both figures. */
function ratio(ones: readonly number[], others: readonly number[]): Pick<Row, 'measured' | 'note'> {
  return {
    measured: median(ones.map((one, index) => one / (others[index] ?? Number.NaN))),
    note: `${median(ones).toFixed(0)} ÷ ${median(others).toFixed(0)}`,
  }
}
