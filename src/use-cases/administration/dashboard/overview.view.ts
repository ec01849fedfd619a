// Counts of sessions and sign-ins over the whole server.
import type { Instant } from '../../../foundation/kernel/time.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import type { EventAction } from '../../../domain/audit/event.ts'

const SUCCEEDED = 'sign_in.succeeded'
const REFUSED = ['sign_in.refused', 'sign_in.second_step_refused']

/** Returns the number of running sessions, at most `most`: not expired, not revoked, and of the user's present credential epoch. */
export async function countSessions(
  db: Database,
  since: { readonly seen: Instant; readonly started: Instant },
  most: number,
): Promise<number> {
  const running = db
    .selectFrom('session')
    .select('id')
    // A subquery instead of a join, for which PostgreSQL would read all users.
    .where('epoch', '=', (eb) =>
      eb.selectFrom('users').select('credential_epoch').whereRef('users.subject', '=', 'session.subject'),
    )
    .where('revoked_at', 'is', null)
    .where('last_seen_at', '>', since.seen)
    .where('started_at', '>', since.started)
    .limit(most)
  const { count } = await db
    .selectFrom(running.as('running'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** Numbers of finished and of refused sign-ins. */
export interface Tally {
  readonly succeeded: number
  readonly refused: number
}

/** Counts sign-ins from `since` (inclusive) to `until` (exclusive) in the index by action and time. */
export async function countSignIns(db: Database, since: Instant, until: Instant): Promise<Tally> {
  const rows = await db
    .selectFrom('audit_event')
    .select((eb) => ['action', eb.fn.countAll<number>().as('count')])
    .where('action', 'in', [SUCCEEDED, ...REFUSED])
    .where('at', '>=', since)
    .where('at', '<', until)
    .groupBy('action')
    .execute()
  const sum = (actions: readonly string[]): number =>
    rows.reduce((total, { action, count }) => (actions.includes(action) ? total + count : total), 0)
  return { succeeded: sum([SUCCEEDED]), refused: sum(REFUSED) }
}

/** Returns whether an action was ever done, by one look into the index by action. */
export async function hasEvent(db: Database, action: EventAction): Promise<boolean> {
  const row = await db
    .selectFrom('audit_event')
    .select('id')
    .where('action', '=', action)
    .where('result', '=', 'done')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
