// The product or the floor: what it is asked of, and what it reached.
import { commitsOf } from './commits.ts'
import { signIns, whoAmI, whoAmILatencies } from './load.ts'
import type { SignIns } from './load.ts'
import type { BenchPerson } from './people.ts'
import type { Program } from './programs.ts'

const CLIENTS = 32
const CONNECTIONS = 32

export interface Contestant {
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
export type Running = readonly [Contestant, Program]

export function contestant(
  start: () => Promise<Program>,
  database: string,
  people: BenchPerson[],
  tokens: readonly string[],
): Contestant {
  return { start, database, people, tokens, signIns: [], commits: [], whoAmI: [], starts: [] }
}

export async function startAndStop({ start, starts }: Contestant): Promise<void> {
  const program = await start()
  starts.push(program.coldStart)
  await program.stop()
}

/** Sign-ins for a slice of so many milliseconds, who am I for half of it, because that differs less. */
export async function runRound(running: readonly Running[], slice: number): Promise<void> {
  for (const [{ database, ...reached }, program] of running) {
    const before = commitsOf(database)
    const { count, perSecond } = await signInsOf(reached, program, slice)
    reached.signIns.push(perSecond)
    reached.commits.push((commitsOf(database) - before) / count)
  }
  for (const [{ tokens, ...reached }, program] of running)
    reached.whoAmI.push(await whoAmI(program.url, tokens, { connections: CONNECTIONS, milliseconds: slice / 2 }))
}

/** What a new process gets before it is measured: enough for V8 to know what is hot. */
export async function warmUp([{ people, tokens }, program]: Running, milliseconds: number): Promise<void> {
  await signInsOf({ people }, program, milliseconds)
  await whoAmI(program.url, tokens, { connections: CONNECTIONS, milliseconds })
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

/** Latencies of who am I while others sign in, in milliseconds, sorted. */
export async function whoAmIInAStorm([{ people, tokens }, { url }]: Running, milliseconds: number): Promise<number[]> {
  const [latencies] = await Promise.all([
    whoAmILatencies(url, tokens[0] ?? '', { perSecond: 100, milliseconds }),
    signIns(url, people, { clients: CLIENTS, milliseconds }),
  ])
  return latencies
}

/** Those who just signed in go to the end, so that their codes have time to pass. */
function rotate(people: BenchPerson[]): void {
  people.sort((a, b) => a.step - b.step)
}
