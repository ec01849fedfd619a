import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, seconds } from '#foundation/kernel/time.ts'
import { SubmitDeduplicator, type SubmittedForm } from './submit-deduplicator.ts'

const NOW = 1_800_000_000_000
const FORM = form('cookie', '123456')

/** A form of one page. */
function form(browser: string, ...typed: readonly string[]) {
  return { browser, body: { press: 'of this page' }, typed }
}

/** Submits forms and counts those that were processed: each gets the next answer, `good` after the last, which is the one that succeeds. */
function counting(...answers: readonly string[]) {
  let done = 0
  const work = (): Promise<string> => Promise.resolve(answers[done++] ?? 'good')
  const presses = new SubmitDeduplicator<string>((answer) => answer === 'good')
  return {
    press: (submitted: SubmittedForm<unknown>, at = NOW) => presses.answer(submitted, at, work),
    done: () => done,
  }
}

test('a duplicate of a form in progress gets the same answer, whatever it is', async () => {
  for (const answer of ['good', 'bad']) {
    const { press, done } = counting(answer)
    assert.deepEqual(await Promise.all([press(FORM), press(FORM)]), [answer, answer])
    assert.equal(done(), 1)
  }
})

test('a successful answer is repeated for 30 seconds, and not later', async () => {
  const { press, done } = counting()
  for (const at of [NOW, NOW + 1, NOW + seconds(30) - 1]) await press(FORM, at)
  assert.equal(done(), 1)
  await press(FORM, NOW + seconds(30))
  assert.equal(done(), 2)
})

test('an answer from while the clock was ahead is not repeated after the clock is right', async () => {
  const { press, done } = counting()
  for (const at of [NOW + days(1), NOW]) await press(FORM, at)
  assert.equal(done(), 2)
})

test('a form that did not succeed, or threw, is processed again', async () => {
  const { press, done } = counting('bad')
  assert.equal(await press(FORM), 'bad')
  assert.equal(await press(FORM), 'good')
  assert.equal(done(), 2)
  const broken = new SubmitDeduplicator<string>(() => true)
  await assert.rejects(broken.answer(FORM, NOW, () => Promise.reject(new Error('gone'))))
  assert.equal(await broken.answer(FORM, NOW, () => Promise.resolve('good')), 'good')
})

test('two forms are duplicates only if all their fields are equal', async () => {
  const { press, done } = counting()
  for (const one of [form('a', 'bc'), form('ab', 'c'), form('a', 'b', 'c')]) await press(one)
  assert.equal(done(), 3)
})

test('a form of another page, or without a page id, is processed again', async () => {
  const bodies = [
    { press: 'of this page' },
    { press: 'of another page' },
    ...[{}, { press: '' }, { press: ['of this page'] }, undefined, null].flatMap((body) => [body, body]),
  ]
  const { press, done } = counting()
  for (const body of bodies) await press({ ...FORM, body })
  assert.equal(done(), bodies.length)
})

test('a form that is repeated after another of the same browser succeeded is processed again', async () => {
  const { press, done } = counting('good', 'good', 'bad')
  await press(form('cookie', 'there'))
  await press(form('another cookie', 'back'))
  await press(form('cookie', 'refused'))
  await press(form('cookie', 'there'))
  assert.equal(done(), 3)
  await press(form('cookie', 'back'))
  await press(form('cookie', 'there'))
  await press(form('another cookie', 'back'))
  assert.equal(done(), 5)
})

test('of all successful forms only the latest thousand are remembered', async () => {
  const { press, done } = counting()
  for (let at = 0; at < 1050; at++) await press(form(String(at)))
  await press(form('1049'))
  assert.equal(done(), 1050)
  await press(form('0'))
  assert.equal(done(), 1051)
})

test('an answer that no longer stands is not repeated, and the form is processed each time from then on', async () => {
  const { press, done } = counting()
  let stands = true
  const submitted = { ...FORM, stands: () => Promise.resolve(stands) }
  for (const still of [true, true, false, false]) {
    stands = still
    await press(submitted)
  }
  assert.equal(done(), 3)
})
