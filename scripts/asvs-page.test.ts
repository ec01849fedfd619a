// docs/asvs.md is honest: every requirement has an answer, and each test and page that answers one exists.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT } from '#test/support/documentation/markdown.ts'
import { testTitlesIn } from '#test/support/documentation/test-titles.ts'
import { evidence, leftOut, requirements } from './asvs-page.ts'

/** The section of a chapter of ASVS that asks for documents. */
const ASKS_FOR_DOCUMENT = /^V\d+\.1\.\d+$/
const SENTENCE = /^[A-Z“].{20,}\.$/

test('each requirement of levels 1 and 2 has one answer: tests or pages, a reason why it does not apply, or what is missing', () => {
  const rows = requirements()
  assert.equal(rows.length, 198)
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
  assert.ok(rows.every(({ level, requirement }) => /^[12]$/.test(level) && requirement !== ''))
  const answers = Map.groupBy(evidence(), ({ id }) => id)
  assert.deepEqual(
    [...answers.keys()],
    rows.map(({ id }) => id),
  )
  for (const [id, given] of answers) {
    const kinds = new Set(given.map(({ kind }) => kind))
    const shown = [...kinds].every((kind) => kind === 'test' || (kind === 'page' && ASKS_FOR_DOCUMENT.test(id)))
    assert.ok(shown || given.length === 1, `${id}: ${[...kinds].join(', ')}`)
    if (!shown) assert.ok(kinds.has('not-applicable') || kinds.has('open'), id)
  }
})

test('each reason why a requirement does not apply or is open is a sentence', () => {
  const reasons = evidence().filter(({ kind }) => kind === 'not-applicable' || kind === 'open')
  assert.ok(reasons.length > 20)
  const faulty = reasons.filter(({ text, location }) => !SENTENCE.test(text) || location !== '')
  assert.deepEqual(faulty, [])
})

test('each test that shows a requirement exists, under the title that is named', () => {
  const named = evidence().filter(({ kind }) => kind === 'test')
  assert.ok(named.length > 100)
  const titles = new Map([...new Set(named.map(({ location }) => location))].map((file) => [file, testTitlesIn(file)]))
  const gone = named.filter(({ location, text }) => !titles.get(location)?.has(text))
  assert.deepEqual(gone, [])
})

test('each page that answers a requirement exists', () => {
  const pages = evidence().filter(({ kind }) => kind === 'page')
  assert.ok(pages.length > 5)
  const gone = pages.filter(
    ({ location, text }) => !existsSync(join(ROOT, location.split('#')[0] ?? '')) || text === '',
  )
  assert.deepEqual(gone, [])
})

test('no requirement is both left out and answered', () => {
  const answered = new Set(requirements().map(({ id }) => id))
  const rows = leftOut()
  assert.equal(rows.length, 55)
  const faulty = rows.filter(({ id, level, reason }) => answered.has(id) || !/^[12]$/.test(level) || reason === '')
  assert.deepEqual(faulty, [])
})
