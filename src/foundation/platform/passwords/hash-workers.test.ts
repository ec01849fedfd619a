import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { hashSync as bcryptHashSync } from '@node-rs/bcrypt'

import { temporaryFolder } from '../../../../test/support/databases/temporary.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { RefusalCode } from '../../kernel/refusal.ts'
import type { HashJob } from './hash-job.ts'
import { WorkerPool } from './hash-workers.ts'
import type { HashAnswer } from './hash-workers.ts'

/** Answers `hold` only when asked again by another job, dies on `die`, cannot be hurried on `slow`. */
const PROGRAM = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ password }) => {
    const text = Buffer.from(password).toString()
    if (text === 'die') throw new Error('out of memory')
    if (text !== 'hold') parentPort.postMessage({ kind: 'hashed', text, took: 1 })
  })
  parentPort.postMessage({ kind: 'ready' })`

async function poolOf(t: TestContext, { workers = 1, queue = 8 } = {}) {
  const file = join(await temporaryFolder(t), 'worker.mjs')
  writeFileSync(file, PROGRAM)
  const pool = new WorkerPool({ workers, queue, program: pathToFileURL(file) })
  t.after(() => pool.close())
  return pool
}

const job = (text: string): HashJob => ({
  kind: 'hash',
  password: new TextEncoder().encode(text),
  memory: 8,
  passes: 1,
})
const textOf = async (pool: WorkerPool, text: string): Promise<string> => {
  const { outcome } = await pool.run(job(text))
  return outcome.kind === 'hashed' ? outcome.text : outcome.kind
}
const isRefusal = (code: RefusalCode) => (error: unknown) => error instanceof Refusal && error.code === code

suite('hash workers', () => {
  test('no thread is started before the first job', async (t) => {
    const pool = await poolOf(t)
    assert.equal(pool.stats().workers, 0)
    await pool.run(job('a'))
    assert.equal(pool.stats().workers, 1)
  })

  test('no more threads are started than were asked for, and warming starts them all', async (t) => {
    const pool = await poolOf(t, { workers: 2 })
    await pool.warm()
    assert.equal(pool.stats().workers, 2)
    await Promise.all(['a', 'b', 'c', 'd'].map((text) => pool.run(job(text))))
    assert.equal(pool.stats().workers, 2)
  })

  test('each job gets its own answer, in order of arrival', async (t) => {
    const pool = await poolOf(t)
    const done: string[] = []
    const ask = async (text: string) => {
      done.push(await textOf(pool, text))
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(ask))
    assert.deepEqual(done, ['a', 'b', 'c', 'd'])
  })

  test('the next job is at hand while one is under way, unless that one takes long', async (t) => {
    const folder = await temporaryFolder(t)
    const file = join(folder, 'any-job.mjs')
    writeFileSync(
      file,
      `import { parentPort } from 'node:worker_threads'
       parentPort.on('message', () => parentPort.postMessage({ kind: 'hashed', text: '', took: 1 }))
       parentPort.postMessage({ kind: 'ready' })`,
    )
    const pool = new WorkerPool({ workers: 1, queue: 8, program: pathToFileURL(file) })
    t.after(() => pool.close())
    const slow: HashJob = { kind: 'verify', scheme: 'bcrypt', stored: '', forms: [] }
    const handed = (first: HashJob) => {
      const answers = Promise.all([first, job('b'), job('c')].map((one) => pool.run(one)))
      return { atHand: pool.stats().atHand, answers }
    }
    const quick = handed(job('a'))
    assert.equal(quick.atHand, 1)
    await quick.answers
    const long = handed(slow)
    assert.equal(long.atHand, 0)
    await long.answers
  })

  test('it is crowded when more wait than the workers have at hand', async (t) => {
    const pool = await poolOf(t)
    const held = ['hold', 'at hand', 'first'].map((text) => pool.run(job(text)).catch(() => undefined))
    assert.equal(pool.hasBacklog(), false)
    held.push(pool.run(job('second')).catch(() => undefined))
    assert.equal(pool.hasBacklog(), true)
    await pool.close()
    await Promise.all(held)
    assert.equal(pool.hasBacklog(), false)
  })

  test('a full queue refuses at once and says when to come back', async (t) => {
    const pool = await poolOf(t, { queue: 2 })
    const held = ['hold', 'b', 'c'].map((text) => pool.run(job(text)).catch((error: unknown) => error))
    assert.deepEqual([pool.stats().running, pool.stats().waiting], [1, 2])
    await assert.rejects(pool.run(job('d')), (error) => {
      assert.ok(error instanceof Refusal)
      return (
        error.code === 'service.busy' && Number.isInteger(error.facts.retryAfter) && (error.facts.retryAfter ?? 0) >= 1
      )
    })
    assert.equal(pool.stats().refused, 1)
    await pool.close()
    assert.ok((await Promise.all(held)).every(isRefusal('service.unavailable')))
  })

  test('a job that goes first passes those that wait, and is never one too many', async (t) => {
    const pool = await poolOf(t, { queue: 3 })
    const done: string[] = []
    const note = ({ outcome }: HashAnswer) => done.push(outcome.kind === 'hashed' ? outcome.text : outcome.kind)
    const jobs = ['a', 'b', 'c', 'd'].map(async (text) => note(await pool.run(job(text))))
    await assert.rejects(pool.run(job('e')), isRefusal('service.busy'))
    note(await pool.run(job('f'), 'first'))
    await Promise.all(jobs)
    assert.deepEqual(done, ['a', 'b', 'f', 'c', 'd'])
  })

  test('how long a job took does not hold how long it waited', async (t) => {
    const pool = new WorkerPool({ workers: 1, queue: 8 })
    t.after(() => pool.close())
    const stored = bcryptHashSync('a', 8)
    const form = () => new TextEncoder().encode('b')
    const long = pool.run({ kind: 'verify', scheme: 'bcrypt', stored, forms: [form()] })
    const short = pool.run(job('a password of some length'))
    const [before, after] = await Promise.all([long, short])
    assert.ok(after.took < before.took, `${after.took} < ${before.took}`)
    assert.ok(after.begunAt >= before.begunAt + before.took - 1, 'it was begun when the other had ended')
  })

  test('a dead worker takes along what it was handed, nothing of the queue, and is replaced', async (t) => {
    const pool = await poolOf(t)
    const [died, atHand, lived] = await Promise.allSettled(['die', 'b', 'c'].map((text) => pool.run(job(text))))
    for (const lost of [died, atHand]) {
      assert.ok(lost?.status === 'rejected' && isRefusal('service.unavailable')(lost.reason))
      assert.match(String((lost.reason as Refusal).cause), /out of memory/)
    }
    assert.deepEqual(lived?.status === 'fulfilled' && lived.value.outcome, { kind: 'hashed', text: 'c', took: 1 })
    assert.equal(pool.stats().replaced, 1)
    assert.equal(await textOf(pool, 'c'), 'c')
  })

  test('a worker that cannot even start fails its jobs instead of trying for ever', async (t) => {
    const pool = new WorkerPool({ workers: 1, queue: 8, program: new URL('./no-such-worker.mjs', import.meta.url) })
    t.after(() => pool.close())
    const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => pool.run(job(text))))
    assert.ok(results.every(({ status }) => status === 'rejected'))
    assert.equal(pool.stats().replaced, 2)
  })

  test('after closing, everything is refused and no thread is left', async (t) => {
    const pool = await poolOf(t)
    await pool.run(job('a'))
    await pool.close()
    await assert.rejects(pool.run(job('b')), isRefusal('service.unavailable'))
    assert.equal(pool.stats().workers, 0)
  })

  test('a worker knows neither the environment nor the flags of the program', async (t) => {
    const program = `
      import { parentPort } from 'node:worker_threads'
      parentPort.on('message', () => {
        parentPort.postMessage({ kind: 'hashed', text: JSON.stringify([process.env, process.execArgv]), took: 1 })
      })
      parentPort.postMessage({ kind: 'ready' })`
    const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
    const pool = new WorkerPool({ workers: 1, queue: 8, program: url })
    t.after(() => pool.close())
    assert.deepEqual(JSON.parse(await textOf(pool, 'a')), [{}, []])
  })

  test('the password’s bytes leave the caller', async (t) => {
    const pool = await poolOf(t)
    const asked = job('a')
    await pool.run(asked)
    assert.equal(asked.kind === 'hash' && asked.password.byteLength, 0)
  })
})
