// A server that has grown: users, sessions and audit events written by a few statements, the same on both engines.
import { sql } from 'kysely'

import { openDoorward } from '../src/boot.ts'
import { days, hours } from '../src/kernel/time.ts'
import { loadConfig } from '../src/platform/config.ts'
import { dialectOf } from '../src/platform/database/dialect.ts'
import type { Database } from '../src/platform/database/schema.ts'
import { HASH } from './people.ts'

export interface GrowthSize {
  readonly users: number
  readonly events: number
}

/** Rows a statement. */
const CHUNK = 50_000

const GIVEN = 'ada ben cleo dan eva finn gus hana ida jon kai lea max nia otto pia quin rosa sam tess'.split(' ')
const SURNAMES =
  'hanson meyer rossi novak silva okoro tanaka larsen dubois petrov kim jonsson garcia adler brandt'.split(' ')

/**
 * Fills the database of these settings. Of a thousand users 5 are disabled, 100 invited, 100 have no second factor, and 20
 * have the hash of another scheme; whoever is neither disabled nor active has never signed in. The events are spread evenly
 * over a year, six of ten of them sign-ins; each tenth user has a session that runs.
 */
export async function growDatabase(
  settings: Readonly<Record<string, string>>,
  { users, events }: GrowthSize,
  now: number,
): Promise<void> {
  const { config } = loadConfig({ flags: { ...settings, log_level: 'error' }, env: {} })
  const doorward = await openDoorward(config, { createDatabase: true })
  const { db } = doorward
  await inChunks(users, (first, last) => insertUsers(db, users, now, [first, last]))
  await inChunks(Math.floor(users / 10), (first, last) => insertSessions(db, now, [first, last]))
  await inChunks(events, (first, last) => insertEvents(db, { users, events }, now, [first, last]))
  await sql`analyze`.execute(db)
  if (dialectOf(db) === 'postgres') await sql`vacuum (analyze)`.execute(db)
  await doorward.close()
}

async function inChunks(count: number, insert: (first: number, last: number) => Promise<void>): Promise<void> {
  for (let first = 1; first <= count; first += CHUNK) await insert(first, Math.min(first + CHUNK - 1, count))
}

type Span = readonly [first: number, last: number]

const numbers = ([first, last]: Span) =>
  sql`with recursive counted (n) as (select cast(${first} as bigint) union all select n + 1 from counted where n < ${last})`

async function insertUsers(db: Database, users: number, now: number, span: Span): Promise<void> {
  const name = sql`${one(GIVEN, sql`n`)} || '.' || ${one(SURNAMES, sql`(n / 20)`)} || n`
  const isActive = sql`n % 10 > 1`
  await sql`
    insert into users (username, username_key, email, email_key, full_name, hashed_password, disabled, role, subject,
      created_at, invited_at, second_factor_at, passkey_at, last_sign_in_at)
    ${numbers(span)}
    select ${name}, ${name}, ${name} || '@example.org', ${name} || '@example.org', 'Person ' || n,
      case when n % 50 = 0 then '$2b$12$' || n else ${HASH} end,
      case when n % 200 = 7 then ${yes(db)} else ${no(db)} end,
      case when n % 100000 = 5 then 'admin' else 'user' end,
      ${hex(db, sql`n`, 32)},
      ${created(users, now)},
      case when n % 10 = 0 then ${created(users, now)} end,
      case when ${isActive} then ${created(users, now)} end,
      case when ${isActive} and n % 4 = 0 then ${created(users, now)} end,
      case when ${isActive} then ${now} - (n * 7919) % ${days(90)} end
    from counted`.execute(db)
  const words = sql`username_key || char(10) || email_key || char(10) || lower(full_name)`
  const wordsThere =
    dialectOf(db) === 'postgres' ? sql`username_key || chr(10) || email_key || chr(10) || lower(full_name)` : words
  const row =
    dialectOf(db) === 'postgres' ? sql`(user_id, words) select id` : sql`(rowid, user_id, words) select id, id`
  await sql`
    insert into user_search ${row}, ${wordsThere} from users
    where subject >= ${hexOf(span[0])} and subject <= ${hexOf(span[1])}`.execute(db)
}

/** Evenly over three years, the last one now. */
function created(users: number, now: number) {
  return sql`${now} - (${users} - n) * ${Math.floor(days(1095) / users)}`
}

async function insertSessions(db: Database, now: number, span: Span): Promise<void> {
  const at = sql`${now} - (n * 7919) % ${hours(12)}`
  await sql`
    insert into session (id, token_hash, subject, epoch, carrier, methods, address, started_at, last_seen_at, proven_at)
    ${numbers(span)}
    select ${idAt(db, at, sql`n`)}, ${hex(db, sql`n`, 64)}, ${hex(db, sql`n * 10`, 32)}, 0, 'cookie', 'password totp',
      '192.0.2.1', ${at}, ${at}, ${at}
    from counted`.execute(db)
}

async function insertEvents(db: Database, { users, events }: GrowthSize, now: number, span: Span): Promise<void> {
  const at = sql`(${now} - (${events} - n) * ${Math.floor(days(365) / events)})`
  const user = sql`(1 + (n * 7919) % ${users})`
  const action = sql`case when n % 10 < 6 then 'sign_in.succeeded' when n % 10 < 8 then 'sign_in.refused'
    when n % 10 = 8 then 'session.ended' when n % 10000 = 9 then 'user.deleted' else 'user.changed' end`
  const seal = hex(db, sql`n`, 64)
  await sql`
    insert into audit_event (id, at, action, actor, target, result, reason, details_digest, details, key_id, mac, position,
      previous, seal, address_key)
    ${numbers(span)}
    select ${idAt(db, at, sql`n`)}, ${at}, ${action}, ${hex(db, user, 32)}, ${hex(db, user, 32)},
      case when n % 10 in (6, 7) then 'refused' else 'done' end, null, ${seal},
      '{"salt":"00112233445566778899aabbccddeeff","address":"192.0.2.1","agent":"Mozilla/5.0 (X11; Linux x86_64)"}', 'k',
      ${seal}, n, ${seal}, ${seal}, '4' || ${hex(db, sql`(n * 7919) % 100000`, 8)}
    from counted`.execute(db)
}

function yes(db: Database) {
  return dialectOf(db) === 'postgres' ? sql`'1'` : sql`1`
}

function no(db: Database) {
  return dialectOf(db) === 'postgres' ? sql`'0'` : sql`0`
}

type Part = ReturnType<typeof sql>

function one(words: readonly string[], n: Part) {
  const cases = words.map((word, index) => sql`when ${sql.lit(index)} then ${sql.lit(word)}`)
  return sql`case ${n} % ${sql.lit(words.length)} ${sql.join(cases, sql` `)} end`
}

function hex(db: Database, value: Part, digits: number) {
  if (dialectOf(db) === 'postgres') return sql`lpad(to_hex(cast(${value} as bigint)), ${sql.lit(digits)}, '0')`
  return sql`printf(${sql.lit(`%0${digits}x`)}, ${value})`
}

function hexOf(n: number): string {
  return n.toString(16).padStart(32, '0')
}

/** A UUIDv7 of that moment. */
function idAt(db: Database, at: Part, n: Part) {
  const moment = hex(db, at, 12)
  return sql`substr(${moment}, 1, 8) || '-' || substr(${moment}, 9, 4) || '-7000-8000-' || ${hex(db, n, 12)}`
}
