// Jumps of the machines' clocks. They are stored, because the health page and the command `doctor` run in other processes.
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import type { Database } from './database.ts'

export interface ClockJump {
  readonly at: Instant
  readonly movedBy: Duration
}

/** Stores a jump under an id of `idMaker`. */
export async function insertClockJump(db: Database, id: string, { at, movedBy }: ClockJump): Promise<void> {
  await db.insertInto('clock_jump').values({ id, at, moved_by: movedBy }).execute()
}

/** The latest jump; undefined if none is stored. */
export function lastClockJump(db: Database): Promise<ClockJump | undefined> {
  return db
    .selectFrom('clock_jump')
    .select(['at', 'moved_by as movedBy'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function deleteClockJumps(db: Database, before: Instant): Promise<void> {
  await db.deleteFrom('clock_jump').where('at', '<', before).execute()
}
