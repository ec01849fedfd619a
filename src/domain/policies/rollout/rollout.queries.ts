// What the jobs of a roll-out store: how far a reminder has come, and the progress by day.
import type { Database } from '#foundation/platform/database/database.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'

/** The id of the last user who was looked at in a reminder. */
export type ReminderPosition = number

/** Begins a reminder; false if another node has begun it, or the version was cancelled. */
export function beginReminderRow(
  db: Database,
  { id, stage, position }: { readonly id: string; readonly stage: number; readonly position: ReminderPosition },
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('policy_version')
      .set({ reminder: stage, reminder_position: position })
      .where('id', '=', id)
      .where('cancelled_at', 'is', null)
      .where((eb) => eb.or([eb('reminder', 'is', null), eb('reminder', '<', stage)])),
  )
}

/** Moves a reminder from one position to the next, null at its end; false if another node has moved it, or the version was cancelled. */
export function moveReminderRow(
  db: Database,
  moved: { readonly id: string; readonly stage: number; readonly from: ReminderPosition; readonly to: number | null },
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('policy_version')
      .set({ reminder_position: moved.to })
      .where('id', '=', moved.id)
      .where('cancelled_at', 'is', null)
      .where('reminder', '=', moved.stage)
      .where('reminder_position', '=', moved.from),
  )
}

export interface UnfinishedReminder {
  readonly id: string
  readonly stage: number
  readonly position: ReminderPosition
}

/** Returns how far the reminder of a version has come; undefined if none is unfinished. */
export async function selectUnfinishedReminder(db: Database, id: string): Promise<UnfinishedReminder | undefined> {
  const row = await db
    .selectFrom('policy_version')
    .select(['id', 'reminder as stage', 'reminder_position as position'])
    .where('id', '=', id)
    .where('reminder_position', 'is not', null)
    .executeTakeFirst()
  return row === undefined || row.stage === null || row.position === null
    ? undefined
    : { id: row.id, stage: row.stage, position: row.position }
}

/** The numbers of one day. */
export interface ProgressRow {
  /** Days since 1970 in UTC. */
  readonly day: number
  readonly concerned: number
  readonly missing: number
}

/** Stores the numbers of a day, instead of those that were stored earlier on it. */
export async function putProgressRow(db: Database, policyId: string, row: ProgressRow): Promise<void> {
  const { day, concerned, missing } = row
  await db
    .insertInto('policy_progress')
    .values({ policy_id: policyId, day, concerned, missing })
    .onConflict((conflict) => conflict.columns(['policy_id', 'day']).doUpdateSet({ concerned, missing }))
    .execute()
}

/** Returns the numbers of a policy from a day on, the oldest first. */
export function selectProgress(db: Database, policyId: string, since: number): Promise<ProgressRow[]> {
  return db
    .selectFrom('policy_progress')
    .select(['day', 'concerned', 'missing'])
    .where('policy_id', '=', policyId)
    .where('day', '>=', since)
    .orderBy('day')
    .execute()
}

/** Deletes the numbers of all policies before a day. */
export async function deleteProgressBefore(db: Database, day: number): Promise<void> {
  await db.deleteFrom('policy_progress').where('day', '<', day).execute()
}
