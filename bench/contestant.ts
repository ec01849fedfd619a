// One of the compared programs: the load that it gets, and its results.
import { readFileSync } from 'node:fs'

import { signIns, whoAmI, whoAmILatencies } from './load.ts'
import type { BenchPerson } from './people.ts'
import type { Program } from './programs.ts'
import type { Protocol } from './protocols.ts'

const CLIENTS = 32
const CONNECTIONS = 32

interface Entry {
  readonly name: string
  readonly start: () => Promise<Program>
  readonly protocol: Protocol
  /** The path of its SQLite file. */
  readonly database: string
  readonly people: BenchPerson[]
  /** The tokens or cookies of the signed-in users. */
  readonly sessions: readonly string[]
}

/**
 * With the results of each round or each start: sign-ins and who-am-I requests a second, commits for each sign-in, milliseconds of each cold
 * start and, sorted, of each who-am-I request in a storm, MiB of memory idle and after the load.
 */
export type Contestant = Entry &
  Readonly<Record<'signIns' | 'commits' | 'whoAmI' | 'starts' | 'storm' | 'idle' | 'loaded', number[]>>

/** A contestant with its running program. */
export type Running = readonly [Contestant, Program]

export function contestant(entered: Entry): Contestant {
  return { ...entered, signIns: [], commits: [], whoAmI: [], storm: [], starts: [], idle: [], loaded: [] }
}

export async function startAndStop({ start, starts }: Contestant): Promise<void> {
  const program = await start()
  starts.push(program.coldStart)
  await program.stop()
}

/** Starts the program and records its memory before the first request. */
export async function startIdle(one: Contestant): Promise<Running> {
  const program = await one.start()
  one.idle.push(program.memory())
  return [one, program]
}

/** Records the memory after the load and stops the program. */
export async function stopLoaded([{ loaded }, program]: Running): Promise<void> {
  loaded.push(program.memory())
  await program.stop()
}

/** Runs sign-ins for `slice` milliseconds and who-am-I requests for half of it, because these vary less. */
export async function runRound(running: readonly Running[], slice: number): Promise<void> {
  for (const [one, program] of running) {
    const before = commitsOf(one.database)
    const { count, perSecond } = await signInsOf(one, program, slice)
    one.signIns.push(perSecond)
    one.commits.push((commitsOf(one.database) - before) / count)
  }
  for (const [one, program] of running) one.whoAmI.push(await whoAmIOf(one, program, slice / 2))
}

/**
 * The number of transactions that any process has committed to this SQLite file: `iChange` in the index of its write-ahead log
 * (sqlite.org/walformat.html). Only differences while the file is open are meaningful.
 */
function commitsOf(path: string): number {
  return readFileSync(`${path}-shm`).readUInt32LE(8)
}

/** Warms a new process up, so that V8 has optimized the hot functions. */
export async function warmUp([one, program]: Running, milliseconds: number): Promise<void> {
  await requireRightAnswer(one, program)
  await signInsOf(one, program, milliseconds)
  await whoAmIOf(one, program, milliseconds)
}

/** Checks an answer, because Better Auth answers 200 without a session too: the status does not show that a session was found. */
async function requireRightAnswer({ protocol, sessions }: Contestant, { url }: Program): Promise<void> {
  const answer = await fetch(`${url}${protocol.whoAmI}`, { headers: protocol.credential(sessions[0] ?? '') })
  const text = await answer.text()
  if (!/person\d/.test(text)) throw new Error(`${url} did not know the user of a session: ${text}`)
}

async function signInsOf({ people, protocol }: Contestant, { url }: Program, milliseconds: number) {
  const signed = await signIns(url, people, { clients: CLIENTS, milliseconds }, protocol)
  if (signed.refused > 0) throw new Error(`${signed.refused} right sign-ins were refused`)
  // Users who just signed in come last, so that their codes expire before the next sign-in.
  people.sort((a, b) => a.step - b.step)
  return signed
}

function whoAmIOf({ sessions, protocol }: Contestant, { url }: Program, milliseconds: number): Promise<number> {
  return whoAmI(url, sessions, { connections: CONNECTIONS, milliseconds }, protocol)
}

/** Measures latencies of who-am-I requests during sign-ins. */
export async function runStorm(
  [{ people, sessions, protocol, storm }, { url }]: Running,
  milliseconds: number,
): Promise<void> {
  const [latencies] = await Promise.all([
    whoAmILatencies(url, sessions[0] ?? '', { perSecond: 100, milliseconds }, protocol),
    signIns(url, people, { clients: CLIENTS, milliseconds }, protocol),
  ])
  storm.push(...latencies)
}
