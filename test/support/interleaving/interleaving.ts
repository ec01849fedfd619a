// Two requests at two nodes, stopped between their statements: the order of the statements is fixed by the test, not by chance.
import type { InjectOptions } from 'fastify'
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import type { App } from '#foundation/web/http/app.ts'
import { firstAdmin, newcomer, type Person, type Reply } from '../people/people.ts'
import { claimed, exhaustive } from '../runner/scope.ts'
import { assertOneOf } from '../server/nodes.ts'
import { newInstallation, type Server } from '../server/start.ts'
import { OtherProcess } from './node-process.ts'
import { Barrier, openStopped, type Stoppable } from './stoppable-server.ts'

export interface Party {
  /** The node that gets the request. */
  readonly server: Server
  readonly barrier: Stoppable
  /** Yields the processor to this node. */
  readonly pause: () => Promise<unknown>
}

/** The first node runs in this process, and its statements are counted. */
export type Parties = readonly [Party & { readonly barrier: Barrier }, Party]

/** Two nodes of one server, in two processes, each with a barrier. */
export async function twoParties(
  t: TestContext,
  dialect: Dialect,
  settings: Readonly<Record<string, string>> = {},
): Promise<Parties> {
  const installation = await newInstallation(t, dialect)
  const barrier = new Barrier()
  const server = await openStopped(installation, barrier, settings)
  const other = await OtherProcess.start(installation, settings)
  // Both are closed even if one fails: a node that is left open would keep the test from ending.
  t.after(async () => {
    const ends = await Promise.allSettled([other.end(), server.close()])
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  })
  const app = { inject: (request: InjectOptions) => other.inject(request) } as App
  return [
    { server, barrier, pause: () => setImmediate() },
    { server: { ...server, app }, barrier: other, pause: () => setTimeout(1) },
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
): Promise<Scene> {
  const parties = await twoParties(t, dialect, settings)
  const { server } = parties[0]
  const root = await (await firstAdmin(server)).signsIn()
  return { parties, server, root, ada: await (await newcomer(root, 'ada')).signsIn() }
}

export type Asking = (server: Server) => Promise<Reply>

/** The number of statements of a request after which it can be stopped. */
async function statementsOf({ server, barrier }: Parties[0], asking: Asking): Promise<number> {
  barrier.stopAfter(Infinity)
  await asking(server)
  return barrier.statements
}

/**
 * Runs the first request to its statement `at[0]`; then the second to its statement `at[1]`, to its end, or until it waits for
 * a lock of the first; then the first to its end, or until it waits for a lock; then both to their ends.
 */
async function interleave(
  [one, other]: Parties,
  asking: readonly [Asking, Asking],
  at: readonly [number, number],
): Promise<readonly [Reply, Reply]> {
  one.barrier.stopAfter(at[0])
  const first = watched(asking[0](one.server))
  await stands(one, first)
  other.barrier.stopAfter(at[1])
  const second = watched(asking[1](other.server))
  await stands(other, second)
  one.barrier.goOn()
  await stands(one, first)
  other.barrier.goOn()
  return Promise.all([first.reply, second.reply])
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

/** Resolves when the request has ended, is stopped at its barrier, or waits for a lock. */
async function stands({ server, barrier, pause }: Party, asked: Watched): Promise<void> {
  while (!asked.ended && !barrier.waits && !(await waitsForLock(server, barrier))) await pause()
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

/** Runs the two requests in every order. */
export async function inEveryOrder(parties: Parties, steps: Steps, prepare: Prepare): Promise<void> {
  const length = await statementsOf(parties[0], (await prepare()).asking[0])
  assert.ok(length >= 4, 'there is hardly anything to stop after')
  const lengthOfOther = steps === 'each pair' ? await statementsOf(parties[0], (await prepare()).asking[1]) : 0
  const stops = steps === 'each pair' ? Array.from({ length: lengthOfOther + 1 }, (_, index) => index + 1) : [Infinity]
  for (let first = 1; first <= length; first++) {
    for (const second of stops) await contested(parties, await prepare(), [first, second])
  }
}

async function contested(parties: Parties, contest: Contest, at: readonly [number, number]): Promise<void> {
  const replies = await interleave(parties, contest.asking, at)
  try {
    if (contest.one) assertOneOf(replies, contest.one.success, contest.one.refusals)
    await contest.assertAfter(replies)
  } catch (error) {
    throw new Error(`stopped after statement ${at.join(' and ')}`, { cause: error })
  }
  await parties[0].server.doorward.db.deleteFrom('throttle_bucket').execute()
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
