import type { Dependencies } from '#foundation/context.ts'
import type { Job } from '#foundation/job.ts'
import { CLOCK_TOLERANCE, type Duration, type Instant } from '#foundation/kernel/time.ts'
import { LEASE } from '#foundation/platform/database/job-rows.ts'
import type { Timers } from '#foundation/platform/system.ts'
import { failedResult, type RunResult } from './run-job.ts'

/** Gets the number of consecutive failures that this process has seen. */
type Run = (failuresBefore: number) => Promise<RunResult>

/**
 * The timer of one job. Between two runs it does not query the database.
 *
 *     waiting ── its time comes ──▶ running ── succeeded, or another node did it ──▶ waiting, one interval
 *                                           ── failed ────────────────────────────▶ waiting, as `retryDelay` says
 */
export class JobLoop {
  readonly #deps: Dependencies
  readonly #job: Job
  readonly #timers: Timers
  readonly #run: Run
  #failures = 0
  #isOver = false
  #cancel = (): void => undefined
  #running: Promise<void> = Promise.resolve()

  constructor(deps: Dependencies, job: Job, timers: Timers, run: Run) {
    this.#deps = deps
    this.#job = job
    this.#timers = timers
    this.#run = run
  }

  start(): void {
    if (this.#job.atStart) this.#running = this.#turn()
    else this.#plan(this.#job.every)
  }

  /** Cancels the timer and waits for the current run. */
  end(): Promise<void> {
    this.#isOver = true
    this.#cancel()
    return this.#running
  }

  /** Runs once and returns how long to wait until the next run. Never throws. */
  async runOnce(): Promise<Duration> {
    const result = await this.#run(this.#failures).catch((error: unknown) =>
      failedResult(this.#deps, this.#job, error, this.#failures),
    )
    this.#logChange(result)
    return nextDelay(result, this.#job, this.#deps.clock.now())
  }

  async #turn(): Promise<void> {
    this.#plan(await this.runOnce())
  }

  #plan(delay: Duration): void {
    if (this.#isOver) return
    this.#cancel = this.#timers.after(delay, () => {
      this.#running = this.#turn()
    })
  }

  #logChange(result: RunResult): void {
    const { log } = this.#deps
    const { name: job } = this.#job
    if (result.kind === 'failed') {
      if (this.#failures === 0) log.error({ err: result.error, job }, 'job failed; retrying')
      this.#failures = result.failures
    }
    if (result.kind === 'succeeded') {
      if (this.#failures > 0) log.info({ job, failures: this.#failures }, 'job succeeded again')
      this.#failures = 0
    }
  }
}

function nextDelay(result: RunResult, { every }: Job, now: Instant): Duration {
  if (result.kind === 'failed') return result.retryIn
  if (result.kind !== 'running' && result.kind !== 'not-due') return every
  return Math.min(Math.max(1, result.until - now), Math.max(every, LEASE) + CLOCK_TOLERANCE)
}
