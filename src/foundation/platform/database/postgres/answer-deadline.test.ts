import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { AnswerDeadline } from './answer-deadline.ts'

function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let cuts = 0
  const deadline = new AnswerDeadline(1000, () => (cuts += 1))
  return { deadline, cuts: () => cuts, pass: (time: number) => t.mock.timers.tick(time) }
}

test('answers in time never close the connection', async (t) => {
  const { deadline, cuts, pass } = watched(t)
  for (let time = 0; time < 10; time++) {
    const { promise, resolve } = Promise.withResolvers<number>()
    const answer = deadline.of(promise)
    pass(900)
    resolve(time)
    assert.equal(await answer, time)
  }
  assert.equal(cuts(), 0)
})

test('silence closes the connection, also while further queries are sent', async (t) => {
  const { deadline, cuts, pass } = watched(t)
  for (let time = 0; time < 12; time++) {
    void deadline.of(new Promise(() => {}))
    pass(100)
  }
  assert.equal(cuts(), 0)
  pass(50)
  assert.equal(cuts(), 1)
})

test('any answer restarts the time, and an error counts as an answer', async (t) => {
  const { deadline, cuts, pass } = watched(t)
  void deadline.of(new Promise(() => {}))
  pass(900)
  await deadline.of(Promise.resolve())
  pass(900)
  await deadline.of(Promise.reject(new Error('no'))).catch(() => undefined)
  pass(900)
  assert.equal(cuts(), 0)
  pass(350)
  assert.equal(cuts(), 1)
})

test('a connection without a pending answer is not closed', async (t) => {
  const { deadline, cuts, pass } = watched(t)
  await deadline.of(Promise.resolve())
  pass(10_000)
  assert.equal(cuts(), 0)
})
