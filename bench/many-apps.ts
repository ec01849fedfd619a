// Measures a thousand apps with a million grants on either engine: the lists and pages that show them, and the exchange of a code.
import { join } from 'node:path'

import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor, type With } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { hours } from '#foundation/kernel/time.ts'
import { isPostgres } from '#foundation/platform/config/database-url.ts'
import { openPostgres } from '#foundation/platform/database/postgres/postgres.ts'
import { encodeCursor } from '#foundation/web/http/pagination.ts'
import { LARGE_APP, SMALL_APP } from '#test/support/databases/grown-apps.ts'
import { growDatabase } from '#test/support/databases/grown-database.ts'
import { startPostgres } from '#test/support/databases/postgres-server.ts'
import { say } from '../scripts/say.mjs'
import { measureAppRequests, type PreparedApps, prepareApps, PUBLIC_URL } from './apps.ts'
import { HASH, openWithSettings } from './people.ts'
import { type Program, startDoorward } from './programs.ts'
import type { Row } from './table.ts'
import { type BothSessions, insertAdmin, sessionsOf, type TimedRequest, timeRequests } from './timed-requests.ts'

interface ManyAppsBench {
  readonly users: number
  readonly apps: number
  readonly grants: number
  readonly rounds: number
  readonly folder: string
}

/** How long a request may wait beside the end of many sign-ins, in milliseconds. */
const MOST_DELAY = 50

export async function measureManyApps(bench: ManyAppsBench): Promise<Row[]> {
  const sqlite = await measureEngine('SQLite', bench, `sqlite:${join(bench.folder, 'many-apps.db')}`)
  const server = await startPostgres()
  try {
    return [...sqlite, ...(await measureEngine('PostgreSQL', bench, server.url))]
  } finally {
    await server.stop()
  }
}

async function measureEngine(engine: string, bench: ManyAppsBench, url: string): Promise<Row[]> {
  const { apps, grants, rounds, folder } = bench
  say(`${engine}: writing ${apps} apps and ${grants} grants`)
  const settings = { data_dir: join(folder, `many-apps-${engine}`), database_url: url }
  const prepared = await prepareApps(settings)
  const grown = await grow(bench, settings)
  const program = await startDoorward({ ...settings, public_url: PUBLIC_URL })
  try {
    const asAdmin = await timeRequests(engine, rounds, { url: program.url, sessions: grown.admin }, ofAdmin(grown))
    const asUser = await timeRequests(engine, rounds, { url: program.url, sessions: grown.user }, OF_USER)
    const asApps = await exchanges(engine, rounds, program, prepared)
    return [...asAdmin, ...asUser, ...asApps, await endSignIns(engine, program, grown)]
  } finally {
    await program.stop()
  }
}

interface Grown {
  readonly admin: BothSessions
  /** A user who has signed in to apps in two other sessions. */
  readonly user: BothSessions
  readonly userId: number
}

async function grow(
  { users, apps: count, grants }: ManyAppsBench,
  settings: Readonly<Record<'data_dir' | 'database_url', string>>,
): Promise<Grown> {
  await using doorward = await openWithSettings(settings)
  const db = isPostgres(settings.database_url)
    ? openPostgres(Secret.of(settings.database_url), { statementWithin: hours(1) })
    : doorward.db
  const ctx = contextFor(doorward, OPERATOR)
  await growDatabase(db, { users, events: 1000, hash: HASH, apps: { count, grants } }, ctx.now)
  if (db !== doorward.db) await db.destroy()
  const user = await userWithApps(ctx)
  return { admin: await insertAdmin(ctx), user: await sessionsOf(ctx, user), userId: user.id }
}

/** A user who can be signed in, and has signed in to apps. */
async function userWithApps(ctx: With<'db'>): Promise<User> {
  const { subject } = await ctx.db
    .selectFrom('client_grant')
    .innerJoin('users', 'users.subject', 'client_grant.subject')
    .select('client_grant.subject')
    .where('client_id', '=', LARGE_APP)
    .where('revoked_at', 'is', null)
    .where('second_factor_at', 'is not', null)
    .orderBy('last_used_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const user = await findUser(ctx, subject)
  if (user === undefined) throw new Error(`There is no user ${subject}`)
  return user
}

function ofAdmin({ userId }: Grown): (readonly [path: string, request: TimedRequest])[] {
  const paths = [
    '/apps',
    '/apps?limit=200',
    `/apps?cursor=${encodeCursor('app 950')}`,
    '/apps?q=77',
    '/apps?q=nothing',
    `/apps/${SMALL_APP}`,
    `/apps/${LARGE_APP}`,
    '/admin/apps',
    '/admin/apps?q=77',
    `/admin/apps/${SMALL_APP}`,
    `/admin/apps/${LARGE_APP}`,
    `/admin/users/${userId}`,
    '/admin/checkup',
  ]
  return paths.map((path) => [path, {}])
}

const OF_USER = ['/users/me/sessions', '/account/security'].map((path) => [path, {}] as const)

async function exchanges(engine: string, rounds: number, program: Program, prepared: PreparedApps): Promise<Row[]> {
  const rows = await measureAppRequests(rounds, program, prepared)
  return rows.map((row) => ({ ...row, what: `${engine}: ${row.what}` }))
}

/** Ends the sign-ins of the app with most of them, and asks who a user is again and again meanwhile. */
async function endSignIns(engine: string, { url }: Program, { admin, user }: Grown): Promise<Row> {
  const as = ({ bearer }: BothSessions) => ({ headers: { authorization: `Bearer ${bearer}` } })
  const begun = performance.now()
  let isOver = false
  const ending = fetch(`${url}/apps/${LARGE_APP}/grants`, { method: 'DELETE', ...as(admin) }).finally(
    () => (isOver = true),
  )
  let longest = 0
  while (!isOver) {
    const asked = performance.now()
    await (await fetch(`${url}/users/me`, as(user))).text()
    longest = Math.max(longest, performance.now() - asked)
  }
  const answer = await ending
  const { ended } = (await answer.json()) as { ended: number }
  const what = `${engine}: who am I beside the end of ${ended} sign-ins to one app, the longest, ms`
  const note = `it took ${(performance.now() - begun).toFixed(0)} ms`
  return { what, measured: longest, target: MOST_DELAY, better: 'less', note }
}
