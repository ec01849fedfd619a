import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'

import { Refusal } from '../../kernel/refusal.ts'
import type { Duration } from '../../kernel/time.ts'
import type { HashJob, HashMessage, HashOutcome } from './hash-job.ts'

export interface WorkerPoolOptions {
  readonly workers: number
  /** Jobs that may wait beside those being worked on. */
  readonly queue: number
  readonly program?: URL
}

export interface PoolStats {
  /** Jobs that nobody has begun. */
  readonly waiting: number
  /** How many of those were handed to a worker already. */
  readonly atHand: number
  readonly running: number
  readonly workers: number
  readonly refused: number
  readonly replaced: number
}

export interface HashAnswer {
  readonly outcome: HashOutcome
  /** When a worker began with it, by this thread's `performance.now()`. */
  readonly begunAt: number
  /** How long the worker took, without the time it waited for one. */
  readonly took: Duration
}

/** Whether a job waits for all before it, or goes before all that wait and is never one too many. */
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
  /** The one being worked on, and one more that lies ready. */
  readonly tasks: Task[]
}

/** In dist/ too it lies beside what imports it. */
const PROGRAM = new URL('./password-hasher.worker.js', import.meta.url)
/** Milliseconds of a job, until some were measured; and how much the newest counts in their mean. */
const FIRST_GUESS: Duration = 10
const NEWEST_SHARE = 0.1
/** With the next job at hand, a worker does not stand idle while the main thread waits for the disk. */
const AT_HAND = 2

/** Threads started when first needed, each with one job under way and the next at hand; others wait in order of arrival. */
export class WorkerPool {
  readonly #most: number
  readonly #queue: number
  readonly #program: URL
  readonly #members = new Set<Member>()
  readonly #waiting: Task[] = []
  #closed = false
  #refused = 0
  #replaced = 0
  #meanDuration: Duration = FIRST_GUESS

  constructor({ workers, queue, program = PROGRAM }: WorkerPoolOptions) {
    this.#most = workers
    this.#queue = queue
    this.#program = program
  }

  /** Refuses with `service.busy` when the queue is full, with `service.unavailable` when the worker died. */
  run(job: HashJob, turn: Turn = 'in order'): Promise<HashAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(unavailable())
      else this.#place({ job, turn, resolve, reject })
    })
  }

  /** Starts all workers and waits until they can work. */
  async warm(): Promise<void> {
    while (!this.#closed && this.#members.size < this.#most) this.#start()
    await Promise.all(Array.from(this.#members, ({ ready }) => ready))
  }

  /** Ends the workers; jobs still under way are refused. */
  async close(): Promise<void> {
    this.#closed = true
    const unfinished = [...this.#waiting.splice(0), ...Array.from(this.#members, ({ tasks }) => tasks).flat()]
    for (const task of unfinished) task.reject(unavailable())
    await Promise.all(Array.from(this.#members, ({ worker }) => worker.terminate()))
  }

  /** Whether more wait than all workers together have at hand. */
  hasBacklog(): boolean {
    return this.#waiting.length > this.#most
  }

  stats(): PoolStats {
    const members = Array.from(this.#members)
    return {
      waiting: this.#waiting.length + this.#atHand(),
      atHand: this.#atHand(),
      running: members.filter(({ tasks }) => tasks.length > 0).length,
      workers: members.length,
      refused: this.#refused,
      replaced: this.#replaced,
    }
  }

  #place(task: Task): void {
    const idle = this.#members.values().find(({ tasks }) => tasks.length === 0)
    if (idle) return this.#give(idle, task)
    if (this.#members.size < this.#most) return this.#give(this.#start(), task)
    const waits = this.#waiting.length + this.#atHand()
    if (task.turn === 'in order' && waits >= this.#queue) {
      this.#refused += 1
      const wait = (this.#meanDuration * waits) / this.#most
      return task.reject(new Refusal('service.busy', { retryAfter: Math.max(1, Math.ceil(wait / 1000)) }))
    }
    const free = this.#members.values().find(takesAhead)
    if (free) this.#give(free, task)
    else if (task.turn === 'first') this.#waiting.unshift(task)
    else this.#waiting.push(task)
  }

  #atHand(): number {
    return this.#members.values().reduce((sum, { tasks }) => sum + Math.max(0, tasks.length - 1), 0)
  }

  #start(): Member {
    // Neither the flags nor the environment of the program, where secrets may stand, are its business.
    const worker = new Worker(this.#program, { execArgv: [], env: {} })
    const ready = Promise.withResolvers<void>()
    const member: Member = { worker, ready: ready.promise, tasks: [] }
    let cause: unknown
    worker.on('message', (message: HashMessage) => {
      if (message.kind !== 'ready') return this.#finish(member, message)
      ready.resolve()
      rest(member)
    })
    worker.on('error', (error) => (cause = error))
    worker.on('exit', () => {
      ready.resolve()
      this.#bury(member, cause)
    })
    this.#members.add(member)
    return member
  }

  #give(member: Member, task: Task): void {
    member.tasks.push(task)
    member.worker.ref()
    const passwords = task.job.kind === 'hash' ? [task.job.password] : task.job.forms
    member.worker.postMessage(
      task.job,
      passwords.map(({ buffer }) => buffer),
    )
  }

  #finish(member: Member, outcome: HashOutcome & { readonly took: Duration }): void {
    const done = member.tasks.shift()
    const { took } = outcome
    const begunAt = performance.now() - took
    this.#meanDuration += (took - this.#meanDuration) * NEWEST_SHARE
    while (this.#waiting.length > 0 && (member.tasks.length === 0 || takesAhead(member))) this.#giveNext(member)
    rest(member)
    done?.resolve({ outcome, begunAt, took })
  }

  #giveNext(member: Member): void {
    const next = this.#waiting.shift()
    if (next) this.#give(member, next)
  }

  /** A worker that died takes along what it was handed; another one goes on with the queue. */
  #bury(member: Member, cause: unknown): void {
    this.#members.delete(member)
    if (this.#closed) return
    this.#replaced += 1
    for (const task of member.tasks) task.reject(unavailable(cause))
    if (this.#waiting.length > 0) this.#giveNext(this.#start())
  }
}

/** Nobody is handed to a worker that is busy for long: an imported scheme takes thirty times as long as ours. */
function takesAhead({ tasks: [under, ...ahead] }: Member): boolean {
  if (under === undefined || ahead.length + 1 >= AT_HAND) return false
  return under.job.kind === 'hash' || under.job.scheme === 'argon2'
}

/** A worker without a job must not keep the program alive. */
function rest(member: Member): void {
  if (member.tasks.length === 0) member.worker.unref()
}

function unavailable(cause?: unknown): Refusal {
  return new Refusal('service.unavailable', { retryAfter: 1 }, { cause })
}
