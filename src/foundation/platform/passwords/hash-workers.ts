// Runs hash jobs in worker threads, behind a bounded queue.
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'

import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import type { HashJob, HashMessage, HashOutcome } from './hash-job.ts'

export interface WorkerPoolOptions {
  readonly workers: number
  /** Jobs that may wait in addition to the running ones. */
  readonly queue: number
  readonly program?: URL
}

export interface PoolStats {
  /** Jobs that no worker has begun. */
  readonly waiting: number
  /** How many of those were sent to a worker already. */
  readonly sentAhead: number
  readonly running: number
  readonly workers: number
  readonly refused: number
  readonly replaced: number
}

export interface HashAnswer {
  readonly outcome: HashOutcome
  /** When a worker began the job, by this thread's `performance.now()`. */
  readonly begunAt: number
  /** How long the worker took, without the wait for it. */
  readonly took: Duration
}

/** `in order`: the job waits for those before it. `first`: it goes before all waiting jobs, and a full queue does not refuse it. */
export type Turn = 'in order' | 'first'

interface Task {
  readonly job: HashJob
  readonly turn: Turn
  readonly resolve: (answer: HashAnswer) => void
  readonly reject: (refusal: Refusal) => void
}

interface Member {
  readonly worker: Worker
  readonly ready: Promise<void>
  /** The running job, and at most one that was sent ahead. */
  readonly tasks: Task[]
}

/** The build puts the program beside this module in dist/ too. */
const PROGRAM = new URL('./password-hasher.worker.js', import.meta.url)
/** The assumed milliseconds of a job before the first measurement, and the weight of the newest measurement in the mean. */
const ASSUMED_DURATION: Duration = 10
const NEWEST_SHARE = 0.1
/** Jobs sent to a worker: with a second one, the worker is not idle while the main thread waits for the disk. */
const MOST_SENT = 2

/** Worker threads, started when they are first needed. Each has one running job and one sent ahead; the other jobs wait in FIFO order. */
export class WorkerPool {
  readonly #options: Required<WorkerPoolOptions>
  readonly #members = new Set<Member>()
  readonly #waiting: Task[] = []
  #closed = false
  #refused = 0
  #replaced = 0
  #meanDuration: Duration = ASSUMED_DURATION

  constructor({ workers, queue, program = PROGRAM }: WorkerPoolOptions) {
    this.#options = { workers, queue, program }
  }

  /** Rejects with `service.busy` if the queue is full, and with `service.unavailable` if the worker dies or the pool is closed. */
  run(job: HashJob, turn: Turn = 'in order'): Promise<HashAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(unavailable())
      else this.#enqueue({ job, turn, resolve, reject })
    })
  }

  /** Starts all workers and waits until they are ready. */
  async warm(): Promise<void> {
    while (!this.#closed && this.#members.size < this.#options.workers) this.#start()
    await Promise.all(Array.from(this.#members, ({ ready }) => ready))
  }

  /** Ends the workers. Unfinished jobs reject with `service.unavailable`. */
  async close(): Promise<void> {
    this.#closed = true
    const members = [...this.#members]
    const unfinished = [...this.#waiting.splice(0), ...members.flatMap(({ tasks }) => tasks)]
    for (const task of unfinished) task.reject(unavailable())
    await Promise.all(members.map(({ worker }) => worker.terminate()))
  }

  /** Whether more jobs wait in the queue than there may be workers. */
  hasBacklog(): boolean {
    return this.#waiting.length > this.#options.workers
  }

  stats(): PoolStats {
    const members = [...this.#members]
    const sentAhead = this.#sentAhead()
    return {
      waiting: this.#waiting.length + sentAhead,
      sentAhead,
      running: members.filter(({ tasks }) => tasks.length > 0).length,
      workers: members.length,
      refused: this.#refused,
      replaced: this.#replaced,
    }
  }

  #enqueue(task: Task): void {
    const { workers, queue } = this.#options
    const idle = this.#members.values().find(({ tasks }) => tasks.length === 0)
    if (idle) return this.#send(idle, task)
    if (this.#members.size < workers) return this.#send(this.#start(), task)
    const waits = this.#waiting.length + this.#sentAhead()
    if (task.turn === 'in order' && waits >= queue) {
      this.#refused += 1
      const wait = (this.#meanDuration * waits) / workers
      return task.reject(new Refusal('service.busy', { retryAfter: Math.max(1, Math.ceil(wait / 1000)) }))
    }
    const open = this.#members.values().find(mayGetNext)
    if (open) this.#send(open, task)
    else if (task.turn === 'first') this.#waiting.unshift(task)
    else this.#waiting.push(task)
  }

  #sentAhead(): number {
    return this.#members.values().reduce((sum, { tasks }) => sum + Math.max(0, tasks.length - 1), 0)
  }

  #start(): Member {
    // The worker gets neither the flags nor the environment of the program, which may contain secrets.
    const worker = new Worker(this.#options.program, { execArgv: [], env: {} })
    const ready = Promise.withResolvers<void>()
    const member: Member = { worker, ready: ready.promise, tasks: [] }
    let cause: unknown
    worker.on('message', (message: HashMessage) => {
      if (message.kind !== 'ready') return this.#finish(member, message)
      ready.resolve()
      unrefIfIdle(member)
    })
    worker.on('error', (error) => (cause = error))
    worker.on('exit', () => {
      ready.resolve()
      this.#replaceDead(member, cause)
    })
    this.#members.add(member)
    return member
  }

  #send(member: Member, task: Task): void {
    member.tasks.push(task)
    member.worker.ref()
    const passwords = task.job.kind === 'hash' ? [task.job.password] : task.job.forms
    const transferred = passwords.map(({ buffer }) => buffer)
    member.worker.postMessage(task.job, transferred)
  }

  #finish(member: Member, outcome: HashOutcome & { readonly took: Duration }): void {
    const done = member.tasks.shift()
    const { took } = outcome
    const begunAt = performance.now() - took
    this.#meanDuration += (took - this.#meanDuration) * NEWEST_SHARE
    while (this.#waiting.length > 0 && (member.tasks.length === 0 || mayGetNext(member))) this.#sendNext(member)
    unrefIfIdle(member)
    done?.resolve({ outcome, begunAt, took })
  }

  #sendNext(member: Member): void {
    const next = this.#waiting.shift()
    if (next) this.#send(member, next)
  }

  /** A worker that died loses the jobs that were sent to it. A new worker continues with the queue. */
  #replaceDead(member: Member, cause: unknown): void {
    this.#members.delete(member)
    if (this.#closed) return
    this.#replaced += 1
    for (const task of member.tasks) task.reject(unavailable(cause))
    if (this.#waiting.length > 0) this.#sendNext(this.#start())
  }
}

/** No job is sent ahead to a worker whose running job takes long: an imported scheme takes up to thirty times as long as argon2id. */
function mayGetNext({ tasks: [running, ...ahead] }: Member): boolean {
  if (running === undefined || ahead.length + 1 >= MOST_SENT) return false
  return running.job.kind === 'hash' || running.job.scheme === 'argon2'
}

/** Lets the process exit while the worker has no job. */
function unrefIfIdle(member: Member): void {
  if (member.tasks.length === 0) member.worker.unref()
}

function unavailable(cause?: unknown): Refusal {
  return new Refusal('service.unavailable', { retryAfter: 1 }, { cause })
}
