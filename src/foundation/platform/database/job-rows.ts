// The state of background jobs, stored for all nodes, for the check-up and for the command line.
import { type Expression, type ExpressionBuilder, type Selectable, sql, type SqlBool } from 'kysely'

import { CLOCK_TOLERANCE, type Duration, type Instant, minutes } from '#foundation/kernel/time.ts'
import type { Database } from './database.ts'
import type { JobTable, Schema } from './schema.ts'

export type JobRow = Selectable<JobTable>
export type JobOutcome = NonNullable<JobRow['last_outcome']>

/** How long a lease lasts without being renewed: as long may a job wait after the node that ran it has died. */
export const LEASE: Duration = minutes(1)

interface Scheduled {
  readonly name: string
  readonly every: Duration
}

/**
 * Adds the rows that are missing, so that a job that never runs is noticed, too. A job that no node ran when it was due, because
 * none was started, is due one interval from now: it is not overdue.
 */
export async function ensureJobs(db: Database, jobs: readonly Scheduled[], now: Instant): Promise<void> {
  const rows = jobs.map(({ name, every }) => ({ name, every, next_run_at: now + every, failures: 0 }))
  await db
    .insertInto('job')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({ next_run_at: eb.ref('excluded.next_run_at') }))
        .where(sql<boolean>`job.next_run_at < excluded.next_run_at - 2 * excluded.every`),
    )
    .execute()
}

/**
 * Takes the lease of a job that is due, by one conditional update: of several nodes one gets it. Returns its failures so far;
 * undefined where another node runs it or it is not due. A time further ahead than a right clock could have written is
 * ignored, so that a node whose clock was ahead keeps no job from running. With `force`, the job runs although it is not due.
 */
export async function leaseJob(
  db: Database,
  { name, every }: Scheduled,
  { owner, now, force }: { owner: string; now: Instant; force: boolean },
): Promise<number | undefined> {
  const leased = await db
    .updateTable('job')
    .set({ every, lease_owner: owner, lease_until: now + LEASE, last_started_at: now })
    .where('name', '=', name)
    .where((eb) => eb.or([eb('lease_owner', '=', owner), notWithin(eb, 'lease_until', now, LEASE)]))
    .$if(!force, (query) => query.where((eb) => notWithin(eb, 'next_run_at', now, every)))
    .returning('failures')
    .executeTakeFirst()
  return leased?.failures
}

/** Whether the moment is unknown, past, or further ahead than the span allows. */
function notWithin(
  eb: ExpressionBuilder<Schema, 'job'>,
  column: 'lease_until' | 'next_run_at',
  now: Instant,
  span: Duration,
): Expression<SqlBool> {
  return eb.or([eb(column, 'is', null), eb(column, '<=', now), eb(column, '>', now + span + CLOCK_TOLERANCE)])
}

/** False where the lease ended and another node took it. */
export async function renewLease(db: Database, name: string, owner: string, now: Instant): Promise<boolean> {
  const renewed = await db
    .updateTable('job')
    .set({ lease_until: now + LEASE })
    .where('name', '=', name)
    .where('lease_owner', '=', owner)
    .returning('name')
    .executeTakeFirst()
  return renewed !== undefined
}

export interface RunRecord {
  readonly finishedAt: Instant
  readonly outcome: JobOutcome
  readonly error: string | null
  readonly failures: number
  /** Left out where the job is as due as before. */
  readonly nextRunAt?: Instant
}

/** Ends the lease and stores the outcome; changes nothing where another node took the lease meanwhile. */
export async function finishRun(db: Database, name: string, owner: string, record: RunRecord): Promise<void> {
  await db
    .updateTable('job')
    .set({ ...outcomeColumns(record), lease_owner: null, lease_until: null })
    .where('name', '=', name)
    .where('lease_owner', '=', owner)
    .execute()
}

/** Stores the outcome of a run that took no lease. */
export async function recordRun(
  db: Database,
  { name, every }: Scheduled,
  startedAt: Instant,
  record: RunRecord,
): Promise<void> {
  const columns = { every, last_started_at: startedAt, ...outcomeColumns(record) }
  await db
    .insertInto('job')
    .values({ name, next_run_at: record.finishedAt + every, ...columns })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
    .execute()
}

function outcomeColumns({ finishedAt, outcome, error, failures, nextRunAt }: RunRecord) {
  return {
    last_finished_at: finishedAt,
    last_outcome: outcome,
    last_error: error,
    failures,
    ...(nextRunAt !== undefined && { next_run_at: nextRunAt }),
  }
}

export function selectJob(db: Database, name: string): Promise<JobRow | undefined> {
  return db.selectFrom('job').selectAll().where('name', '=', name).executeTakeFirst()
}

export function selectJobs(db: Database): Promise<JobRow[]> {
  return db.selectFrom('job').selectAll().orderBy('name').execute()
}
