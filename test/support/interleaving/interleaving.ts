// Two requests at two nodes, stopped between their statements: the order of the statements is fixed by the test, not by chance.
import type { InjectOptions } from 'fastify'
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import type { Outbound } from '#foundation/platform/network/outbound.ts'
import type { App } from '#foundation/web/http/app.ts'
import { firstAdmin, newcomer, type Person, type Reply } from '../people/people.ts'
import { claimed, exhaustive } from '../runner/scope.ts'
import type { TestClock } from '../server/clock.ts'
import { assertOneOf } from '../server/nodes.ts'
import { newInstallation, type Server } from '../server/start.ts'
import { OtherProcess } from './node-process.ts'
import { Barrier, openStopped, type Statement, type Stoppable } from './stoppable-server.ts'

export interface Party {
  /** The node that gets the request. */
  readonly server: Server
  readonly barrier: Stoppable
}

/** The first node runs in this process, and its statements are counted. */
export type Parties = readonly [Party & { readonly barrier: Barrier }, Party]

/** Two nodes of one server, in two processes, each with a barrier. By `outbound` only the first node reaches hosts. */
export async function twoParties(
  t: TestContext,
  dialect: Dialect,
  settings: Readonly<Record<string, string>> = {},
  { clock, outbound }: { readonly clock?: TestClock | undefined; readonly outbound?: Outbound } = {},
): Promise<Parties> {
  const installation = await newInstallation(t, dialect, clock)
  const barrier = new Barrier()
  const server = await openStopped(installation, barrier, { settings, ...(outbound && { outbound }) })
  const other = await OtherProcess.start(installation, settings)
  // Both are closed even if one fails: a node that is left open would keep the test from ending.
  t.after(async () => {
    const ends = await Promise.allSettled([other.end(), server.close()])
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  })
  const app = { inject: (request: InjectOptions) => other.inject(request) } as App
  return [
    { server, barrier },
    { server: { ...server, app }, barrier: other },
  ]
}

export interface Scene {
  readonly parties: Parties
  /** The server of the first node. */
  readonly server: Server
  readonly root: Person
  readonly ada: Person
}

/** Two nodes with a signed-in admin and a signed-in user. */
export async function newScene(
  t: TestContext,
  dialect: Dialect,
  settings: Readonly<Record<string, string>> = {},
  clock?: TestClock,
  outbound?: Outbound,
): Promise<Scene> {
  const parties = await twoParties(t, dialect, settings, { clock, ...(outbound && { outbound }) })
  const { server } = parties[0]
  const root = await (await firstAdmin(server)).signsIn()
  return { parties, server, root, ada: await (await newcomer(root, 'ada')).signsIn() }
}

export type Asking = (server: Server) => Promise<Reply>

/** The statements of a request, after each of which it can be stopped. */
async function statementsOf({ server, barrier }: Parties[0], asking: Asking): Promise<readonly Statement[]> {
  barrier.stopAfter(Infinity)
  await asking(server)
  return [...barrier.statements]
}

/**
 * Runs the first request to its statement `at[0]`; then the second to its statement `at[1]`, to its end, or until it waits for
 * a lock of the first; then the first to its end, or until it waits for a lock; then both to their ends.
 */
async function interleave(
  [one, other]: Parties,
  asking: readonly [Asking, Asking],
  at: readonly [number, number],
): Promise<{ readonly replies: readonly [Reply, Reply]; readonly bothStood: boolean }> {
  one.barrier.stopAfter(at[0])
  const first = watched(asking[0](one.server))
  await stands(one, first)
  other.barrier.stopAfter(at[1])
  const second = watched(asking[1](other.server))
  await stands(other, second)
  const bothStood = one.barrier.waits && other.barrier.waits
  one.barrier.goOn()
  await stands(one, first)
  other.barrier.goOn()
  return { replies: await Promise.all([first.reply, second.reply]), bothStood }
}

interface Watched {
  readonly reply: Promise<Reply>
  ended: boolean
}

function watched(reply: Promise<Reply>): Watched {
  const state: Watched = { reply, ended: false }
  const end = (): void => void (state.ended = true)
  reply.then(end, end)
  return state
}

/** To ask PostgreSQL who waits takes as long as a statement of a request. */
const MILLISECONDS_BETWEEN_QUESTIONS = 3

/** Resolves when the request has ended, is stopped at its barrier, or waits for a lock. */
async function stands({ server, barrier }: Party, asked: Watched): Promise<void> {
  for (let turn = 1; !asked.ended && !barrier.waits; turn++) {
    if (turn % MILLISECONDS_BETWEEN_QUESTIONS === 0 && (await waitsForLock(server, barrier))) return
    await setTimeout(1)
  }
}

async function waitsForLock({ databaseUrl, doorward }: Server, barrier: Stoppable): Promise<boolean> {
  if (databaseUrl.startsWith('sqlite:')) return barrier.repeats
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(doorward.db)
  return rows.length > 0
}

export interface Contest {
  readonly asking: readonly [Asking, Asking]
  /** The status of one reply, and those the other may have; left out where both may succeed. */
  readonly one?: { readonly success: number; readonly refusals: readonly number[] }
  /** Asserts what must hold in the database afterwards. */
  readonly assertAfter: (replies: readonly [Reply, Reply]) => Promise<void>
}

/** Creates the rows that both requests compete for; called anew for each order. */
type Prepare = () => Promise<Contest>

/** Where the second request is stopped: after each of its statements too, or not at all. */
export type Steps = 'each pair' | 'each against the whole'

/**
 * Requests in each order of their statements: on PostgreSQL, which admits every order that SQLite does, since SQLite runs writing
 * transactions one after the other; on SQLite too in `npm run test:exhaustive`.
 */
export function interleaveOnEachDatabase(
  claim: string,
  prove: (t: TestContext, dialect: Dialect) => Promise<void>,
): void {
  claimed(`${claim} (postgres)`, (t) => prove(t, 'postgres'))
  exhaustive(`${claim} (sqlite)`, (t) => prove(t, 'sqlite'))
}

/**
 * Does that with each step raced against a whole request. `npm run test:exhaustive` also races each pair of steps on PostgreSQL: on SQLite, whose
 * writing transactions run one after the other, a pair shows nothing that a whole request does not.
 */
export function raceOnEachDatabase(
  claim: string,
  prove: (t: TestContext, dialect: Dialect, steps: Steps) => Promise<void>,
): void {
  interleaveOnEachDatabase(claim, (t, dialect) => prove(t, dialect, 'each against the whole'))
  exhaustive(`${claim}, for each pair of steps (postgres)`, (t) => prove(t, 'postgres', 'each pair'))
}

/** Runs the two requests in every order; of orders that differ in nothing that either could notice, in one. */
export async function inEveryOrder(parties: Parties, steps: Steps, prepare: Prepare): Promise<void> {
  const statements = await statementsOf(parties[0], (await prepare()).asking[0])
  assert.ok(statements.length >= 4, 'there is hardly anything to stop after')
  if (steps === 'each pair') return inEachPair(parties, prepare, statements)
  for (let first = 1; first <= statements.length; first++) await contested(parties, await prepare(), [first, Infinity])
}

/**
 * Runs each pair of stops that may differ from another pair and from a stop against a whole request. While the other request is inside a
 * transaction, a read outside one neither sees what it has written nor keeps it waiting, so that of such reads in a row the last one stands for all; the second
 * request is stopped after each of them once, with the first at its beginning. And once the second has waited for a lock of the first
 * instead of reaching its stop, later stops give the same order.
 */
async function inEachPair(parties: Parties, prepare: Prepare, ofFirst: readonly Statement[]): Promise<void> {
  const ofSecond = await statementsOf(parties[0], (await prepare()).asking[1])
  const each = Array.from(ofSecond.keys(), (index) => index + 1)
  for (const first of new Set([1, ...someOf(stopsIn(ofFirst))])) {
    for (const second of someOf(first === 1 ? each : stopsIn(ofSecond))) {
      if (!(await contested(parties, await prepare(), [first, second]))) break
    }
  }
}

/** Of a request with more statements these are spread evenly over all of them, the same in each run. */
const MOST_STOPS = 8

/** At most so many of the stops, at even distances. */
function someOf(stops: readonly number[]): readonly number[] {
  if (stops.length <= MOST_STOPS) return stops
  return Array.from({ length: MOST_STOPS }, (_, index) => {
    return stops[Math.floor(((index + 0.5) * stops.length) / MOST_STOPS)]!
  })
}

/** Each statement in a transaction, each write, and the last of reads in a row; none of those at the end, which nothing follows. */
function stopsIn(statements: readonly Statement[]): number[] {
  const last = statements.findLastIndex(({ isLoneRead }) => !isLoneRead)
  const counts = (index: number): boolean => !statements[index]?.isLoneRead || !statements[index + 1]?.isLoneRead
  return Array.from({ length: last + 1 }, (_, index) => index)
    .filter(counts)
    .map((index) => index + 1)
}

/** Returns whether each request was stopped after its statement. */
async function contested(parties: Parties, contest: Contest, at: readonly [number, number]): Promise<boolean> {
  const { replies, bothStood } = await interleave(parties, contest.asking, at)
  try {
    if (contest.one) assertOneOf(replies, contest.one.success, contest.one.refusals)
    await contest.assertAfter(replies)
  } catch (error) {
    throw new Error(`stopped after statement ${at.join(' and ')}`, { cause: error })
  }
  await parties[0].server.doorward.db.deleteFrom('throttle_bucket').execute()
  return bothStood
}

type Counts = Awaited<ReturnType<typeof countsIn>>

/** The number of sessions, and of consumed attempts and recovery codes. */
export async function countsIn({ doorward: { db } }: Server) {
  const count = async (table: 'session' | 'attempt' | 'recovery_code'): Promise<number> => {
    const all = db.selectFrom(table).select('id')
    const consumed = table === 'session' ? all : all.where('consumed_at' as never, 'is not', null)
    return (await consumed.execute()).length
  }
  return { sessions: await count('session'), attempts: await count('attempt'), codes: await count('recovery_code') }
}

export async function assertGrown(server: Server, before: Counts, by: Partial<Counts>): Promise<void> {
  const { sessions, attempts, codes } = await countsIn(server)
  const grown = {
    sessions: sessions - before.sessions,
    attempts: attempts - before.attempts,
    codes: codes - before.codes,
  }
  assert.deepEqual(grown, { sessions: 1, attempts: 0, codes: 0, ...by })
}
