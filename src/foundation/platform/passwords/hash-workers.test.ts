import { hashSync as bcryptHashSync } from '@node-rs/bcrypt'
import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { refusedWith } from '#test/support/refused-with.ts'
import type { HashJob } from './hash-job.ts'
import { type HashAnswer, WorkerPool } from './hash-workers.ts'

/** What a worker does with a job: answers it with its password, except `hold`, which gets no answer, and `die`, which ends the worker. */
const ECHO = `
  const text = Buffer.from(job.password).toString()
  if (text === 'die') throw new Error('out of memory')
  if (text !== 'hold') answer(text)`

function startPool(t: TestContext, { workers = 1, queue = 8, work = ECHO } = {}): WorkerPool {
  const program = `
    import { parentPort } from 'node:worker_threads'
    const answer = (text) => parentPort.postMessage({ kind: 'hashed', text, took: 1 })
    parentPort.on('message', (job) => { ${work} })
    parentPort.postMessage({ kind: 'ready' })`
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
  const pool = new WorkerPool({ workers, queue, program: url })
  t.after(() => pool.close())
  return pool
}

const job = (text: string): HashJob => {
  return { kind: 'hash', password: new TextEncoder().encode(text), memory: 8, passes: 1 }
}
const hashedText = async (pool: WorkerPool, text: string): Promise<string> => {
  const { outcome } = await pool.run(job(text))
  return outcome.kind === 'hashed' ? outcome.text : outcome.kind
}

suite('hash workers', () => {
  test('no thread is started before the first job', async (t) => {
    const pool = startPool(t)
    assert.equal(pool.stats().workers, 0)
    await pool.run(job('a'))
    assert.equal(pool.stats().workers, 1)
  })

  test('no more threads are started than configured, and warming starts all of them', async (t) => {
    const pool = startPool(t, { workers: 2 })
    await pool.warm()
    assert.equal(pool.stats().workers, 2)
    await Promise.all(['a', 'b', 'c', 'd'].map((text) => pool.run(job(text))))
    assert.equal(pool.stats().workers, 2)
  })

  test('each job gets its own answer, in order of arrival', async (t) => {
    const pool = startPool(t)
    const done: string[] = []
    await Promise.all(['a', 'b', 'c', 'd'].map(async (text) => done.push(await hashedText(pool, text))))
    assert.deepEqual(done, ['a', 'b', 'c', 'd'])
  })

  test('one job is sent ahead to a busy worker, unless its running job takes long', async (t) => {
    const pool = startPool(t, { work: `answer('')` })
    const slow: HashJob = { kind: 'verify', scheme: 'bcrypt', stored: '', forms: [] }
    const sendAll = (first: HashJob) => {
      const answers = Promise.all([first, job('b'), job('c')].map((one) => pool.run(one)))
      return { sentAhead: pool.stats().sentAhead, answers }
    }
    const short = sendAll(job('a'))
    assert.equal(short.sentAhead, 1)
    await short.answers
    const long = sendAll(slow)
    assert.equal(long.sentAhead, 0)
    await long.answers
  })

  test('the pool has a backlog when more jobs wait in the queue than there are workers', async (t) => {
    const pool = startPool(t)
    const unanswered = ['hold', 'sent ahead', 'first'].map((text) => pool.run(job(text)).catch(() => undefined))
    assert.equal(pool.hasBacklog(), false)
    unanswered.push(pool.run(job('second')).catch(() => undefined))
    assert.equal(pool.hasBacklog(), true)
    await pool.close()
    await Promise.all(unanswered)
    assert.equal(pool.hasBacklog(), false)
  })

  test('a full queue refuses at once with a time to retry', async (t) => {
    const pool = startPool(t, { queue: 2 })
    const unanswered = ['hold', 'b', 'c'].map((text) => pool.run(job(text)).catch((error: unknown) => error))
    assert.deepEqual([pool.stats().running, pool.stats().waiting], [1, 2])
    await assert.rejects(pool.run(job('d')), (error) => {
      assert.ok(error instanceof Refusal && error.code === 'service.busy')
      return Number.isInteger(error.facts.retryAfter) && (error.facts.retryAfter ?? 0) >= 1
    })
    assert.equal(pool.stats().refused, 1)
    await pool.close()
    assert.ok((await Promise.all(unanswered)).every(refusedWith('service.unavailable')))
  })

  test('a job that goes first passes the waiting jobs and is not refused by a full queue', async (t) => {
    const pool = startPool(t, { queue: 3 })
    const done: string[] = []
    const record = ({ outcome }: HashAnswer) => done.push(outcome.kind === 'hashed' ? outcome.text : outcome.kind)
    const jobs = ['a', 'b', 'c', 'd'].map(async (text) => record(await pool.run(job(text))))
    await assert.rejects(pool.run(job('e')), refusedWith('service.busy'))
    record(await pool.run(job('f'), 'first'))
    await Promise.all(jobs)
    assert.deepEqual(done, ['a', 'b', 'f', 'c', 'd'])
  })

  test('the duration of a job does not contain its wait', async (t) => {
    const pool = new WorkerPool({ workers: 1, queue: 8 })
    t.after(() => pool.close())
    const stored = bcryptHashSync('a', 8)
    const form = () => new TextEncoder().encode('b')
    const long = pool.run({ kind: 'verify', scheme: 'bcrypt', stored, forms: [form()] })
    const short = pool.run(job('a password of some length'))
    const [before, after] = await Promise.all([long, short])
    assert.ok(after.took < before.took, `${after.took} < ${before.took}`)
    assert.ok(after.begunAt >= before.begunAt + before.took - 1, 'it began when the other had ended')
  })

  test('a dead worker fails the jobs that were sent to it, none of the queue, and is replaced', async (t) => {
    const pool = startPool(t)
    const [died, sentAhead, lived] = await Promise.allSettled(['die', 'b', 'c'].map((text) => pool.run(job(text))))
    for (const lost of [died, sentAhead]) {
      assert.ok(lost?.status === 'rejected' && refusedWith('service.unavailable')(lost.reason))
      assert.match(String((lost.reason as Refusal).cause), /out of memory/)
    }
    assert.deepEqual(lived?.status === 'fulfilled' && lived.value.outcome, { kind: 'hashed', text: 'c', took: 1 })
    assert.equal(pool.stats().replaced, 1)
    assert.equal(await hashedText(pool, 'c'), 'c')
  })

  test('a worker that cannot start fails its jobs and is not restarted for ever', async (t) => {
    const pool = new WorkerPool({ workers: 1, queue: 8, program: new URL('./no-such-worker.mjs', import.meta.url) })
    t.after(() => pool.close())
    const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => pool.run(job(text))))
    assert.ok(results.every(({ status }) => status === 'rejected'))
    assert.equal(pool.stats().replaced, 2)
  })

  test('after closing, everything is refused and no thread is left', async (t) => {
    const pool = startPool(t)
    await pool.run(job('a'))
    await pool.close()
    await assert.rejects(pool.run(job('b')), refusedWith('service.unavailable'))
    assert.equal(pool.stats().workers, 0)
  })

  test('a worker has neither the environment nor the flags of the program', async (t) => {
    const pool = startPool(t, { work: 'answer(JSON.stringify([process.env, process.execArgv]))' })
    assert.deepEqual(JSON.parse(await hashedText(pool, 'a')), [{}, []])
  })

  test('the password’s bytes are transferred, not copied', async (t) => {
    const pool = startPool(t)
    const asked = job('a')
    await pool.run(asked)
    assert.equal(asked.kind === 'hash' && asked.password.byteLength, 0)
  })
})
