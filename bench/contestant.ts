// A program that is measured: what it is asked for, and what it reached.
import { commitsOf } from './commits.ts'
import { signIns, whoAmI, whoAmILatencies } from './load.ts'
import type { SignIns } from './load.ts'
import type { BenchPerson } from './people.ts'
import type { Program } from './programs.ts'
import type { Protocol } from './protocols.ts'

const CLIENTS = 32
const CONNECTIONS = 32

interface Entered {
  readonly name: string
  readonly start: () => Promise<Program>
  readonly protocol: Protocol
  /** The path of its SQLite file. */
  readonly database: string
  readonly people: BenchPerson[]
  /** The tokens or cookies of those who are signed in. */
  readonly sessions: readonly string[]
}

/** What it reached in each round, or at each start. */
interface Reached {
  /** A second. */
  readonly signIns: number[]
  /** For each sign-in. */
  readonly commits: number[]
  /** A second. */
  readonly whoAmI: number[]
  /** Milliseconds of each who-am-I request in a storm, sorted. */
  readonly storm: number[]
  /** Milliseconds of each cold start. */
  readonly starts: number[]
  /** MiB. */
  readonly idle: number[]
  /** MiB. */
  readonly loaded: number[]
}

export type Contestant = Entered & Reached

/** A contestant whose program runs. */
export type Running = readonly [Contestant, Program]

export function contestant(entered: Entered): Contestant {
  return { ...entered, signIns: [], commits: [], whoAmI: [], storm: [], starts: [], idle: [], loaded: [] }
}

export async function startAndStop({ start, starts }: Contestant): Promise<void> {
  const program = await start()
  starts.push(program.coldStart)
  await program.stop()
}

/** Starts it, and notes the memory it has before it is asked anything. */
export async function startIdle(one: Contestant): Promise<Running> {
  const program = await one.start()
  one.idle.push(program.memory())
  return [one, program]
}

/** Notes the memory it has after all it was asked, and stops it. */
export async function stopLoaded([{ loaded }, program]: Running): Promise<void> {
  loaded.push(program.memory())
  await program.stop()
}

/** Sign-ins for a slice of so many milliseconds, who am I for half of it, because that differs less. */
export async function runRound(running: readonly Running[], slice: number): Promise<void> {
  for (const [one, program] of running) {
    const before = commitsOf(one.database)
    const { count, perSecond } = await signInsOf(one, program, slice)
    one.signIns.push(perSecond)
    one.commits.push((commitsOf(one.database) - before) / count)
  }
  for (const [one, program] of running) one.whoAmI.push(await whoAmIOf(one, program, slice / 2))
}

/** What a new process gets before it is measured: enough for V8 to know what is hot. */
export async function warmUp([one, program]: Running, milliseconds: number): Promise<void> {
  await requireRightAnswer(one, program)
  await signInsOf(one, program, milliseconds)
  await whoAmIOf(one, program, milliseconds)
}

/** Better Auth answers 200 to strangers too, so a status does not show that the session was found. */
async function requireRightAnswer({ protocol, sessions }: Contestant, { url }: Program): Promise<void> {
  const answer = await fetch(`${url}${protocol.whoAmI}`, { headers: protocol.credential(sessions[0] ?? '') })
  const text = await answer.text()
  if (!/person\d/.test(text)) throw new Error(`${url} did not know the user of a session: ${text}`)
}

async function signInsOf({ people, protocol }: Contestant, { url }: Program, milliseconds: number): Promise<SignIns> {
  const signed = await signIns(url, people, { clients: CLIENTS, milliseconds }, protocol)
  if (signed.refused > 0) throw new Error(`${signed.refused} right sign-ins were refused`)
  rotate(people)
  return signed
}

function whoAmIOf({ sessions, protocol }: Contestant, { url }: Program, milliseconds: number): Promise<number> {
  return whoAmI(url, sessions, { connections: CONNECTIONS, milliseconds }, protocol)
}

/** Latencies of who am I while others sign in. */
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

/** Those who just signed in go to the end, so that their codes have time to pass. */
function rotate(people: BenchPerson[]): void {
  people.sort((a, b) => a.step - b.step)
}
