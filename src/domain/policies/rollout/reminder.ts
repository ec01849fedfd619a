// Reminders of a policy that is planned: when each one is due. A version that is in force needs none.
import { POLICY_REMINDERS } from '#foundation/kernel/stated-limits.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import type { PolicyVersion } from '../policy.ts'

/** How long before the deadline each reminder after the announcement is due. The numbers are stored in `policy_version.reminder`. */
const REMINDERS: readonly { readonly stage: 2 | 3; readonly before: Duration }[] = [
  { stage: 3, before: POLICY_REMINDERS[1] },
  { stage: 2, before: POLICY_REMINDERS[0] },
]

/** 1 at the announcement, 2 a week before the deadline, 3 a day before. */
export type ReminderStage = 1 | 2 | 3

/**
 * Returns the reminder of a planned version that is due now; undefined if none is. Of several whose time has come, such as for a version
 * that is announced three days before its deadline, users get the last one.
 * @param version `reminder` is the last one that was begun
 */
export function dueReminder(
  version: Pick<PolicyVersion, 'inForceFrom' | 'cancelledAt' | 'isEnd'> & { readonly reminder: number | null },
  now: Instant,
): ReminderStage | undefined {
  const { inForceFrom, cancelledAt, isEnd, reminder } = version
  if (cancelledAt !== null || isEnd || inForceFrom <= now) return undefined
  const stage = REMINDERS.find(({ before }) => inForceFrom - before <= now)?.stage ?? 1
  return reminder === null || reminder < stage ? stage : undefined
}

/** A reminder of a planned version: when it is due, and whether its mails were queued. */
export interface PlannedReminder {
  readonly at: Instant
  readonly isSent: boolean
}

/** Returns the reminders of a planned version in their order, the announcement first; those whose time had come before it are not sent. */
export function remindersOf({
  createdAt,
  inForceFrom,
  reminder,
}: Pick<PolicyVersion, 'inForceFrom'> & {
  readonly createdAt: Instant
  readonly reminder: number | null
}): PlannedReminder[] {
  const later = REMINDERS.toReversed().filter(({ before }) => inForceFrom - before > createdAt)
  return [
    { at: createdAt, isSent: reminder !== null },
    ...later.map(({ stage, before }) => ({
      at: inForceFrom - before,
      isSent: reminder !== null && reminder >= stage,
    })),
  ]
}
