// The background jobs of a server for tests, and timers that fire when the test moves the clock.
import { externalRowsJob } from '#domain/factors/totp/external-rows.job.ts'
import { newJobs } from '#entry/jobs/jobs.ts'
import { jobContext, type RunResult, runUnderLease } from '#entry/jobs/run-job.ts'
import type { Dependencies } from '#foundation/context.ts'
import type { Job } from '#foundation/job.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { SYSTEM_TIMERS, type Timers } from '#foundation/platform/system.ts'
import type { TestClock } from './server/clock.ts'

/** A signal that is never aborted. */
const running = (): AbortSignal => new AbortController().signal

const leased = (): readonly Job[] => newJobs().filter(({ onEveryNode }) => !onEveryNode)

/** Runs every job that takes a lease now, whether or not it is due; returns the kind of each result by the job's name. */
export async function runJobs(deps: Dependencies): Promise<Record<string, RunResult['kind']>> {
  const kinds: [string, RunResult['kind']][] = []
  const run = { owner: deps.newId(), signal: running(), timers: SYSTEM_TIMERS, force: true }
  for (const job of leased()) kinds.push([job.name, (await runUnderLease(deps, job, run)).kind])
  return Object.fromEntries(kinds)
}

/** Runs every job without the check for a steady clock: the clock of most tests differs from PostgreSQL's. */
export async function runJobsAtAnyTime(deps: Dependencies): Promise<void> {
  for (const { clamp } of leased()) await clamp?.(jobContext(deps))
  for (const { run } of leased()) await run(jobContext(deps), running())
}

/** Runs one pass over all externally inserted rows. */
export async function completeExternalRows(deps: Dependencies, signal = running()): Promise<void> {
  await externalRowsJob.run(jobContext(deps), signal)
}

interface Waiting {
  readonly at: Duration
  readonly work: () => void
}

/** The timers of one node, driven by the clock of a test. */
export class TestTimers implements Timers {
  readonly #clock: Pick<TestClock, 'pass'>
  readonly #waiting = new Set<Waiting>()
  #passed: Duration = 0

  constructor(clock: Pick<TestClock, 'pass'>) {
    this.#clock = clock
  }

  after(delay: Duration, work: () => void): () => void {
    const timer = { at: this.#passed + delay, work }
    this.#waiting.add(timer)
    return () => void this.#waiting.delete(timer)
  }

  /** The delays until the timers fire, shortest first. */
  delays(): Duration[] {
    return [...this.#waiting].map(({ at }) => at - this.#passed).toSorted((a, b) => a - b)
  }

  /** Moves the clock and calls the work that comes due, without awaiting it. */
  pass(duration: Duration): void {
    this.#clock.pass(duration)
    this.#passed += duration
    for (const timer of [...this.#waiting].filter(({ at }) => at <= this.#passed)) {
      this.#waiting.delete(timer)
      timer.work()
    }
  }
}
