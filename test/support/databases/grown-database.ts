// Fills a database to a realistic size: users, sessions and audit events by a few statements, the same on both engines.
import { sql } from 'kysely'

import { days, hours, type Instant } from '#foundation/kernel/time.ts'
import { type Database, withEngine } from '#foundation/platform/database/database.ts'
import { type AppsSize, growApps } from './grown-apps.ts'
import { growGroups } from './grown-groups.ts'
import { hex, idAt, inChunks, numbers, type Part, type Span } from './numbered-rows.ts'

export interface GrowthSize {
  readonly users: number
  readonly events: number
  /** The password hash of all users, except those with the hash of another scheme. */
  readonly hash: string
  /** Groups of a similar size, each user in four of them, besides two groups of a fifth of all users; none if left out. */
  readonly groups?: number
  /** Apps, and what users got in them; none if left out. */
  readonly apps?: AppsSize
}

const GIVEN = 'ada ben cleo dan eva finn gus hana ida jon kai lea max nia otto pia quin rosa sam tess'.split(' ')
const SURNAMES =
  'hanson meyer rossi novak silva okoro tanaka larsen dubois petrov kim jonsson garcia adler brandt'.split(' ')

/**
 * Fills a database. Of a thousand users 5 are disabled, 100 invited, 100 have no second factor, and 20 have the hash of another
 * scheme; a user without a second factor has never signed in. The events are spread evenly over a year, six of ten of them
 * sign-ins; one user in ten has an open session.
 */
export async function growDatabase(database: Database, size: GrowthSize, now: Instant): Promise<void> {
  const { users, events, groups, apps } = size
  await database.connection().execute(async (connection) => {
    const db = withEngine(connection, database)
    // Building an index of some million rows takes longer than the statement timeout of requests.
    if (db.dialect === 'postgres') await sql`set statement_timeout = 0`.execute(db)
    else await sql`pragma cache_size = -500000`.execute(db)
    await inChunks(users, (first, last) => insertUsers(db, size, now, [first, last]))
    if (groups !== undefined) await growGroups(db, groups, now)
    if (apps !== undefined) await growApps(db, apps, users, now)
    await inChunks(Math.floor(users / 10), (first, last) => insertSessions(db, now, [first, last]))
    await withoutIndexes(db, () => inChunks(events, (first, last) => insertEvents(db, size, now, [first, last])))
    if (db.dialect === 'postgres') await sql`vacuum (analyze)`.execute(db)
  })
}

/** Builds the indexes of events after the insert, which takes a tenth of the time. */
async function withoutIndexes(db: Database, fill: () => Promise<void>): Promise<void> {
  const { rows: indexes } = await (
    db.dialect === 'postgres'
      ? sql<Index>`
        select indexname as name, indexdef as text from pg_indexes
        where tablename = 'audit_event' and indexname <> 'audit_event_pkey'`
      : sql<Index>`select name, sql as text from sqlite_master where tbl_name = 'audit_event' and sql like 'create % index %'`
  ).execute(db)
  for (const { name } of indexes) await sql`drop index ${sql.id(name)}`.execute(db)
  await fill()
  for (const { text } of indexes) await sql.raw(text).execute(db)
}

interface Index {
  readonly name: string
  readonly text: string
}

async function insertUsers(db: Database, { users, hash }: GrowthSize, now: Instant, span: Span): Promise<void> {
  const name = sql`${one(GIVEN, sql`(n / 200)`)} || '.' || ${one(SURNAMES, sql`(n / 4000)`)} || n`
  const isActive = sql`n % 10 > 1`
  await sql`
    insert into users (username, username_key, email, email_key, full_name, hashed_password, disabled, role, subject,
      created_at, invited_at, second_factor_at, passkey_at, last_sign_in_at)
    ${numbers(span)}
    select ${name}, ${name}, ${name} || '@example.org', ${name} || '@example.org', 'Person ' || n,
      case when n % 50 = 0 then '$2b$12$' || n else ${hash} end,
      case when n % 200 = 7 then ${yes(db)} else ${no(db)} end,
      case when n % 100000 = 5 then 'admin' else 'user' end,
      ${hex(db, sql`n`, 32)},
      ${created(users, now)},
      case when n % 10 = 0 then ${created(users, now)} end,
      case when ${isActive} then ${created(users, now)} end,
      case when ${isActive} and n % 4 = 0 then ${created(users, now)} end,
      case when ${isActive} then ${now} - (n * 7919) % ${days(90)} end
    from counted`.execute(db)
  const lineFeed = db.dialect === 'postgres' ? sql`chr(10)` : sql`char(10)`
  const words = sql`username_key || ${lineFeed} || email_key || ${lineFeed} || lower(full_name)`
  const row = db.dialect === 'postgres' ? sql`(user_id, words) select id` : sql`(rowid, user_id, words) select id, id`
  await sql`
    insert into user_search ${row}, ${words} from users
    where subject >= ${hexOf(span[0])} and subject <= ${hexOf(span[1])}`.execute(db)
}

/** Spread evenly over three years; the last one is created now. */
function created(users: number, now: Instant) {
  return sql`${now} - (${users} - n) * ${Math.floor(days(1095) / users)}`
}

async function insertSessions(db: Database, now: Instant, span: Span): Promise<void> {
  const at = sql`${now} - (n * 7919) % ${hours(12)}`
  await sql`
    insert into session (id, token_hash, subject, epoch, transport, methods, address, started_at, last_seen_at, authenticated_at)
    ${numbers(span)}
    select ${idAt(db, at, sql`n`)}, ${hex(db, sql`n`, 64)}, ${hex(db, sql`n * 10`, 32)}, 0, 'cookie', 'password totp',
      '192.0.2.1', ${at}, ${at}, ${at}
    from counted`.execute(db)
}

async function insertEvents(db: Database, { users, events }: GrowthSize, now: Instant, span: Span): Promise<void> {
  const at = sql`(${now} - (${events} - n) * ${Math.floor(days(365) / events)})`
  const user = sql`(1 + (n * 7919) % ${users})`
  const action = sql`case when n % 10 < 6 then 'sign_in.succeeded' when n % 10 < 8 then 'sign_in.refused'
    when n % 10 = 8 then 'session.ended' when n % 10000 = 9 then 'user.deleted' else 'user.changed' end`
  const mac = hex(db, sql`n`, 64)
  await sql`
    insert into audit_event (id, at, action, actor, target, result, reason, details_digest, details, key_id, mac, position,
      previous_mac, chain_mac, address_key)
    ${numbers(span)}
    select ${idAt(db, at, sql`n`)}, ${at}, ${action}, ${hex(db, user, 32)}, ${hex(db, user, 32)},
      case when n % 10 in (6, 7) then 'refused' else 'done' end, null, ${mac},
      '{"salt":"00112233445566778899aabbccddeeff","address":"192.0.2.1","agent":"Mozilla/5.0 (X11; Linux x86_64)"}', 'k',
      ${mac}, n, ${mac}, ${mac}, '4' || ${hex(db, sql`(n * 7919) % 100000`, 8)}
    from counted`.execute(db)
}

function yes(db: Database) {
  return db.dialect === 'postgres' ? sql`'1'` : sql`1`
}

function no(db: Database) {
  return db.dialect === 'postgres' ? sql`'0'` : sql`0`
}

function one(words: readonly string[], n: Part) {
  const cases = words.map((word, index) => sql`when ${sql.lit(index)} then ${sql.lit(word)}`)
  return sql`case ${n} % ${sql.lit(words.length)} ${sql.join(cases, sql` `)} end`
}

function hexOf(n: number): string {
  return n.toString(16).padStart(32, '0')
}
