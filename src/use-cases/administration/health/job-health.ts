// The findings about background jobs.
import type { Instant } from '../../../foundation/kernel/time.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'

export interface JobFacts {
  readonly name: string
  readonly every: number
  readonly next_run_at: Instant
  /** Failed runs since the last one that succeeded. */
  readonly failures: number
}

/** Returns a warning for each job whose last run failed or whose last success is more than three intervals ago. */
export function evaluateJobs(jobs: readonly JobFacts[], now: Instant, command: (words: string) => string): Finding[] {
  const warnings = jobs.flatMap(({ name: job, every, next_run_at: nextRunAt, failures: count }) => {
    if (count > 0) return [finding('warning', 'jobs.failing', { job, count, command: command('jobs list') })]
    const span = now - nextRunAt
    return span > 2 * every ? [finding('warning', 'jobs.overdue', { job, span })] : []
  })
  return warnings.length === 0 ? [finding('ok', 'jobs.well')] : warnings
}
