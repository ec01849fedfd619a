import { newJobs } from '#entry/jobs/jobs.ts'
import { runNow, type RunResult } from '#entry/jobs/run-job.ts'
import type { Job } from '#foundation/job.ts'
import { type Instant, seconds, toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { type JobRow, selectJob, selectJobs } from '#foundation/platform/database/job-rows.ts'
import { errorInWords } from '#foundation/platform/logging/log-redaction.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { CliFailure } from '../terminal/failure.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { cellOr, type Column, printTable, totalOf } from '../terminal/list.ts'

const COLUMNS: readonly Column<JobRow>[] = [
  { head: 'job', of: ({ name }) => name },
  { head: 'every', of: ({ every }) => spanInWords('en', every) },
  { head: 'last run', of: (row) => cellOr(row.last_started_at, 'never') },
  { head: 'outcome', of: (row) => row.last_outcome ?? '' },
  { head: 'took', of: (row) => tookInWords(row) },
  { head: 'next run', of: (row) => ({ at: row.next_run_at }) },
  { head: 'failures', plainOnly: true, of: ({ failures }) => String(failures) },
  { head: 'error', cut: true, of: (row) => row.last_error ?? '' },
]

export function addJobs(program: CliCommand): void {
  const jobs = program.command('jobs').description('manage background jobs')
  jobs
    .command('list')
    .description('list background jobs with their last and next run')
    .withExamples('jobs list', 'jobs list --json')
    .action(withContext(list))
  jobs
    .command('run')
    .description('run a job now, with or without a running server. Exit code 8: a server is running it')
    .argument('<name>', 'name of the job, from "jobs list"')
    .withExamples('jobs run expired-sessions')
    .action(withContext(run))
}

async function list({ ctx, out }: Working): Promise<void> {
  const rows = await selectJobs(ctx.db)
  if (out.form === 'json') return out.json({ items: rows.map((row) => jobView(row, ctx.now)), next_cursor: null })
  printTable(out, COLUMNS, rows)
  out.say(rows.length === 0 ? 'No jobs yet. The server adds them when it starts.' : totalOf(rows.length, 'job'))
}

async function run({ ctx, out, doorward }: Working, name: string): Promise<void> {
  const jobs = newJobs()
  const job = jobs.find((one) => one.name === name)
  if (job === undefined) {
    const detail = `There is no job ${JSON.stringify(name)}. Jobs: ${jobs.map((one) => one.name).join(', ')}.`
    throw new CliFailure({ exit: EXIT.missing, code: 'job.unknown', title: 'No such job', detail })
  }
  const result = await runNow(doorward, job)
  if (result.kind !== 'succeeded') throw failureOf(job, result)
  const row = await selectJob(ctx.db, name)
  out.result(row === undefined ? null : jobView(row, ctx.now), `Ran ${name}`)
}

function jobView(row: JobRow, now: Instant) {
  return {
    name: row.name,
    interval_seconds: row.every / seconds(1),
    next_run_at: toRfc3339(row.next_run_at),
    is_running: row.lease_until !== null && row.lease_until > now,
    last_started_at: toRfc3339OrNull(row.last_started_at),
    last_finished_at: toRfc3339OrNull(row.last_finished_at),
    last_outcome: row.last_outcome,
    last_error: row.last_error,
    failures: row.failures,
  }
}

/** The duration of the last run; empty while it is running. */
function tookInWords({ last_started_at: startedAt, last_finished_at: finishedAt }: JobRow): string {
  if (startedAt === null || finishedAt === null || finishedAt < startedAt) return ''
  return `${((finishedAt - startedAt) / seconds(1)).toFixed(1)} s`
}

function failureOf({ name }: Job, result: RunResult): CliFailure {
  if (result.kind === 'failed') {
    const detail = `The job ${name} failed: ${errorInWords(result.error)}`
    return new CliFailure(
      { exit: EXIT.failed, code: 'job.failed', title: 'Job failed', detail },
      { cause: result.error },
    )
  }
  if (result.kind === 'clock-not-steady') {
    const detail = `The job ${name} depends on the clock, but the clocks of this machine and of the database differ. Turn on automatic time (NTP) on both.`
    return new CliFailure({ exit: EXIT.failed, code: 'job.clock_differs', title: 'Clock not reliable', detail })
  }
  const detail = `A server is running the job ${name}. See its outcome with: jobs list`
  return new CliFailure({ exit: EXIT.unreachable, code: 'job.running', title: 'Job is running', detail })
}
