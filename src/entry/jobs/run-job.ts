// Runs one job once: under a lease, so that one of several nodes runs it, or on every node.
import { OPERATOR } from '#entry/boot.ts'
import { contextFor, type Dependencies } from '#foundation/context.ts'
import type { Job, JobContext } from '#foundation/job.ts'
import { CLOCK_TOLERANCE, type Duration, type Instant, minutes, seconds } from '#foundation/kernel/time.ts'
import { clockSkew } from '#foundation/platform/database/database-facts.ts'
import {
  ensureJobs,
  finishRun,
  LEASE,
  leaseJob,
  recordRun,
  renewLease,
  type RunRecord,
  selectJob,
} from '#foundation/platform/database/job-rows.ts'
import { errorInWords } from '#foundation/platform/logging/log-redaction.ts'
import { SYSTEM_TIMERS, type Timers } from '#foundation/platform/system.ts'
import { WORST_SKEW } from '#use-cases/administration/health/clock-findings.ts'

/** A job that runs on every node stores an unchanged outcome this often. */
export const RECORDED_EVERY: Duration = minutes(1)
/** How long the clock must not have jumped: most operators notice a wrong clock sooner. */
export const STEADY_FOR = minutes(10)

export type RunResult =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly failures: number; readonly retryIn: Duration }
  /** The signal was aborted during the run, or another node took the lease. */
  | { readonly kind: 'stopped' }
  /** Another node is running the job or has run it recently; `until` is the time of the next check. */
  | { readonly kind: 'running' | 'not-due'; readonly until: Instant }
  /** The clock of this node is not reliable enough for the job. */
  | { readonly kind: 'clock-not-steady' }

interface Run {
  /** The holder of the lease: an id that no other scheduler has. */
  readonly owner: string
  readonly signal: AbortSignal
  readonly timers: Timers
  /** Whether the job runs even if it is not due. */
  readonly force: boolean
}

export function jobContext(deps: Dependencies): JobContext {
  return { ...contextFor(deps, OPERATOR), clock: deps.clock }
}

/** Runs the job if it is due and no other node runs it. A failure of the job is a result; the promise rejects if the database fails. */
export async function runUnderLease(deps: Dependencies, job: Job, run: Run): Promise<RunResult> {
  const { db, clock } = deps
  const { owner, force } = run
  if (job.needsSteadyClock && !(await isClockSteady(deps))) return { kind: 'clock-not-steady' }
  const now = clock.now()
  if (force) await ensureJobs(db, [job], now)
  const failuresBefore = await leaseJob(db, job, { owner, force, now })
  if (failuresBefore === undefined) return waitingFor(deps, job, now)
  const lost = new AbortController()
  const endRenewal = keepRenewing(deps, job, run, lost)
  const signal = AbortSignal.any([run.signal, lost.signal])
  const ended = await outcomeOf(deps, job, signal, failuresBefore)
  await endRenewal()
  const result: RunResult = signal.aborted ? { kind: 'stopped' } : ended
  await finishRun(db, job.name, owner, recordOf(result, job.every, failuresBefore, clock.now()))
  return result
}

/** Runs a job that takes no lease. `record` stores its outcome. `settles`: also waits for the work that goes on after the run. */
export async function runOnThisNode(
  deps: Dependencies,
  job: Job,
  {
    signal,
    failuresBefore,
    settles = signal.aborted,
  }: { readonly signal: AbortSignal; readonly failuresBefore: number; readonly settles?: boolean },
): Promise<{ readonly result: RunResult; readonly record: () => Promise<void> }> {
  const { db, clock } = deps
  const startedAt = clock.now()
  const isHeld = job.needsAgreeingClock && !signal.aborted && !(await isClockRight(deps))
  const whole: Job = settles ? { ...job, run: (ctx) => runWhole(job, ctx, signal) } : job
  const result: RunResult = isHeld ? { kind: 'clock-not-steady' } : await outcomeOf(deps, whole, signal, failuresBefore)
  const stored = { name: job.name, every: RECORDED_EVERY }
  const record = recordOf(result, RECORDED_EVERY, failuresBefore, clock.now())
  return { result, record: () => recordRun(db, stored, startedAt, record) }
}

async function runWhole(job: Job, ctx: JobContext, signal: AbortSignal): Promise<void> {
  await job.run(ctx, signal)
  await job.settle?.()
}

/** Whether no jump ahead is pending and the clock agrees with the database's. Rejects if the database does not answer. */
async function isClockRight(deps: Dependencies): Promise<boolean> {
  return deps.clock.standing().ahead <= CLOCK_TOLERANCE && (await agreesWithDatabase(deps))
}

/** Whether the clock of this node has not jumped for ten minutes and agrees with the database's, so that rows may be deleted by it.
 * Rejects if the database does not answer. */
async function isClockSteady(deps: Dependencies): Promise<boolean> {
  return deps.clock.standing().steadyFor >= STEADY_FOR && (await agreesWithDatabase(deps))
}

export async function agreesWithDatabase({ db, clock }: Dependencies): Promise<boolean> {
  return Math.abs(await clockSkew(db, clock.now())) <= WORST_SKEW
}

/** Runs the job whether or not it is due, unless a server is running it; for the command line. */
export async function runNow(deps: Dependencies, job: Job): Promise<RunResult> {
  const { signal } = new AbortController()
  if (!job.onEveryNode)
    return runUnderLease(deps, job, { owner: deps.newId(), timers: SYSTEM_TIMERS, force: true, signal })
  const { result, record } = await runOnThisNode(deps, job, { signal, failuresBefore: 0, settles: true })
  await record()
  return result
}

export function failedResult({ random }: Dependencies, job: Job, error: unknown, failuresBefore: number): RunResult {
  const failures = failuresBefore + 1
  const { buffer, byteOffset } = random(4)
  const part = new DataView(buffer, byteOffset).getUint32(0) / 2 ** 32
  return { kind: 'failed', error, failures, retryIn: retryDelay(job, failures, part) }
}

/**
 * How long to wait after `failures` consecutive failures: exponential backoff with full jitter, so that nodes that failed at the same time
 * do not retry at the same time. At most the interval of the job. `part` is a random number from 0 to 1.
 */
export function retryDelay(
  { every, retry = seconds(1) }: Pick<Job, 'every' | 'retry'>,
  failures: number,
  part: number,
): Duration {
  return Math.ceil(part * Math.min(every, retry * 2 ** (failures - 1)))
}

async function waitingFor({ db }: Dependencies, job: Job, now: Instant): Promise<RunResult> {
  const row = await selectJob(db, job.name)
  if (row === undefined) {
    await ensureJobs(db, [job], now)
    return { kind: 'not-due', until: now }
  }
  const { lease_until: leasedUntil, next_run_at: until } = row
  return leasedUntil !== null && leasedUntil > now
    ? { kind: 'running', until: leasedUntil }
    : { kind: 'not-due', until }
}

/** Renews the lease until it is lost or the returned function is called; that function waits for a renewal in progress. */
function keepRenewing(
  { db, clock, log }: Dependencies,
  { name }: Job,
  { owner, timers }: Run,
  lost: AbortController,
): () => Promise<void> {
  let isOver = false
  let cancel = (): void => undefined
  let renewing: Promise<void> = Promise.resolve()
  const renew = async (): Promise<void> => {
    try {
      if (!(await renewLease(db, name, owner, clock.now()))) return lost.abort()
    } catch (error) {
      log.debug({ err: error, job: name }, 'the lease of a job was not renewed; trying again')
    }
    plan()
  }
  const plan = (): void => {
    if (isOver) return
    cancel = timers.after(LEASE / 3, () => {
      renewing = renew()
    })
  }
  plan()
  return () => {
    isOver = true
    cancel()
    return renewing
  }
}

async function outcomeOf(
  deps: Dependencies,
  job: Job,
  signal: AbortSignal,
  failuresBefore: number,
): Promise<RunResult> {
  try {
    await job.clamp?.(jobContext(deps))
    await job.run(jobContext(deps), signal)
    return { kind: 'succeeded' }
  } catch (error) {
    return failedResult(deps, job, error, failuresBefore)
  }
}

function recordOf(result: RunResult, every: Duration, failuresBefore: number, finishedAt: Instant): RunRecord {
  if (result.kind === 'succeeded')
    return { finishedAt, outcome: 'succeeded', error: null, failures: 0, nextRunAt: finishedAt + every }
  if (result.kind !== 'failed') return { finishedAt, outcome: 'stopped', error: null, failures: failuresBefore }
  const { error, failures, retryIn } = result
  return { finishedAt, outcome: 'failed', error: errorInWords(error), failures, nextRunAt: finishedAt + retryIn }
}
