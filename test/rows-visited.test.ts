// The cost of an administrator's reads must not grow with the server: the test counts rows and steps, and measures no time.
import assert from 'node:assert/strict'
import { StatementSync } from 'node:sqlite'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { sql } from 'kysely'

import { listNamedEvents } from '../src/use-cases/administration/audit/events.service.ts'
import { checkUp } from '../src/use-cases/administration/health/health.service.ts'
import { readOverview } from '../src/use-cases/administration/dashboard/overview.service.ts'
import { listUsers, tallyUsers, pageUsers } from '../src/use-cases/administration/users/user-list.service.ts'
import { invitationEnds } from '../src/use-cases/administration/invitations/invitation.service.ts'
import { USER_SORTS } from '../src/use-cases/administration/users/user-list.ts'
import type { UserListing } from '../src/use-cases/administration/users/user-list.ts'
import type { Context } from '../src/foundation/context.ts'
import { days } from '../src/foundation/kernel/time.ts'
import type { Dialect } from '../src/foundation/platform/database/dialect.ts'
import { sessionPolicy } from '../src/domain/policies/policy.service.ts'
import { deleteExpiredSessions } from '../src/domain/sessions/session.service.ts'
import { wholeContext } from './support/people/principals.ts'
import { newDatabase } from './support/databases/each-database.ts'
import { growDatabase } from './support/databases/grown-database.ts'

const HASH = '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA'
const SIZES = [20_000, 40_000] as const
/** A read that visits every user visits twice as many among twice as many users. */
const MOST_GROWTH = 1.5
/** Below this number of rows growth does not count: one row more would be a large share. */
const FEW = 200

const FIRST: UserListing = { order: { by: 'username', descending: false }, limit: 50, after: null }

type Reads = Readonly<Record<string, (ctx: Context) => Promise<unknown>>>

const LISTS: Reads = Object.fromEntries(
  USER_SORTS.flatMap((by) =>
    [false, true].flatMap((descending) =>
      [undefined, 'active', 'invited', 'no-factor', 'disabled'].map((status) => {
        const listing = { ...FIRST, order: { by, descending }, status } as UserListing
        return [`users by ${by}, ${descending ? 'down' : 'up'}, ${status ?? 'all'}`, (ctx) => listUsers(ctx, listing)]
      }),
    ),
  ),
)

/** A term is common if more users match it than are looked up and sorted. */
const USERS: Reads = {
  'a second page': async (ctx) => {
    const { next } = await pageUsers(ctx, FIRST, null)
    return pageUsers(ctx, FIRST, next && { place: next, backwards: false })
  },
  admins: (ctx) => listUsers(ctx, { ...FIRST, role: 'admin' }),
  'admins who are active': (ctx) => listUsers(ctx, { ...FIRST, role: 'admin', status: 'active' }),
  'users who are no admins': (ctx) => listUsers(ctx, { ...FIRST, role: 'user' }),
  'users with a passkey': (ctx) => listUsers(ctx, { ...FIRST, status: 'active', secondFactor: 'passkey' }),
  'what no user matches': (ctx) => listUsers(ctx, { ...FIRST, status: 'active', secondFactor: 'none' }),
  'a rare term': (ctx) => listUsers(ctx, { ...FIRST, q: 'person 9999' }),
  'a common term': (ctx) => listUsers(ctx, { ...FIRST, q: 'example' }),
  'a common term among the disabled': (ctx) => listUsers(ctx, { ...FIRST, q: 'example', status: 'disabled' }),
  'a term that no user matches': (ctx) => listUsers(ctx, { ...FIRST, q: 'zzzz' }),
  'a short term': (ctx) => listUsers(ctx, { ...FIRST, q: 'zz' }),
  'how many users there are': (ctx) => tallyUsers(ctx, undefined),
  'how many a rare term finds': (ctx) => tallyUsers(ctx, 'person 9999'),
  'how many a common term finds': (ctx) => tallyUsers(ctx, 'example'),
  'the invited and their invitations': async (ctx) =>
    invitationEnds(ctx, (await listUsers(ctx, { ...FIRST, status: 'invited' })).items),
}

const eventsOf = (filter: Partial<Parameters<typeof listNamedEvents>[1]>) => (ctx: Context) =>
  listNamedEvents(ctx, { ...filter, limit: 50 })

const EVENTS: Reads = {
  'the newest events': eventsOf({}),
  'a rare event': eventsOf({ action: 'user.deleted' }),
  'an event that never happened': eventsOf({ action: 'database.upgraded' }),
  'what was refused': eventsOf({ result: 'refused' }),
  'events of or about a user': eventsOf({ about: '5' }),
  'one action about a user': eventsOf({ about: '5', action: 'user.changed' }),
  'refusals of a user': eventsOf({ actor: '5', result: 'refused' }),
  'events from an address': eventsOf({ address: '0.0.0.77' }),
  'events from a network': eventsOf({ address: '0.0.0.0/28' }),
  'a rare event in some days': (ctx) =>
    eventsOf({ action: 'user.deleted', since: ctx.now - days(90), until: ctx.now - days(80) })(ctx),
}

const READS: Reads = {
  ...LISTS,
  ...USERS,
  ...EVENTS,
  'the overview': readOverview,
  'the check-up': checkUp,
  'the sweep of old sessions': (ctx) => deleteExpiredSessions(ctx, sessionPolicy(ctx)),
}

type Visits = Readonly<Record<string, number>>
type Count = (ctx: Context, read: () => Promise<unknown>) => Promise<number>

async function visitsAmong(t: TestContext, engine: Dialect, count: Count, users: number): Promise<Visits> {
  const { db } = await newDatabase(t, engine)
  const ctx = await wholeContext(t, db)
  await growDatabase(db, { users, events: users, hash: HASH }, ctx.now)
  const visits: Record<string, number> = {}
  for (const [name, read] of Object.entries(READS)) {
    visits[name] = await db.transact(async (trx) => {
      // PostgreSQL scans so few rows sequentially where it would use an index among a million; without an index it still scans.
      if (engine === 'postgres') await sql`set local enable_seqscan = off`.execute(trx)
      const inside = { ...ctx, db: trx }
      return count(inside, () => read(inside))
    })
  }
  return visits
}

async function findGrowth(t: TestContext, engine: Dialect, count: Count): Promise<string[]> {
  const [few, many] = SIZES
  const [before, after] = [await visitsAmong(t, engine, count, few), await visitsAmong(t, engine, count, many)]
  return Object.keys(READS).flatMap((name) => {
    const [less = 0, more = 0] = [before[name], after[name]]
    return more > MOST_GROWTH * less + FEW ? [`${name}: ${less}, ${more}`] : []
  })
}

test('on PostgreSQL no read of an administrator visits more rows among more users and events', async (t) => {
  const visited = async ({ db }: Context): Promise<number> => {
    const { rows } = await sql<{ rows: number }>`
      select cast(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as bigint) as rows
      from pg_stat_xact_user_tables`.execute(db)
    return rows[0]?.rows ?? 0
  }
  const grown = await findGrowth(t, 'postgres', async (ctx, read) => {
    const before = await visited(ctx)
    await read()
    return (await visited(ctx)) - before
  })
  assert.deepEqual(grown, [])
})

// Node reports the steps of a statement since version 26.
if ('stat' in StatementSync.prototype) {
  test('on SQLite no read of an administrator takes more steps among more users and events', async (t) => {
    const counted = countSteps(t)
    const grown = await findGrowth(t, 'sqlite', async (_, read) => {
      const before = counted.steps
      await read()
      return counted.steps - before
    })
    assert.deepEqual(grown, [])
  })
}

interface Statement {
  all(...values: unknown[]): unknown[]
  stat(name: string): number
  resetStats(): void
}

/** Counts the work of every statement of this process from now on. */
function countSteps(t: TestContext): { steps: number } {
  const counted = { steps: 0 }
  const prototype = StatementSync.prototype as unknown as Statement
  // Called below with the statement as `this`.
  // oxlint-disable-next-line typescript/unbound-method
  const { all } = prototype
  prototype.all = function (this: Statement, ...values) {
    this.resetStats()
    const rows = all.apply(this, values)
    counted.steps += this.stat('vmStep')
    return rows
  }
  t.after(() => (prototype.all = all))
  return counted
}
