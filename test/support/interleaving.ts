// Two requests at two nodes, stopped between their statements: who goes on when is written in a script, not left to chance.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { sql } from 'kysely'
import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs } from 'kysely'

import { buildApp } from '../../src/http/app.ts'
import type { Dialect } from '../../src/platform/database/dialect.ts'
import { TestClock } from './clock.ts'
import { temporaryFolder } from './databases.ts'
import { newDatabaseUrl } from './each-database.ts'
import { assertOneOf } from './nodes.ts'
import type { Reply } from './people.ts'
import { start } from './start.ts'
import type { Server } from './start.ts'

/** Stops whoever uses it after a given statement, until told to go on. */
class Barrier implements KyselyPlugin {
  #stopAfter = Infinity
  #gate = Promise.withResolvers<void>()
  #last = ''
  statements = 0
  /** Stands at the statement it was to stop after. */
  waits = false
  /** Says the same statement again and again, as SQLite's writers do while another one has the file. */
  repeats = false

  stopAfter(statement: number): void {
    this.#stopAfter = statement
    this.#gate = Promise.withResolvers()
    this.statements = 0
    this.waits = false
  }

  goOn(): void {
    this.#stopAfter = Infinity
    this.waits = false
    this.#gate.resolve()
  }

  hear(text: string): void {
    this.repeats = text === this.#last
    this.#last = text
  }

  transformQuery({ node }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    return node
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    this.statements += 1
    this.#last = ''
    this.repeats = false
    if (this.statements === this.#stopAfter) {
      this.waits = true
      await this.#gate.promise
    }
    return result
  }
}

export interface Party {
  readonly server: Server
  readonly barrier: Barrier
}

export type Parties = readonly [Party, Party]

/** Two nodes of one server, on connections of their own, that can be stopped. */
export async function twoParties(t: TestContext, dialect: Dialect): Promise<Parties> {
  const place = {
    databaseUrl: await newDatabaseUrl(t, dialect),
    dataDir: await temporaryFolder(t),
    clock: new TestClock(),
  }
  return [await newParty(t, place), await newParty(t, place)]
}

async function newParty(
  t: TestContext,
  place: { readonly databaseUrl: string; readonly dataDir: string; readonly clock: TestClock },
): Promise<Party> {
  const barrier = new Barrier()
  const server = await start(t, { ...place, onStatement: (text) => barrier.hear(text) })
  const { db } = server.doorward
  // What a power cut takes is another test's matter, and the disk is slow.
  if (place.databaseUrl.startsWith('sqlite:')) await sql`pragma synchronous = off`.execute(db)
  const app = await buildApp({ ...server.doorward, db: db.withPlugin(barrier) })
  t.after(() => app.close())
  return { server: { ...server, app }, barrier }
}

export type Asking = (server: Server) => Promise<Reply>

/** How many statements of a request can be stopped after. */
async function statementsOf({ server, barrier }: Party, asking: Asking): Promise<number> {
  barrier.stopAfter(Infinity)
  await asking(server)
  return barrier.statements
}

/**
 * The first stops after its statement `at[0]`; then the second goes as far as `at[1]`, to its end, or to where it has to
 * wait for the first; then the first goes to its end, or to where it has to wait; then both end.
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

/** Resolves when it has ended, stands at its barrier, or waits for a lock. */
async function stands({ server, barrier }: Party, asked: Watched): Promise<void> {
  while (!asked.ended && !barrier.waits && !(await waitsForLock(server, barrier))) await setImmediate()
}

async function waitsForLock({ databaseUrl, doorward }: Server, barrier: Barrier): Promise<boolean> {
  if (databaseUrl.startsWith('sqlite:')) return barrier.repeats
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(doorward.db)
  return rows.length > 0
}

export interface Contest {
  readonly asking: readonly [Asking, Asking]
  readonly success: number
  readonly refusals: readonly number[]
  /** What must be true afterwards of what they wrote. */
  readonly settled: (replies: readonly [Reply, Reply]) => Promise<void>
}

/** Makes what is fought for, anew for each time. */
export type Prepare = () => Promise<Contest>

/** How far apart the places are where the second is stopped: each pair of steps where a contest is quickly prepared. */
export type Steps = 'each pair' | 'each against the whole'

export async function inEveryOrder(parties: Parties, prepare: Prepare, steps: Steps = 'each pair'): Promise<number> {
  const { asking } = await prepare()
  const length = await statementsOf(parties[0], asking[0])
  assert.ok(length >= 4, 'there is hardly anything to stop after')
  let orders = 0
  for (let first = 1; first <= length; first++) {
    const stops = steps === 'each pair' ? Array.from({ length: length + 1 }, (_, index) => index + 1) : [Infinity]
    for (const second of stops) {
      await contested(parties, await prepare(), [first, second])
      orders += 1
    }
  }
  return orders
}

async function contested(parties: Parties, contest: Contest, at: readonly [number, number]): Promise<void> {
  const replies = await interleave(parties, contest.asking, at)
  try {
    assertOneOf(replies, contest.success, contest.refusals)
    await contest.settled(replies)
  } catch (error) {
    throw new Error(`stopped after statement ${at.join(' and ')}`, { cause: error })
  }
  await parties[0].server.doorward.db.deleteFrom('throttle_bucket').execute()
}

export interface Counts {
  readonly sessions: number
  readonly attempts: number
  readonly codes: number
}

/** How many sessions there are, and how much was spent. */
export async function countsIn({ doorward: { db } }: Server): Promise<Counts> {
  const count = async (table: 'session' | 'attempt' | 'recovery_code'): Promise<number> => {
    const all = db.selectFrom(table).select('id')
    const spent = table === 'session' ? all : all.where('consumed_at' as never, 'is not', null)
    return (await spent.execute()).length
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
