// The cost of an administrator's reads must not grow with the server: the test counts rows and steps, and measures no time.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { StatementSync } from 'node:sqlite'
import type { TestContext } from 'node:test'

import { sessionsToCheck } from '#domain/grants/checked-session.service.ts'
import { unmetUses } from '#domain/grants/client-access.service.ts'
import { deleteExpiredGrants, resolveGrant } from '#domain/grants/grant.service.ts'
import { listSessionsWithApps } from '#domain/grants/idle-session.service.ts'
import { deleteExpiredTokens } from '#domain/grants/token.service.ts'
import { deleteExpiredNotices } from '#domain/notices/notice.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { sessionPolicy } from '#domain/policies/policy.service.ts'
import { deleteExpiredSessions, resolveSessionsById } from '#domain/sessions/session.service.ts'
import type { Context } from '#foundation/context.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { listNamedEvents } from '#use-cases/administration/audit/events.service.ts'
import { listApps, readApp } from '#use-cases/administration/clients/clients.service.ts'
import { readOverview } from '#use-cases/administration/dashboard/overview.service.ts'
import { checkUp } from '#use-cases/administration/health/health.service.ts'
import { lastInvitations } from '#use-cases/administration/invitations/invitation.service.ts'
import { proposedPlan, storedPlan, summarizePlan } from '#use-cases/administration/policy-rollout/plan.service.ts'
import { remindOfPolicies } from '#use-cases/administration/policy-rollout/reminder.service.ts'
import { listUsers, pageUsers, tallyUsers } from '#use-cases/administration/users/user-list.service.ts'
import { USER_SORTS, type UserListing } from '#use-cases/administration/users/user-list.ts'
import { newDatabase } from './support/databases/each-database.ts'
import { SMALL_APP } from './support/databases/grown-apps.ts'
import { growDatabase } from './support/databases/grown-database.ts'
import { temporaryFolder } from './support/databases/temporary.ts'
import { wholeContext } from './support/people/principals.ts'
import { storePolicyVersion } from './support/policies/stored-policies.ts'
import { leaveToTestAll, test } from './support/runner/scope.ts'

const HASH = '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA'
/** Both above the numbers from which lists and groups are read in another way (5,000). */
const SIZES = [10_000, 20_000] as const
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
    return pageUsers(ctx, FIRST, next && { position: next, backwards: false })
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
    lastInvitations(ctx, (await listUsers(ctx, { ...FIRST, status: 'invited' })).items),
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

/** Each app but the first by name has as many grants as among fewer users: those of a page are counted. */
const APPS: Reads = {
  'a page of apps': (ctx) => listApps(ctx, { after: 'app 1', limit: 20 }),
  'apps with a common part of a name': (ctx) => listApps(ctx, { q: '2', limit: 10 }),
  'an app': (ctx) => readApp(ctx, SMALL_APP),
  'a token of an app': async (ctx) => {
    const { grantId } = await someGrant(ctx)
    return resolveGrant(ctx, { grantId, isOffline: false }, sessionRules(ctx))
  },
  'the sessions of a user of apps': async (ctx) =>
    listSessionsWithApps(ctx, (await someGrant(ctx)).subject, { idle: 1, absolute: days(1), touchEvery: 1 }),
  'the sessions at apps that may have ended by time': async (ctx) => {
    const due = await sessionsToCheck(ctx)
    assert.notDeepEqual(due, [])
    const ids = due.map(({ sessionId }) => sessionId)
    await resolveSessionsById(ctx, ids, sessionRules(ctx))
    return unmetUses(ctx, [{ clientId: SMALL_APP, user: { subject: due[0]?.subject ?? '', role: 'user' } }])
  },
  'the sweep of ended grants': deleteExpiredGrants,
  'the sweep of expired tokens': deleteExpiredTokens,
}

function someGrant({ db, now }: Context): Promise<{ readonly grantId: string; readonly subject: string }> {
  return db
    .selectFrom('client_grant')
    .select(['id as grantId', 'subject'])
    .where('client_id', '=', SMALL_APP)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .limit(1)
    .executeTakeFirstOrThrow()
}

const READS: Reads = {
  ...LISTS,
  ...USERS,
  ...EVENTS,
  ...APPS,
  'the overview': readOverview,
  'the check-up': checkUp,
  'the sweep of old sessions': (ctx) => deleteExpiredSessions(ctx, sessionPolicy(ctx)),
  'the sweep of old notices': deleteExpiredNotices,
  'the plan of a policy for everyone': async (ctx) => summarizePlan(ctx, await storedPlan(ctx, 'all')),
  'the plan of one for the role of most users': async (ctx) => {
    const policy = { scope: 'role', scopeRef: 'user' } as const
    return summarizePlan(ctx, await proposedPlan(ctx, { policy, terms: PASSKEYS, at: ctx.now }))
  },
}

const PASSKEYS = { secondFactor: 'phishing-resistant', factors: null } as const

type Visits = Readonly<Record<string, number>>
type Count = (ctx: Context, read: () => Promise<unknown>) => Promise<number>

async function visitsAmong(t: TestContext, engine: Dialect, count: Count, users: number): Promise<Visits> {
  const { db } = await newDatabase(t, engine)
  const ctx = await wholeContext(t, db)
  const apps = { count: users / 200, grants: users / 4 }
  await growDatabase(db, { users, events: users, hash: HASH, apps }, ctx.now)
  await deleteExpiredTokens(ctx)
  await addEndedNotice(ctx)
  await leaveFewDue(ctx)
  await storePolicyVersion(db, { id: 'all', ...PASSKEYS })
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

/** The users whose review is due are asked for once a notice has ended. */
async function addEndedNotice({ db }: Context): Promise<void> {
  const notice = { id: 'ended', subject: '5'.padStart(32, '0'), kind: 'new-device', position: 1 } as const
  await db
    .insertInto('notice')
    .values({ ...notice, created_at: 0, expires_at: 1 })
    .execute()
}

/** Of the sessions at apps, those of one user are due to be checked. The others are due later. */
async function leaveFewDue(ctx: Context): Promise<void> {
  const { subject } = await someGrant(ctx)
  const rows = ctx.db.updateTable('client_session').set({ check_at: ctx.now + hours(1) })
  await rows.where('subject', '<>', subject).execute()
}

async function findGrowth(t: TestContext, engine: Dialect, count: Count): Promise<string[]> {
  const [few, many] = SIZES
  const [before, after] = [await visitsAmong(t, engine, count, few), await visitsAmong(t, engine, count, many)]
  return Object.keys(READS).flatMap((name) => {
    const [less = 0, more = 0] = [before[name], after[name]]
    return more > MOST_GROWTH * less + FEW ? [`${name}: ${less}, ${more}`] : []
  })
}

// Node reports the steps of a statement since version 26.
if ('stat' in StatementSync.prototype) {
  test('on SQLite no read of an administrator takes more steps among more users, events and grants', async (t) => {
    const counted = countSteps(t)
    const grown = await findGrowth(t, 'sqlite', async (_, read) => {
      const before = counted.steps
      await read()
      return counted.steps - before
    })
    assert.deepEqual(grown, [])
  })

  test('on SQLite no transaction of a reminder takes more steps among more users', async (t) => {
    const counted = countSteps(t)
    const stepsAmong = async (users: number): Promise<number> => {
      const { db } = await newDatabase(t, 'sqlite')
      const ctx = { ...(await wholeContext(t, db)), config: await configWithMail(t) }
      await growDatabase(db, { users, events: 1, hash: HASH }, ctx.now)
      // All but the last of them have what the policy asks for.
      await db.updateTable('users').set({ second_factor_at: 1, email_verified_at: 1 }).execute()
      const last = { second_factor_at: null, passkey_at: null }
      await db.updateTable('users').set(last).where('id', '=', users).execute()
      await storePolicyVersion(db, { id: 'all', secondFactor: 'optional' })
      const deadline = { secondFactor: 'required', from: ctx.now + days(20) } as const
      await storePolicyVersion(db, { id: 'all', version: 2, ...deadline })
      const before = counted.inTransactions
      await remindOfPolicies(ctx, new AbortController().signal)
      assert.equal((await db.selectFrom('outbox').select('id').execute()).length, 1)
      return counted.inTransactions - before
    }
    const [few, many] = SIZES
    const [less, more] = [await stepsAmong(few), await stepsAmong(many)]
    assert.ok(more <= MOST_GROWTH * less, `${less}, ${more}`)
  })
}

/** Nothing is sent: this test reads the outbox. */
const MAIL_ON = { mail_host: '127.0.0.1', mail_port: '1', mail_tls: 'none', mail_from: 'doorward@example.org' }

async function configWithMail(t: TestContext) {
  const flags = { data_dir: await temporaryFolder(t), ...MAIL_ON }
  return loadConfig({ flags, env: {}, readFile: () => undefined }).config
}

interface Statement {
  readonly sourceSQL: string
  all(...values: unknown[]): unknown[]
  run(...values: unknown[]): unknown
  stat(name: string): number
  resetStats(): void
}

interface Steps {
  steps: number
  /** Those of them that were taken in a transaction, which all other writers wait for. */
  inTransactions: number
}

/** Counts the work of every statement of this process from now on. */
function countSteps(t: TestContext): Steps {
  const counted = { steps: 0, inTransactions: 0 }
  let isInside = false
  const prototype = StatementSync.prototype as unknown as Statement
  // Called below with the statement as `this`.
  // oxlint-disable-next-line typescript/unbound-method
  const { all, run } = prototype
  const counting = (work: (this: Statement, ...values: unknown[]) => unknown) =>
    function (this: Statement, ...values: unknown[]) {
      if (/^(?:begin|commit|rollback)/.test(this.sourceSQL)) isInside = this.sourceSQL.startsWith('begin')
      this.resetStats()
      const done = work.apply(this, values)
      const steps = this.stat('vmStep')
      counted.steps += steps
      if (isInside) counted.inTransactions += steps
      return done
    }
  prototype.all = counting(all) as Statement['all']
  prototype.run = counting(run)
  t.after(() => Object.assign(prototype, { all, run }))
  return counted
}

leaveToTestAll()

test('on PostgreSQL no read of an administrator visits more rows among more users, events and grants', async (t) => {
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
