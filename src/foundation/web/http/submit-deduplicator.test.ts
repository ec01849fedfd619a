import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, seconds } from '../../kernel/time.ts'
import { SubmitDeduplicator } from './submit-deduplicator.ts'

const NOW = 1_800_000_000_000
const FORM = form('cookie', '123456')

/** A form of one page. */
function form(browser: string, ...typed: readonly string[]) {
  return { browser, body: { press: 'of this page' }, typed }
}

/** Counts the forms that were processed. */
function counting(answers: readonly string[]) {
  let done = 0
  const work = (): Promise<string> => Promise.resolve(answers[done++] ?? 'more than expected')
  return { work, done: () => done }
}

test('a duplicate of a form in progress gets the same answer, whatever it is', async () => {
  for (const answer of ['good', 'bad']) {
    const { work, done } = counting([answer])
    const presses = new SubmitDeduplicator<string>((one) => one === 'good')
    const both = [presses.answer(FORM, NOW, work), presses.answer(FORM, NOW, work)]
    assert.deepEqual(await Promise.all(both), [answer, answer])
    assert.equal(done(), 1)
  }
})

test('a successful answer is repeated for 30 seconds, and not later', async () => {
  const { work, done } = counting(['good', 'good'])
  const presses = new SubmitDeduplicator<string>((one) => one === 'good')
  for (const at of [NOW, NOW + 1, NOW + seconds(30) - 1]) await presses.answer(FORM, at, work)
  assert.equal(done(), 1)
  await presses.answer(FORM, NOW + seconds(30), work)
  assert.equal(done(), 2)
})

test('an answer from while the clock was ahead is not repeated after the clock is right', async () => {
  const { work, done } = counting(['good', 'good'])
  const presses = new SubmitDeduplicator<string>((one) => one === 'good')
  for (const at of [NOW + days(1), NOW]) await presses.answer(FORM, at, work)
  assert.equal(done(), 2)
})

test('a form that did not succeed, or threw, is processed again', async () => {
  const { work, done } = counting(['bad', 'good'])
  const presses = new SubmitDeduplicator<string>((one) => one === 'good')
  assert.equal(await presses.answer(FORM, NOW, work), 'bad')
  assert.equal(await presses.answer(FORM, NOW, work), 'good')
  assert.equal(done(), 2)
  const broken = new SubmitDeduplicator<string>(() => true)
  await assert.rejects(broken.answer(FORM, NOW, () => Promise.reject(new Error('gone'))))
  assert.equal(await broken.answer(FORM, NOW, () => Promise.resolve('good')), 'good')
})

test('two forms are duplicates only if all their fields are equal', async () => {
  const { work, done } = counting(['good', 'good', 'good'])
  const presses = new SubmitDeduplicator<string>((one) => one === 'good')
  for (const one of [form('a', 'bc'), form('ab', 'c'), form('a', 'b', 'c')]) await presses.answer(one, NOW, work)
  assert.equal(done(), 3)
})

test('a form of another page, or without a page id, is processed again', async () => {
  const bodies = [
    { press: 'of this page' },
    { press: 'of another page' },
    ...[{}, { press: '' }, { press: ['of this page'] }, undefined, null].flatMap((body) => [body, body]),
  ]
  const { work, done } = counting(bodies.map(() => 'good'))
  const presses = new SubmitDeduplicator<string>((one) => one === 'good')
  for (const body of bodies) await presses.answer({ ...FORM, body }, NOW, work)
  assert.equal(done(), bodies.length)
})

test('a form that is repeated after another of the same browser succeeded is processed again', async () => {
  const { work, done } = counting(['good', 'good', 'bad', 'good'])
  const presses = new SubmitDeduplicator<string>((one) => one === 'good')
  const press = (browser: string, typed: string) => presses.answer(form(browser, typed), NOW, work)
  await press('cookie', 'there')
  await press('another cookie', 'back')
  await press('cookie', 'refused')
  await press('cookie', 'there')
  assert.equal(done(), 3)
  await press('cookie', 'back')
  await press('cookie', 'there')
  await press('another cookie', 'back')
  assert.equal(done(), 5)
})

test('of all successful forms only the latest thousand are remembered', async () => {
  const { work, done } = counting(Array.from({ length: 1100 }, () => 'good'))
  const presses = new SubmitDeduplicator<string>((one) => one === 'good')
  for (let at = 0; at < 1050; at++) await presses.answer(form(String(at)), NOW, work)
  await presses.answer(form('1049'), NOW, work)
  assert.equal(done(), 1050)
  await presses.answer(form('0'), NOW, work)
  assert.equal(done(), 1051)
})
