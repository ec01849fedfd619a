// Runs every job at its time, a few at once, until the server stops.
import type { Dependencies } from '#foundation/context.ts'
import type { Job } from '#foundation/job.ts'
import { type Instant, isWithin } from '#foundation/kernel/time.ts'
import { ensureJobs } from '#foundation/platform/database/job-rows.ts'
import { SYSTEM_TIMERS, type Timers } from '#foundation/platform/system.ts'
import { JobLoop } from './job-loop.ts'
import { listenToJumps } from './jump-listener.ts'
import { RECORDED_EVERY, runOnThisNode, type RunResult, runUnderLease } from './run-job.ts'

/** Jobs that run at once; further ones wait, so that requests get connections to the database. */
const MOST_AT_ONCE = 3

export interface RunningJobs {
  /** Starts no further run, aborts the current runs and waits for them, at most `shutdownGrace`. */
  stop(): Promise<void>
  /** Runs the jobs of every node once more and ends them. Must be called last, when nothing else writes. Never throws. */
  runLast(): Promise<void>
}

/**
 * Starts the timers of all jobs. A failed job is retried with exponential backoff; its first failure and its next success are logged, and
 * the other jobs continue.
 */
export function startJobs(deps: Dependencies, jobs: readonly Job[], timers: Timers = SYSTEM_TIMERS): RunningJobs {
  const stopping = new AbortController()
  const ending = new AbortController()
  const added = addRows(deps, jobs)
  const jumps = listenToJumps(deps, jobs)
  const leased = loopsUnderLease(deps, jobs, { timers, signal: stopping.signal, added })
  const onThisNode = jobs
    .filter(({ onEveryNode }) => onEveryNode)
    .map((job) => loopOnThisNode(deps, job, timers, ending.signal))
  for (const loop of [...leased, ...onThisNode]) loop.start()
  return {
    async stop() {
      stopping.abort()
      const ended = Promise.all([...leased.map((loop) => loop.end()), jumps.stop(), added])
      const { promise: graceOver, resolve } = Promise.withResolvers<'late'>()
      const cancel = timers.after(deps.config.shutdownGrace, () => resolve('late'))
      if ((await Promise.race([ended, graceOver])) === 'late')
        deps.log.warn('a job did not end in time; its lease ends by itself')
      cancel()
    },
    async runLast() {
      ending.abort()
      for (const loop of onThisNode) {
        await loop.end()
        await loop.runOnce()
      }
    },
  }
}

/**
 * Adds the rows of all jobs, so that a job that never runs is visible too. The first run of a job adds a row that could not be added here.
 */
async function addRows({ db, clock, log }: Dependencies, jobs: readonly Job[]): Promise<void> {
  const rows = jobs.map(({ name, every, onEveryNode }) => ({ name, every: onEveryNode ? RECORDED_EVERY : every }))
  try {
    await ensureJobs(db, rows, clock.now())
  } catch (error) {
    log.debug({ err: error }, 'the rows of jobs were not added')
  }
}

/** `added` resolves when the rows of the jobs exist. */
function loopsUnderLease(
  deps: Dependencies,
  jobs: readonly Job[],
  { added, ...run }: { readonly timers: Timers; readonly signal: AbortSignal; readonly added: Promise<void> },
): JobLoop[] {
  const owner = deps.newId()
  const queue = newQueue(MOST_AT_ONCE)
  const logUnsteadyClock = unsteadyClockLogger(deps, NOTHING_DELETED)
  return jobs
    .filter(({ onEveryNode }) => !onEveryNode)
    .map((job) => {
      let force = job.atStart ?? false
      const runNow = async (): Promise<RunResult> => {
        await added
        if (run.signal.aborted) return { kind: 'stopped' }
        const result = await runUnderLease(deps, job, { ...run, owner, force })
        force = result.kind === 'running' && force
        if (job.needsSteadyClock) logUnsteadyClock(result)
        return result
      }
      return new JobLoop(deps, job, run.timers, () => queue(runNow))
    })
}

const NOTHING_DELETED =
  'nothing is deleted by the clock of this machine: it jumped recently, or differs from the database’s'

/** Logs once that the clock is not reliable, and again if it becomes so after it was reliable. */
function unsteadyClockLogger({ log }: Dependencies, message: string): (result: RunResult) => void {
  let isUnsteady = false
  return ({ kind }) => {
    const now = kind === 'clock-not-steady'
    if (now && !isUnsteady) log.warn(message)
    isUnsteady = now
  }
}

/** Stores the outcome when it changes, else once a minute: such a job runs once or twice a second, on every node. */
function loopOnThisNode(deps: Dependencies, job: Job, timers: Timers, signal: AbortSignal): JobLoop {
  const logUnsteadyClock = unsteadyClockLogger(
    deps,
    `this node does not run the job ${job.name}: its clock has just jumped, or differs from the database’s`,
  )
  let recorded: { readonly kind: RunResult['kind']; readonly at: Instant } | undefined
  const isRecorded = (kind: RunResult['kind'], now: Instant): boolean =>
    recorded?.kind === kind && isWithin(RECORDED_EVERY, recorded.at, now)
  return new JobLoop(deps, job, timers, async (failuresBefore) => {
    const { result, record } = await runOnThisNode(deps, job, { signal, failuresBefore })
    logUnsteadyClock(result)
    const now = deps.clock.now()
    if (isRecorded(result.kind, now) && !signal.aborted) return result
    try {
      await record()
      recorded = { kind: result.kind, at: now }
    } catch (error) {
      deps.log.debug({ err: error, job: job.name }, 'the outcome of a job was not stored; trying again')
    }
    return result
  })
}

/** Runs at most `most` tasks at once; the others wait in FIFO order. */
function newQueue(most: number) {
  let working = 0
  const waiting: (() => void)[] = []
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (working >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else working += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else working -= 1
    }
  }
}
