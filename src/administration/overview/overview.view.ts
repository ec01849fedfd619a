// Counts over the whole server.
import { sql } from 'kysely'

import type { Duration, Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/schema.ts'
import { isImportedHash } from '../../users/imported-hashes.queries.ts'
import { isEnabled } from '../../users/user.queries.ts'
import { inStatus } from '../users/user-status.view.ts'

const REFUSED = ['sign_in.refused', 'sign_in.second_step_refused']

export interface UserCounts {
  readonly total: number
  readonly active: number
  readonly invited: number
  readonly noFactor: number
  readonly disabled: number
  /** Of the enabled: who has a passkey, and who has an authenticator app and no passkey. */
  readonly withPasskey: number
  readonly withApp: number
  /** Those who can act as admin, and those who have the role but no second step. */
  readonly actingAdmins: number
  readonly waitingAdmins: number
  /** Passwords still stored with another scheme than ours. */
  readonly importedHashes: number
  /** Code secrets typed by hand that could not be sealed. */
  readonly plainSecrets: number
}

/** One look at every user. */
export function countUsers(db: Database): Promise<UserCounts> {
  return db
    .selectFrom('users')
    .select((eb) => {
      const count = () => eb.fn.countAll<number>()
      const admin = eb.and([eb('role', '=', 'admin'), isEnabled()])
      return [
        count().as('total'),
        count().filterWhere(inStatus(eb, 'active')).as('active'),
        count().filterWhere(inStatus(eb, 'invited')).as('invited'),
        count().filterWhere(inStatus(eb, 'no-factor')).as('noFactor'),
        count().filterWhere(inStatus(eb, 'disabled')).as('disabled'),
        count()
          .filterWhere(eb.and([inStatus(eb, 'active'), eb('passkey_at', 'is not', null)]))
          .as('withPasskey'),
        count()
          .filterWhere(eb.and([inStatus(eb, 'active'), eb('passkey_at', 'is', null)]))
          .as('withApp'),
        count()
          .filterWhere(eb.and([admin, eb('second_factor_at', 'is not', null)]))
          .as('actingAdmins'),
        count()
          .filterWhere(eb.and([admin, eb('second_factor_at', 'is', null)]))
          .as('waitingAdmins'),
        count().filterWhere(isImportedHash()).as('importedHashes'),
        count().filterWhere('otp_secret', '<>', '').as('plainSecrets'),
      ]
    })
    .executeTakeFirstOrThrow()
}

/** Sessions that no limit and no change of credentials has ended. */
export async function countSessions(db: Database, since: { seen: Instant; started: Instant }): Promise<number> {
  const { count } = await db
    .selectFrom('session')
    .innerJoin('users', (join) =>
      join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('session.revoked_at', 'is', null)
    .where('session.last_seen_at', '>', since.seen)
    .where('session.started_at', '>', since.started)
    .executeTakeFirstOrThrow()
  return count
}

/** Sign-ins that were proven to the end, and tries that were not. */
export interface Tally {
  readonly succeeded: number
  readonly refused: number
}

/** From `since` on and before `until`; reads that stretch of the index by time and no more. */
export function countSignIns(db: Database, since: Instant, until: Instant): Promise<Tally> {
  return db
    .selectFrom('audit_event')
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere('action', '=', 'sign_in.succeeded').as('succeeded'),
      eb.fn.countAll<number>().filterWhere('action', 'in', REFUSED).as('refused'),
    ])
    .where('at', '>=', since)
    .where('at', '<', until)
    .executeTakeFirstOrThrow()
}

export interface UsersBySpan {
  /** Which span since 1970; before all spans for what happened earlier, or at a time nobody noted. */
  readonly span: number
  readonly count: number
}

/**
 * How many of the enabled users who are there now were there (`created_at`), or had a second step (`second_factor_at`),
 * since each span; one look at every user, as `countUsers`.
 */
export function countUsersSince(
  db: Database,
  column: 'created_at' | 'second_factor_at',
  since: Instant,
  length: Duration,
): Promise<UsersBySpan[]> {
  const at = sql.ref<number | null>(`users.${column}`)
  const span = sql<number>`case when ${at} >= ${since} then ${at} / ${sql.lit(length)} else -1 end`
  return db
    .selectFrom('users')
    .select((eb) => [span.as('span'), eb.fn.countAll<number>().as('count')])
    .where(isEnabled())
    .$if(column === 'second_factor_at', (query) => query.where('second_factor_at', 'is not', null))
    .groupBy(sql.ref('span'))
    .execute()
}
