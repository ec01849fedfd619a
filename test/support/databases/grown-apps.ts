// Fills a database that has users with apps and with what they got in sessions, by a few statements.
import { sql } from 'kysely'

import { days, hours, type Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { hex, idAt, inChunks, numbers, type Part, type Span } from './numbered-rows.ts'

export interface AppsSize {
  readonly count: number
  /** Each has a refresh token. */
  readonly grants: number
}

/** An app with a fifth of all grants, and one of the others, which have as many as each other. */
export const LARGE_APP = 'app-1'
export const SMALL_APP = 'app-2'
/** Grants in one session, each of another app. */
const IN_SESSION = 5
/** Added to the number in an id, since sessions without apps begin at 0. */
const APART = 2 ** 40

/**
 * Inserts apps, and sessions in which users signed in to them during the last twelve hours. Of ten sessions one was revoked with its grants,
 * and one has ended some days ago.
 */
export async function growApps(db: Database, { count, grants }: AppsSize, users: number, now: Instant): Promise<void> {
  const each = { users, apps: count, now }
  await inChunks(count, (first, last) => insertApps(db, now, [first, last]))
  await inChunks(Math.ceil(grants / IN_SESSION), (first, last) => insertAppSessions(db, each, [first, last]))
  await inChunks(grants, (first, last) => insertGrants(db, each, [first - 1, last - 1]))
}

async function insertApps(db: Database, now: Instant, span: Span): Promise<void> {
  await sql`
    insert into client (id, name, name_key, kind, redirect_uris, logout_uris, auth_method, id_token_alg, scopes, refresh_tokens,
      require_pkce, allow_http, claims_in_id_token, unconfirmed_email, created_at, revision)
    ${numbers(span)}
    select 'app-' || n, 'App ' || n, 'app ' || n, 'web', '["https://app-' || n || '.example/callback"]', '[]', 'client_secret_basic',
      'ES256', 'openid profile email', 1, 1, 0, 0, 0, cast(${now} as bigint), 1
    from counted`.execute(db)
  await sql`
    insert into client_secret (id, client_id, hash, created_at)
    ${numbers(span)} select 'secret-' || n, 'app-' || n, ${hex(db, sql`n`, 64)}, cast(${now} as bigint) from counted`.execute(
    db,
  )
}

interface Each {
  readonly users: number
  readonly apps: number
  readonly now: Instant
}

/** What is known of a session by its number, from 0. */
function sessionOf(db: Database, { users, now }: Each, session: Part) {
  const over = sql`case when ${session} % 10 = 1 then ${days(3)} else 0 end`
  const at = sql`(${now} - (${session} * 7919) % ${hours(12)} - ${over})`
  const subject = hex(db, sql`(1 + (${session} * 7919) % ${users})`, 32)
  const revokedAt = sql`case when ${session} % 10 = 0 then ${at} end`
  return { id: idAt(db, at, sql`(${session} + ${sql.lit(APART)})`), at, subject, revokedAt }
}

async function insertAppSessions(db: Database, each: Each, [first, last]: Span): Promise<void> {
  const { id, at, subject, revokedAt } = sessionOf(db, each, sql`n`)
  await sql`
    insert into session (id, token_hash, subject, epoch, transport, methods, address, started_at, last_seen_at, authenticated_at, revoked_at)
    ${numbers([first - 1, last - 1])}
    select ${id}, 'app' || ${hex(db, sql`n`, 61)}, ${subject}, 0, 'cookie', 'password totp', '192.0.2.1', ${at}, ${at}, ${at}, ${revokedAt}
    from counted`.execute(db)
}

async function insertGrants(db: Database, each: Each, span: Span): Promise<void> {
  const session = sessionOf(db, each, sql`(n / ${sql.lit(IN_SESSION)})`)
  const { at, subject, revokedAt } = session
  const large = sql`n % ${sql.lit(IN_SESSION)} = 0`
  const app = sql`case when ${large} then ${LARGE_APP} else 'app-' || (2 + (n * 251) % ${sql.lit(each.apps - 1)}) end`
  const ends = sql`${at} + ${hours(24)}`
  const grant = idAt(db, at, sql`n`)
  const payload = '{"openid":{"scope":"openid profile email","claims":[]}}'
  await sql`
    insert into client_grant (id, client_id, subject, epoch, session_id, methods, authenticated_at, payload, created_at, last_used_at,
      expires_at, revoked_at)
    ${numbers(span)}
    select ${grant}, ${app}, ${subject}, 0, ${session.id}, 'password totp', ${at}, ${payload}, ${at}, ${at} + n % 1000, ${ends},
      ${revokedAt}
    from counted`.execute(db)
  await sql`
    insert into client_session (session_id, client_id, subject, sid, grant_id, expires_at)
    ${numbers(span)} select ${session.id}, ${app}, ${subject}, ${hex(db, sql`n`, 22)}, ${grant}, ${ends} from counted`.execute(
    db,
  )
  await sql`
    insert into client_token (id, kind, client_id, grant_id, subject, epoch, is_offline, payload, created_at, expires_at)
    ${numbers(span)}
    select ${hex(db, sql`n`, 64)}, 'refresh', ${app}, ${grant}, ${subject}, 0, 0, ${payload}, ${at}, ${ends} from counted`.execute(
    db,
  )
}
