// Counts of sign-ins over the whole server.
import type { EventAction } from '#domain/audit/event.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { hasRow } from '#foundation/platform/database/row-count.ts'

const SUCCEEDED = 'sign_in.succeeded'
const REFUSED = ['sign_in.refused', 'sign_in.second_step_refused']

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
export function hasEvent(db: Database, action: EventAction): Promise<boolean> {
  return hasRow(db.selectFrom('audit_event').select('id').where('action', '=', action).where('result', '=', 'done'))
}
