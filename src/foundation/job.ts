// What a background job is; the scheduler in entry/jobs runs it.
import type { Context } from './context.ts'
import type { Duration } from './kernel/time.ts'
import type { Clock } from './platform/clock.ts'

/** The context of the operator at the start of the run, and the clock for a job that goes on for long. */
export type JobContext = Context & { readonly clock: Clock }

export interface Job {
  /** As `jobs run` takes it. */
  readonly name: string
  /** From the end of one run to the start of the next. */
  readonly every: Duration
  /** Runs when the server starts, too, instead of waiting for the first interval. */
  readonly atStart?: boolean
  /** Deletes by the clock, so it waits until the clock of its node is steady and agrees with the database's. */
  readonly needsSteadyClock?: boolean
  /**
   * Runs on every node without a lease, because a lock in its own transaction admits one node at a time; and once more when the
   * server stops, after everything else, with a signal that is aborted already.
   */
  readonly onEveryNode?: boolean
  /** The upper bound of the wait after the first failure, doubled with each further one; one second if left out. */
  readonly retry?: Duration
  /** Clamps what was stamped while a clock was ahead: before each run, and at once after the clock was put right. */
  readonly clamp?: (ctx: JobContext) => Promise<unknown>
  /** Does the work; a second run, at the same time or later, must do no harm. Ends early when the signal is aborted. */
  readonly run: (ctx: JobContext, signal: AbortSignal) => Promise<unknown>
}
