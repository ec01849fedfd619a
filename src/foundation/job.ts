// Defines a background job; the scheduler in entry/jobs runs it.
import type { Context } from '#foundation/context.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import type { Clock } from '#foundation/platform/clock.ts'

/** The context of the operator at the start of the run, and the clock for a job whose run takes long. */
export type JobContext = Context & { readonly clock: Clock }

export interface Job {
  /** The name by which `jobs run` selects the job. */
  readonly name: string
  /** From the end of one run to the start of the next. */
  readonly every: Duration
  /** Whether the job also runs when the server starts, instead of waiting for the first interval. */
  readonly atStart?: boolean
  /** Set for a job that deletes by the clock: it waits until the clock of its node is steady and agrees with the database's. */
  readonly needsSteadyClock?: boolean
  /** Set for a job whose rows of other nodes a wrong clock would misread: it does not run while the clock of its node differs from the database's. */
  readonly needsAgreeingClock?: boolean
  /**
   * Set for a job that runs on every node without a lease, because a lock or a lease of its own excludes the other nodes. It runs once
   * more when the server stops, after everything else, with a signal that is already aborted.
   */
  readonly onEveryNode?: boolean
  /** Upper bound of the wait after the first failure, doubled after each further failure; one second by default. */
  readonly retry?: Duration
  /** Clamps timestamps that were written while a clock was ahead: before each run, and at once after the clock was corrected. */
  readonly clamp?: (ctx: JobContext) => Promise<unknown>
  /** Does the work. Must be idempotent, and safe to run twice at the same time. Ends early when the signal is aborted. */
  readonly run: (ctx: JobContext, signal: AbortSignal) => Promise<unknown>
  /** Set for a job whose work goes on after `run`: waits for the end of that work. */
  readonly settle?: () => Promise<void>
}
