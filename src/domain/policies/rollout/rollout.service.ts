// Stores what happens between the announcement of a policy and its deadline: reminders that were sent, and the progress by day.
import type { InTransaction, With } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import type { ReminderStage } from './reminder.ts'
import * as queries from './rollout.queries.ts'
import type { ProgressRow, ReminderPosition, UnfinishedReminder } from './rollout.queries.ts'

export type { ProgressRow, UnfinishedReminder } from './rollout.queries.ts'

const DAY = days(1)
/** Days whose numbers are shown, today included. */
const PROGRESS_DAYS = 60

/** Begins a reminder of a version before its first user; false if another node has begun it, or the version was cancelled. */
export function beginReminder(
  { db }: With<'db'>,
  begun: { readonly id: string; readonly stage: ReminderStage; readonly position: ReminderPosition },
): Promise<boolean> {
  return queries.beginReminderRow(db, begun)
}

/** Moves a reminder behind the users of one batch, null at its end. False if another node has moved it, or the version was cancelled. */
export function moveReminder(
  { db }: InTransaction<With<'db'>>,
  { id, stage, position }: UnfinishedReminder,
  to: ReminderPosition | null,
): Promise<boolean> {
  return queries.moveReminderRow(db, { id, stage, from: position, to })
}

/** Returns how far the reminder of a version has come; undefined if none is unfinished. */
export function unfinishedReminder({ db }: With<'db'>, id: string): Promise<UnfinishedReminder | undefined> {
  return queries.selectUnfinishedReminder(db, id)
}

/** Stores to how many users a policy applies today, and how many of them lack what it requires. */
export function noteProgress(
  { db, now }: With<'db' | 'now'>,
  policyId: string,
  numbers: Omit<ProgressRow, 'day'>,
): Promise<void> {
  return queries.putProgressRow(db, policyId, { ...numbers, day: Math.floor(now / DAY) })
}

/** Returns the stored numbers of the last 60 days. */
export function progressOf({ db, now }: With<'db' | 'now'>, policyId: string): Promise<ProgressRow[]> {
  return queries.selectProgress(db, policyId, Math.floor(now / DAY) - PROGRESS_DAYS + 1)
}

/** Deletes numbers that no page shows any more. */
export function deleteOldProgress({ db, now }: With<'db' | 'now'>): Promise<void> {
  return queries.deleteProgressBefore(db, Math.floor(now / DAY) - PROGRESS_DAYS + 1)
}
